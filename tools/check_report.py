#!/usr/bin/env python3
"""Opens a report.html in a real browser and tries what a reader would: python3 tools/check_report.py report.html [--screenshots DIR]

Of every scatter plot: the pointer over a molecule names it and rings it in each panel; a click on a class's button hides its marks, the
space bar on the same button brings them back; "none" and "all" do what they say. Of the page: no request, no console error.
Needs chromium (apt-get install chromium fonts-dejavu-core) and nothing else: it is driven over its debugging pipe. Not run in CI.
"""
import argparse
import base64
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile


class Browser:
    """Chromium without a window. Commands go in by one pipe, answers and events come back by another, each JSON ended by a zero byte."""

    def __init__(self, program, profile):
        # Chromium reads from descriptor 3 and writes to 4; ours must not be in the way of these.
        (read_here, write_there), (read_there, write_here) = ([fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in os.pipe()] for _ in range(2))
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,1000",
             "--remote-debugging-pipe", f"--user-data-dir={profile}"],
            preexec_fn=lambda: (os.dup2(read_there, 3), os.dup2(write_there, 4)), pass_fds=(3, 4), stderr=subprocess.DEVNULL)
        os.close(read_there)
        os.close(write_there)
        self.incoming, self.outgoing = os.fdopen(read_here, "rb"), os.fdopen(write_here, "wb")
        self.pending, self.session, self.last, self.events = b"", None, 0, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters} | ({"sessionId": self.session} if self.session else {})
        self.outgoing.write(json.dumps(message).encode() + b"\0")
        self.outgoing.flush()
        while (answer := self.receive()).get("id") != self.last:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def receive(self):
        while b"\0" not in self.pending:
            some = self.incoming.read1(1 << 20)
            if not some:
                raise RuntimeError("the browser has gone")
            self.pending += some
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, expression):
        """What a JavaScript expression gives, once it is settled."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def mouse(self, kind, x, y):
        button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def click(self, element):
        """A click in the middle of an element, given as a JavaScript expression."""
        place = self.evaluate(f"(() => {{ const e = {element}; e.scrollIntoView({{block: 'center'}}); const b = e.getBoundingClientRect(); "
                              "return [b.x + b.width / 2, b.y + b.height / 2]; })()")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.mouse(kind, *place)

    def press_space(self, element):
        self.evaluate(f"{element}.focus()")
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=" ", code="Space", text=" ", windowsVirtualKeyCode=32)


class Plot:
    """One scatter plot of the page."""

    def __init__(self, browser, number):
        self.browser, self.element = browser, f"document.querySelectorAll('.scatter')[{number}]"
        self.data = json.loads(browser.evaluate(f"{self.element}.querySelector('script').textContent"))
        self.groups = browser.evaluate(f"[...{self.element}.querySelectorAll('button[data-group]')].map(b => b.dataset.group)")

    def shown(self, group=None):
        """Visible marks of each panel: as many as molecules when everything is on."""
        which = "" if group is None else f'[data-group="{group}"]'
        return [self.browser.evaluate(f"{self.element}.querySelectorAll('g.marks[data-panel=\"{p}\"]{which} > :not([display=\"none\"])').length")
                for p in range(len(self.data["panels"]))]

    def only(self, group):
        """Molecules that have no other label than this."""
        return self.browser.evaluate(
            "(marks => { const other = new Set(marks.filter(m => m.parentElement.dataset.group !== '" + group + "').map(m => m.dataset.point));"
            "return new Set(marks.map(m => m.dataset.point).filter(point => !other.has(point))).size; })"
            f"([...{self.element}.querySelectorAll('g.marks[data-panel=\"0\"] > *')])")

    def button(self, group):
        return f"{self.element}.querySelector('button[data-group=\"{group}\"]')"

    def every(self, what):
        self.browser.click(f"{self.element}.querySelector('button[data-every=\"{what}\"]')")

    def hover(self, panel, molecule):
        """What the tip says over a molecule of a panel, and where the rings stand; None for what is hidden."""
        place = self.browser.evaluate(
            f"(() => {{ const svg = {self.element}.querySelector('svg'); svg.scrollIntoView({{block: 'center'}}); "
            f"const p = new DOMPoint({self.data['panels'][panel]['x'][molecule]}, {self.data['panels'][panel]['y'][molecule]})"
            ".matrixTransform(svg.getScreenCTM()); return [p.x, p.y]; })()")
        self.browser.mouse("mouseMoved", *place)
        tip = self.browser.evaluate(f"(t => t.hidden ? null : [...t.children].map(line => line.textContent))({self.element}.querySelector('.tip'))")
        rings = self.browser.evaluate(
            f"[...{self.element}.querySelectorAll('.ring')].map(r => r.getAttribute('display') === 'none' ? null : [+r.getAttribute('cx'), +r.getAttribute('cy')])")
        return tip, rings


def check_plot(plot, say):
    count, panels = len(plot.data["names"]), plot.data["panels"]
    say(plot.shown() == [count] * len(panels), f"{count} molecules, a mark for each in each of {len(panels)} panels")

    def at(molecule):
        return [[panel["x"][molecule], panel["y"][molecule]] for panel in panels]

    named = 0
    tried = sorted({(count - 1) * k // 9 for k in range(10)}) if count else []
    for panel in range(len(panels)):
        for molecule in tried:
            tip, rings = plot.hover(panel, molecule)
            # Another may stand closer to the pointer than a tenth of a pixel tells.
            same = [i for i in range(count) if at(i) == rings] if tip else []
            texts = [{plot.data["names"][i], plot.data["smiles"][i], ", ".join(plot.data["classes"][k] for k in plot.data["labels"][i])} for i in same]
            named += any(own - {""} <= set(tip) for own in texts) and at(molecule)[panel] == rings[panel]
    say(named == len(tried) * len(panels), f"the pointer names and rings {named} of {len(tried) * len(panels)} molecules tried")
    plot.browser.mouse("mouseMoved", 1, 1)
    say(plot.browser.evaluate(f"{plot.element}.querySelector('.tip').hidden"), "away from the plot the tip is gone")

    if not plot.groups or count == 0:
        return
    before = {group: plot.shown(group) for group in plot.groups}
    for group in sorted({plot.groups[0], plot.groups[len(plot.groups) // 2], plot.groups[-1]}, key=int):
        plot.browser.click(plot.button(group))
        left = count - plot.only(group)
        say(plot.shown(group) == [0] * len(panels) and plot.shown() == [left] * len(panels),
            f"a click hides the {before[group][0]} marks of group {group}; {left} of {count} molecules have other labels and are left")
        plot.browser.press_space(plot.button(group))
        say({g: plot.shown(g) for g in plot.groups} == before, "the space bar brings them back")
    plot.every("off")
    say(plot.shown() == [0] * len(panels), "none: every mark is hidden")
    say(plot.hover(0, 0)[0] is None, "what is hidden is not named")
    plot.every("on")
    say(plot.shown() == [count] * len(panels), "all: every molecule is back")


def main():
    parser = argparse.ArgumentParser(description="Tries a report.html in a real browser.")
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path, help="a folder for a picture of each plot with a molecule named")
    parser.add_argument("--chromium", default="chromium", help="the program (chromium)")
    options = parser.parse_args()
    failures = []

    def say(holds, what):
        print(f"{'ok' if holds else 'FAILED':6} {what}")
        if not holds:
            failures.append(what)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(options.chromium, profile)
        try:
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(f"{domain}.enable")
            page = options.report.resolve().as_uri()
            browser.call("Page.navigate", url=page)
            browser.evaluate("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', () => done()))")
            plots = browser.evaluate("document.querySelectorAll('.scatter').length")
            say(browser.evaluate("location.href") == page, f"{options.report}: {plots} scatter plots, {browser.evaluate('document.images.length')} images")
            for number in range(plots):
                print(f"plot {number + 1}")
                plot = Plot(browser, number)
                check_plot(plot, say)
                if options.screenshots:
                    options.screenshots.mkdir(parents=True, exist_ok=True)
                    plot.hover(0, 0)
                    picture = browser.call("Page.captureScreenshot", format="png")["data"]
                    (options.screenshots / f"plot{number + 1}.png").write_bytes(base64.b64decode(picture))
            events = [(event.get("method"), event.get("params", {})) for event in browser.events]
            requests = [params["request"]["url"] for method, params in events if method == "Network.requestWillBeSent"]
            say(set(requests) == {page}, f"requests beside the page itself: {sorted(set(requests) - {page}) or 'none'}")
            errors = [json.dumps(params) for method, params in events
                      if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")]
            say(not errors, f"console messages: {errors or 'none'}")
        finally:
            browser.process.terminate()
            browser.process.wait()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
