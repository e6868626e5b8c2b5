using System.Text.RegularExpressions;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Tests.Analysis;

public sealed class RunReportTests
{
    private const string Hostile = "<img src=\"http://example.org/x.png\" onerror='alert(1)'> & more";
    private const string Escaped = "&lt;img src=&quot;http://example.org/x.png&quot; onerror=&#39;alert(1)&#39;&gt; &amp; more";

    private static RunReportContent Content => new()
    {
        Title = Hostile,
        Summary = Hostile,
        Warnings = [Hostile],
        Scores =
        [
            new("validation", 12, [new("accuracy", 0.75, null), new("macro_f1", 0.5, null), new("roc_auc", null, Hostile)]),
            new(Hostile, 12345, [new("accuracy", 1.0 / 3, null), new("rmse", 123456.789, null)]),
        ],
        Figures = [new("hostile.svg", Hostile, BarChart.Draw(Hostile, Hostile, Hostile, [new(Hostile, 0.5, 3)]), Hostile)],
        Tables = [new(Hostile, Hostile, ["row", Hostile], [["17", Hostile], ["4", "CC(=O)O"]])],
        Facts = [new(Hostile, [(Hostile, Hostile)])],
    };

    [Fact]
    public void Render_LoadsNothing_AndRunsNothing()
    {
        string html = RunReport.Render(Content);
        // What text holds is escaped; the tags that are left must name nothing to fetch and hold no script.
        string[] tags = [.. Regex.Matches(html, "<[^>]*>").Select(match => match.Value)];
        Assert.DoesNotContain(tags, tag => Regex.IsMatch(tag, @"^<(script|img|link|iframe|object|embed|use|image)\b|\s(src|href|xlink:href|on\w+)\s*="));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.All(tags.Where(tag => tag.Contains("http", StringComparison.Ordinal) && !tag.StartsWith("<meta", StringComparison.Ordinal)),
            tag => Assert.StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"", tag, StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EscapesEveryText()
    {
        string html = RunReport.Render(Content);
        Assert.DoesNotContain(Hostile, html, StringComparison.Ordinal);
        int picture = html.IndexOf("<svg", StringComparison.Ordinal), after = html.IndexOf("</svg>", StringComparison.Ordinal);
        int outsideThePicture = Regex.Count(html[..picture] + html[after..], Regex.Escape(Escaped));
        // Title and h1, summary, warning, column, reason; figure: heading, caption; table: heading, caption, column, cell; facts: all three.
        Assert.Equal(2 + 1 + 1 + 1 + 1 + 2 + 4 + 3, outsideThePicture);
    }

    [Fact]
    public void Render_ShowsEachMetricOnce_WithItsValueOrReason()
    {
        string html = RunReport.Render(Content);
        Assert.Contains("<tr><th>accuracy</th><td class=\"number\">0.7500</td><td class=\"number\">0.3333</td></tr>", html, StringComparison.Ordinal);
        Assert.Contains("<tr><th>macro F1</th><td class=\"number\">0.5000</td><td class=\"reason\"></td></tr>", html, StringComparison.Ordinal);
        Assert.Contains($"<tr><th>ROC-AUC</th><td class=\"reason\">undefined: {Escaped}</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">123457</td>", html, StringComparison.Ordinal);
        Assert.Contains("12,345 rows", html, StringComparison.Ordinal);
        Assert.Contains("<tr><td class=\"number\">4</td><td>CC(=O)O</td></tr>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_GivesTheSameBytesAgain() => Assert.Equal(RunReport.Render(Content), RunReport.Render(Content));

    [Fact]
    public void Render_OfLittle_LeavesOutWhatIsNotThere()
    {
        string html = RunReport.Render(new RunReportContent { Title = "a run", Summary = "nothing yet" });
        Assert.DoesNotContain("<table", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"warnings\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2", html, StringComparison.Ordinal);
    }
}
