"use strict";
// Makes every scatter plot of the page explorable. Each is a div.scatter that holds the drawn picture, buttons for its classes and
// parts, an empty tip, and the molecules as JSON: see InteractiveScatter.cs, which writes them.

for (const figure of document.querySelectorAll(".scatter")) explore(figure);

function explore(figure) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const svg = figure.querySelector("svg");
  const tip = figure.querySelector(".tip");
  const buttons = [...figure.querySelectorAll("button[aria-pressed]")];
  const marks = marksOf(svg, data);
  const rings = data.panels.map(() => addRing(svg));
  const shown = data.names.map(() => true);

  for (const button of figure.querySelectorAll("button")) button.addEventListener("click", () => { press(button, buttons); show(); });
  svg.addEventListener("pointermove", point);
  svg.addEventListener("pointerdown", point);       // a finger moves only when it is down
  svg.addEventListener("pointerleave", () => mark(-1));

  // A molecule is drawn as the rarest of its labels that are switched on.
  function show() {
    const isOff = button => button.getAttribute("aria-pressed") === "false";
    const off = new Set(buttons.filter(isOff).map(button => button.dataset.group ?? button.dataset.part));
    for (const panel of marks) {
      panel.forEach((own, i) => {
        const best = own.find(({ group, part }) => !off.has(group) && !off.has(part));
        for (const one of own) one === best ? one.element.removeAttribute("display") : one.element.setAttribute("display", "none");
        shown[i] = best !== undefined;
      });
    }
    mark(-1);
  }

  function point(event) {
    const matrix = svg.getScreenCTM();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    mark(nearest(data.panels, shown, at, 12 / matrix.a), event);
  }

  // Names a molecule and rings it in every panel; -1 for none.
  function mark(i, event) {
    tip.hidden = i < 0;
    rings.forEach((ring, p) => {
      ring.setAttribute("display", i < 0 ? "none" : "inline");
      if (i < 0) return;
      ring.setAttribute("cx", data.panels[p].x[i]);
      ring.setAttribute("cy", data.panels[p].y[i]);
    });
    if (i < 0) return;
    tip.replaceChildren(...linesOf(data, i));
    place(tip, figure, event, rings);
  }
}

// By panel and molecule: its marks, the rarest label first. They are drawn from the commonest label to the rarest.
function marksOf(svg, data) {
  const marks = data.panels.map(() => data.names.map(() => []));
  for (const group of svg.querySelectorAll("g.marks"))
    for (const element of group.children)
      marks[group.dataset.panel][element.dataset.point].unshift({ element, group: group.dataset.group, part: group.dataset.part });
  return marks;
}

function press(button, buttons) {
  const every = button.dataset.every;
  if (every === undefined) button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
  else for (const one of buttons) if (one.dataset.group !== undefined) one.setAttribute("aria-pressed", every === "on");
}

// The shown molecule closest to a place of the picture, not farther than reach; -1 if there is none.
function nearest(panels, shown, at, reach) {
  const panel = panels.find(({ left, right }) => at.x >= left - reach && at.x <= right + reach);
  let found = -1, least = reach * reach;
  for (let i = 0; panel !== undefined && i < shown.length; i++) {
    const dx = panel.x[i] - at.x, dy = panel.y[i] - at.y;
    if (shown[i] && dx * dx + dy * dy < least) {
      found = i;
      least = dx * dx + dy * dy;
    }
  }
  return found;
}

function linesOf(data, i) {
  const labels = data.labels[i].map(label => data.classes[label]).join(", ");
  const value = data.values && `${data.valueLabel}: ${data.values[i] ?? "unknown"}`;
  const lines = [["name", data.names[i]], ["smiles", data.smiles[i]], ["labels", labels], ["value", value], ["part", data.parts?.[i]]];
  return lines.filter(([, text]) => text).map(([name, text]) => {
    const line = document.createElement("div");
    line.className = name;
    line.textContent = text;
    return line;
  });
}

// Beside the pointer, where the tip hides no ring if there is such a side.
function place(tip, figure, event, rings) {
  const frame = figure.getBoundingClientRect(), gap = 14;
  const x = event.clientX - frame.left, y = event.clientY - frame.top;
  const left = Math.max(0, x - gap - tip.offsetWidth), right = Math.max(0, Math.min(x + gap, frame.width - tip.offsetWidth));
  const sides = [[right, y + gap], [left, y + gap], [right, y - gap - tip.offsetHeight], [left, y - gap - tip.offsetHeight]];
  const hides = ([left, top]) => rings.some(ring => {
    const box = ring.getBoundingClientRect();
    return box.right - frame.left > left && box.left - frame.left < left + tip.offsetWidth
      && box.bottom - frame.top > top && box.top - frame.top < top + tip.offsetHeight;
  });
  const [best, top] = sides.find(side => !hides(side)) ?? sides[0];
  tip.style.left = `${best}px`;
  tip.style.top = `${top}px`;
}

function addRing(svg) {
  const ring = document.createElementNS(svg.namespaceURI, "circle");
  for (const [name, value] of Object.entries({ class: "ring", r: 7, fill: "none", stroke: "#1a1a1a", "stroke-width": 2, display: "none" }))
    ring.setAttribute(name, value);
  return svg.appendChild(ring);
}
