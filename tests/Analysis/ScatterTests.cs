using System.Globalization;
using System.Xml.Linq;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Tests.Analysis;

/// <summary>Scatter plots: a mark a molecule, in its class's colour, where it belongs; a legend that counts right.</summary>
public sealed class ScatterTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Molecules at (0,0), (1,1), ... of the first panel and (0,0), (-1,1), ... of the second.
    private static ScatterContent Content(IReadOnlyList<string> classes, params ScatterPoint[] points) => new()
    {
        Title = "flavors",
        Legend = "flavor",
        Classes = classes,
        Points = points,
        Panels =
        [
            ScatterPanel.OfComponents("before", [.. points.Select((_, i) => new ChartPoint(i, i))], 0.3256, 0.1),
            ScatterPanel.OfComponents("after", [.. points.Select((_, i) => new ChartPoint(-i, i))], 0.2, 0),
        ],
    };

    private static XElement Draw(ScatterContent content) => XDocument.Parse(ScatterChart.Draw(content)).Root!;

    private static XElement[] Groups(XElement svg, int panel = 0) =>
        [.. svg.Elements(Svg + "g").Where(g => (string?)g.Attribute("class") == "marks" && (int)g.Attribute("data-panel")! == panel)];

    private static int[] Points(XElement group) => [.. group.Elements().Select(mark => (int)mark.Attribute("data-point")!)];

    private static string[] Texts(XElement svg) => [.. svg.Elements(Svg + "text").Select(text => string.Concat(text.Nodes().OfType<XText>().Select(t => t.Value)))];

    [Fact]
    public void Draw_PlacesEachMoleculeOnceInEachPanel()
    {
        XElement svg = Draw(Content(["a", "b", "c"], [.. Enumerable.Range(0, 50).Select(i => new ScatterPoint([i % 3], i % 2 == 0))]));
        for (int panel = 0; panel < 2; panel++)
        {
            Assert.Equal(Enumerable.Range(0, 50), Groups(svg, panel).SelectMany(Points).Order());
            XElement[] circles = [.. Groups(svg, panel).Elements(Svg + "circle").OrderBy(mark => (int)mark.Attribute("data-point")!)];
            double[] x = [.. circles.Select(mark => (double)mark.Attribute("cx")!)], y = [.. circles.Select(mark => (double)mark.Attribute("cy")!)];
            // Even steps: to the right in the first panel, to the left in the second, upward in both.
            Assert.All(Enumerable.Range(1, 49), i => Assert.Equal((x[49] - x[0]) / 49, x[i] - x[i - 1], 0.011));
            Assert.All(Enumerable.Range(1, 49), i => Assert.Equal((y[49] - y[0]) / 49, y[i] - y[i - 1], 0.011));
            Assert.Equal(panel == 0, x[49] > x[0]);
            Assert.True(y[49] < y[0]);
        }
        Assert.Subset(Texts(svg).ToHashSet(), new HashSet<string> { "PC 1 (32.6 %)", "PC 2 (10.0 %)", "PC 1 (20.0 %)", "PC 2 (0.0 %)", "before", "after" });
    }

    [Fact]
    public void Draw_PutsHeldOutOverTraining_AndRareOverCommon()
    {
        ScatterPoint[] points = [new([1]), new([0]), new([1]), new([2], HeldOut: false), new([1], HeldOut: false), new([2]), new([2]), new([1])];
        XElement[] groups = Groups(Draw(Content(["rare", "common", "between"], points)));
        Assert.Equal(["training", "training", "held-out", "held-out", "held-out"], groups.Select(g => g.Attribute("data-part")!.Value));
        Assert.Equal([[4], [3], [0, 2, 7], [5, 6], [1]], groups.Select(Points));
        Assert.Equal(["none", "none", Palette.Category(0), Palette.Category(1), Palette.Category(2)], groups.Select(g => g.Attribute("fill")!.Value));
        Assert.Equal([Palette.Category(0), Palette.Category(1)], groups[..2].Select(g => g.Attribute("stroke")!.Value));
    }

    [Fact]
    public void Legend_CountsEachClass_FromTheCommonestDown()
    {
        ScatterPoint[] points = [new([1]), new([0, 1]), new([1, 2]), new([2], HeldOut: false), new([1], HeldOut: false), new([])];
        string[] texts = Texts(Draw(Content(["sweet", "bitter", "nutty", "of none"], points)));
        int from = Array.IndexOf(texts, "flavor");
        Assert.Equal(["flavor", "bitter", "nutty", "sweet", "no label"], texts[from..(from + 5)]);
        // Columns from the right: training, then held-out.
        Assert.Equal(["training", "1", "1", "0", "0", "held-out", "3", "1", "1", "1"], texts[(from + 5)..(from + 15)]);
        Assert.DoesNotContain("of none", texts);
        Assert.Contains("2 of 6 molecules have several", string.Join(' ', texts), StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_ShowsAMoleculeOfSeveralLabels_AsItsRarest()
    {
        ScatterPoint[] points = [new([0]), new([0, 1, 2]), new([2, 0]), new([0])];
        Assert.Equal([[0, 3], [2], [1]], Groups(Draw(Content(["a", "b", "c"], points))).Select(Points));
    }

    [Fact]
    public void Draw_OfManyClasses_ColoursTwenty_AndGreysTheRest()
    {
        // Class k has 30 - k molecules.
        ScatterPoint[] points = [.. Enumerable.Range(0, 22).SelectMany(k => Enumerable.Repeat(new ScatterPoint([k]), 30 - k))];
        XElement svg = Draw(Content([.. Enumerable.Range(0, 22).Select(k => $"class {k}")], points));
        XElement[] groups = Groups(svg);
        Assert.Equal(21, groups.Length);
        Assert.Equal(Palette.OtherGrey, groups[0].Attribute("fill")!.Value);
        Assert.Equal(10 + 9, groups[0].Elements().Count());
        Assert.Contains("2 rarer classes", Texts(svg));
        // A class's look is colour and shape: circles, or paths that go down and to the right (triangle) or straight (square).
        string[] shapes = [.. groups[1..].Select(g => g.Elements().First().Attribute("d")?.Value).Select(d => d is null ? "o" : d.Contains('v') ? "v" : "l")];
        Assert.Equal(20, groups[1..].Select((g, i) => g.Attribute("fill")!.Value + shapes[i]).Distinct().Count());
    }

    [Fact]
    public void Draw_ColoursByValue_BesideABar()
    {
        ScatterPoint[] points = [new([], Value: 2), new([], Value: double.NaN), new([], Value: -3), new([], Value: 7)];
        XElement svg = Draw(Content([], points) with { ValueLabel = "log P" });
        string[] colours = new string[points.Length];
        foreach (XElement group in Groups(svg))
            foreach (int point in Points(group)) colours[point] = group.Attribute("fill")!.Value;
        Assert.Equal([Palette.Value(0.5), Palette.UnlabelledGrey, Palette.Value(0), Palette.Value(1)], colours);
        Assert.Equal([1], Points(Groups(svg)[0]));
        string[] texts = Texts(svg);
        Assert.Equal(["log P", "−2", "0", "2", "4", "6", "Grey: 1 without a value."], texts[Array.IndexOf(texts, "log P")..]);
    }

    [Fact]
    public void Draw_ShortensLongNames_AndKeepsTheWholeInATitle()
    {
        string name = string.Join(" & ", Enumerable.Repeat("<nucleosides>", 9));
        XElement svg = Draw(Content([name], new ScatterPoint([0])));
        XElement text = svg.Elements(Svg + "text").Single(text => text.Element(Svg + "title")?.Value == name);
        Assert.EndsWith("…", text.Nodes().OfType<XText>().Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_RefusesAMoleculeThatStandsNowhere()
    {
        ScatterContent content = Content(["a"], new ScatterPoint([0]), new ScatterPoint([0]));
        ScatterPanel broken = content.Panels[0] with { Positions = [new ChartPoint(0, 0), new ChartPoint(double.NaN, 1)] };
        InputException refused = Assert.Throws<InputException>(() => ScatterChart.Draw(content with { Panels = [broken] }));
        Assert.Contains("molecule 2 ", refused.Message, StringComparison.Ordinal);
        ScatterPanel shorter = content.Panels[0] with { Positions = [new ChartPoint(0, 0)] };
        Assert.Throws<ArgumentException>(() => ScatterChart.Draw(content with { Panels = [shorter] }));
    }

    [Fact]
    public void Draw_IsTheSameInEveryCulture()
    {
        ScatterContent content = Content(["a"], new ScatterPoint([0], Value: 0.25), new ScatterPoint([0], Value: 1.5));
        string expected = ScatterChart.Draw(content) + ScatterChart.Draw(content with { ValueLabel = "v" });
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, ScatterChart.Draw(content) + ScatterChart.Draw(content with { ValueLabel = "v" }));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
