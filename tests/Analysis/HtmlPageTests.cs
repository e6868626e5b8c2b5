using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Tests.Analysis;

/// <summary>The page of reports, above all its scatter plots: tools/check_report.py tries the same in a browser.</summary>
public sealed class HtmlPageTests
{
    private const string Hostile = "</script><script>alert(1)</script><!-- & 'C=O' \ud83e\uddea \ud800";

    private static readonly ScatterContent Scatter = new()
    {
        Title = Hostile,
        Legend = Hostile,
        Classes = ["sweet", Hostile, "bitter"],
        Points = [new([0, 1], true, Hostile, "C#N"), new([1], false, "b", Hostile), new([], true, "c", "C=C"), new([0], true, "d", "CC")],
        Panels = [ScatterPanel.OfComponents("before", Positions(1), 0.3, 0.2), ScatterPanel.OfComponents("after", Positions(-1), 0.4, 0.1)],
    };

    private static ChartPoint[] Positions(int sign) => [new(0, 0), new(sign * 4, 1), new(sign, 2), new(sign, 3)];

    private static string Page(params ScatterContent[] scatters)
    {
        HtmlPage page = new("a study");
        page.AddContents();
        foreach (ScatterContent scatter in scatters)
        {
            page.AddHeading("flavor & co");
            page.AddHeading("split by molecule", 3);
            page.AddHeading("in detail", 4);
            page.AddScatter(scatter);
        }
        return page.ToString();
    }

    private static string[] Matches(string text, string pattern) => [.. Regex.Matches(text, pattern, RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

    [Fact]
    public void AddScatter_RunsOneScriptOnly_AndThePolicyNamesIt()
    {
        string html = Page(Scatter, Scatter);
        Assert.Equal(2, Matches(html, "(<script type=\"application/json\">)").Length);
        Assert.Equal(3, Regex.Count(html, "</script", RegexOptions.IgnoreCase));
        string script = Assert.Single(Matches(html, "<script>(.*?)</script>"));
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_LoadsNothing()
    {
        string html = Page(Scatter, Scatter with { ValueLabel = "log P" });
        Assert.All(Matches(html, @"((?:https?:)?//\S+)").Where(url => url.StartsWith("http", StringComparison.Ordinal)),
            url => Assert.Equal("http://www.w3.org/2000/svg\"", url));
        Assert.All(Matches(html, @"\shref=""([^""]*)"""), link => Assert.StartsWith("#section-", link, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\ssrc\s*=|url\(|@import|fetch\(|XMLHttpRequest|import\(", html);
    }

    [Fact]
    public void AddScatter_HoldsEveryMolecule()
    {
        string html = Page(Scatter);
        using JsonDocument data = JsonDocument.Parse(Assert.Single(Matches(html, "<script type=\"application/json\">(.*?)</script>")));
        const string readable = "</script><script>alert(1)</script><!-- & 'C=O' \ud83e\uddea \ufffd";
        Assert.Equal([readable, "b", "c", "d"], Strings("names"));
        Assert.Equal(["C#N", readable, "C=C", "CC"], Strings("smiles"));
        Assert.Equal(["sweet", readable, "bitter"], Strings("classes"));
        Assert.Equal(["held-out", "training", "held-out", "held-out"], Strings("parts"));
        Assert.Equal("[[0,1],[1],[],[0]]", data.RootElement.GetProperty("labels").GetRawText());

        // The data's pixels are where the picture's marks stand; a molecule has a mark for each label, and all but one are hidden.
        XElement svg = XDocument.Parse(Assert.Single(Matches(html, "(<svg xmlns.*?</svg>\n)"))).Root!;
        for (int panel = 0; panel < 2; panel++)
        {
            double[] x = [.. data.RootElement.GetProperty("panels")[panel].GetProperty("x").EnumerateArray().Select(value => value.GetDouble())];
            XElement[] marks = [.. svg.Elements().Where(group => (string?)group.Attribute("data-panel") == $"{panel}").Elements()];
            Assert.Equal(5, marks.Length);
            Assert.Equal([0, 1, 2, 3], marks.Where(mark => mark.Attribute("display") is null).Select(mark => (int)mark.Attribute("data-point")!).Order());
            Assert.All(marks, mark => Assert.Equal(x[(int)mark.Attribute("data-point")!], (double)mark.Attribute("cx")!, 0.06));
        }

        string[] Strings(string name) => [.. data.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];
    }

    [Fact]
    public void AddScatter_HasAButtonForEachClassAndPart()
    {
        string[] buttons = Matches(Page(Scatter), "<button type=\"button\" (.*?)</button>");
        Assert.Equal(3 + 2 + 2, buttons.Length);
        Assert.All(buttons[..3], button => Assert.Contains("aria-pressed=\"true\" data-group=", button, StringComparison.Ordinal));
        Assert.Equal(["2 + 0", "1 + 1", "1 + 0", "3", "1"], buttons.SelectMany(button => Matches(button, "class=\"count\">(.*?)</span>")));
    }

    [Fact]
    public void AddScatter_OfValues_KeepsTheColourBar()
    {
        ScatterPoint[] points = [.. Scatter.Points.Select((point, i) => point with { Value = i == 1 ? double.NaN : i / 3.0 })];
        string html = Page(Scatter with { ValueLabel = "log P", Points = points });
        Assert.Contains(">log P</text>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-group=\"0\" title", html, StringComparison.Ordinal);
        Assert.Contains("\"valueLabel\":\"log P\",\"values\":[\"0\",null,\"0.666667\",\"1\"]", html, StringComparison.Ordinal);
    }

    [Fact]
    public void AddContents_LinksToEverySection()
    {
        string html = Page(Scatter, Scatter);
        Assert.Equal(["section-1", "section-2", "section-4", "section-5"], Matches(html, "<a href=\"#(.*?)\""));
        Assert.Equal(["section-1", "section-2", "section-3", "section-4", "section-5", "section-6"], Matches(html, @"<h\d id=""(.*?)"""));
        Assert.True(html.IndexOf("<nav", StringComparison.Ordinal) < html.IndexOf("<h2", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_GivesTheSameBytesAgain() => Assert.Equal(Page(Scatter, Scatter), Page(Scatter, Scatter));
}
