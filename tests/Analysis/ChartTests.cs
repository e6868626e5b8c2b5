using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Tests.Analysis;

/// <summary>Every chart: well-formed, nothing outside its plot or off the page, text escaped, the same bytes each time.</summary>
public sealed class ChartTests
{
    private const string Hostile = "<script>alert(\"1\")</script> & 'C=O'\u0001 \ud83e\uddea \ud800";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Each is drawn anew by every call.
    private static readonly Dictionary<string, Func<string>> Charts = new()
    {
        ["curves, 6 steps an epoch"] = () => Curves(stepsPerEpoch: 6, epochs: 5),
        ["curves, 1500 steps an epoch"] = () => Curves(stepsPerEpoch: 1500, epochs: 3),
        ["curves, one epoch"] = () => Curves(stepsPerEpoch: 40, epochs: 1),
        ["curves, 60 epochs"] = () => Curves(stepsPerEpoch: 3, epochs: 60),
        ["curves, nothing measured"] = () => new LearningCurves { TrainLoss = [], StepsPerEpoch = 3, MetricName = "MCC", Evaluations = [] }.Draw(),
        ["curves, a constant loss, a gap, undefined metrics"] = () => new LearningCurves
        {
            TrainLoss = [2, 2, float.NaN, 2],
            StepsPerEpoch = 2,
            MetricName = Hostile,
            Evaluations = [new(1, null, null), new(2, 2, null)],
            BestEpoch = 2,
        }.Draw(),
        ["confusion, 2 classes"] = () => Confusion(2, 800),
        ["confusion, 7 classes"] = () => Confusion(7, 700),
        ["confusion, 20 classes"] = () => Confusion(20, 2000),
        ["confusion, 60 classes"] = () => Confusion(60, 2000),
        ["confusion, no rows"] = () => Confusion(3, 0),
        ["bars"] = () => BarChart.Draw(
            Hostile, "F1", "rows", [new("a", 0.25, 12), new(Hostile, null, 3), new(LongName(3), 1, 123456), new("", 0, 0)], (0.5, "macro average")),
        ["no bars"] = () => BarChart.Draw("nothing", "F1", "rows", []),
        ["bars, several seeds"] = () => BarChart.Draw(
            "F1", "F1", "rows", [new("a", 0.5, 12, [0.4, 0.6]), new(LongName(3), null, 3, [double.NaN])], (0.5, "chance")),
        ["seeds"] = () => Seeds,
        ["seeds, none"] = () => SeedChart.Draw("", Hostile, [Hostile, LongName(3)], [new(Hostile, [[], [double.NaN]])]),
        ["scatter, 1 class"] = () => Scatter(1, 250, panels: 1),
        ["scatter, 7 classes"] = () => Scatter(7, 800, panels: 2),
        ["scatter, 30 classes"] = () => Scatter(30, 3000, panels: 2),
        ["scatter, one molecule"] = () => Scatter(1, 1, panels: 1),
        ["scatter, no molecules"] = () => Scatter(3, 0, panels: 2),
        ["scatter, values"] = () => Scatter(3, 200, panels: 2, valueLabel: LongName(3)),
        ["scatter, values, none known"] = () => Scatter(3, 0, panels: 1, valueLabel: Hostile),
        ["parity"] = () => Parity(200),
        ["parity, more than shown"] = () => Parity(12345),
        ["parity, one row"] = () => Parity(1),
        ["parity, no rows"] = () => ParityChart.Draw("none", Hostile, [float.NaN], [1f]),
    };

    public static TheoryData<string> Names => [.. Charts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_KeepsTheDataInThePlot_AndTheTextOnThePage(string name)
    {
        XElement svg = XDocument.Parse(Charts[name]()).Root!;
        Assert.Equal(Svg + "svg", svg.Name);
        Box page = new(0, 0, Value(svg, "width"), Value(svg, "height"));
        Box[] plots = [.. svg.Elements(Svg + "rect").Where(rect => (string?)rect.Attribute("class") == "plot").Select(BoxOf)];
        Assert.NotEmpty(plots);
        Assert.All(plots, plot => AssertWithin(page, plot));

        foreach (XElement mark in svg.Elements(Svg + "rect").Where(rect => (string?)rect.Attribute("class") is "cell" or "bar"))
            AssertWithin(plots.Single(), BoxOf(mark));
        foreach (XElement line in svg.Elements(Svg + "polyline").Where(line => line.Attribute("stroke")!.Value != Palette.Muted))
            foreach (string point in line.Attribute("points")!.Value.Split(' '))
            {
                double[] at = [.. point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
                Assert.Contains(plots, plot => IsWithin(plot, new Box(at[0], at[1], 0, 0)));
            }
        // Legends hold sample dots of their own; data's dots are the ones below the first plot's top.
        foreach (XElement dot in svg.Elements(Svg + "circle").Where(dot => Value(dot, "cy") >= plots[0].Y - 3))
            Assert.Contains(plots, plot => IsWithin(plot, new Box(Value(dot, "cx"), Value(dot, "cy"), 0, 0)));
        foreach (XElement text in svg.Elements(Svg + "text")) AssertWithin(page, Extent(text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_GivesTheSameBytesAgain(string name) => Assert.Equal(Charts[name](), Charts[name]());

    [Fact]
    public void Draw_EscapesText()
    {
        XElement svg = XDocument.Parse(Charts["bars"]()).Root!;
        const string readable = "<script>alert(\"1\")</script> & 'C=O'\ufffd \ud83e\uddea \ufffd";
        Assert.Equal(readable, svg.Element(Svg + "title")!.Value);
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.Contains(svg.Elements(Svg + "text"), text => text.Value.EndsWith('…') && text.Value.Contains(LongName(3), StringComparison.Ordinal));
    }

    [Fact]
    public void ConfusionMatrix_ShowsCountsAndSharesOfTheRow()
    {
        ConfusionMatrix matrix = new([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1], 2);
        XElement svg = XDocument.Parse(ConfusionMatrixChart.Draw("t", matrix, ["no", "yes"])).Root!;
        XElement[] cells = [.. svg.Elements(Svg + "rect").Where(rect => (string?)rect.Attribute("class") == "cell")];
        Assert.Equal([Palette.Shade(0.75), Palette.Shade(0.25), Palette.Shade(0), Palette.Shade(1)], cells.Select(cell => cell.Attribute("fill")!.Value));
        Assert.Equal("no predicted as yes: 1 of 4 (25 %)", cells[1].Value);
        Assert.Equal(["3", "1", "0", "2"], svg.Elements(Svg + "text").Select(text => text.Value).Where(text => int.TryParse(text, out int _)));
    }

    [Fact]
    public void LearningCurves_AveragesManySteps_WithoutMovingThem()
    {
        // A loss that falls evenly from 1 to 0 is its own average, so every point must lie on the plot's diagonal.
        float[] loss = [.. Enumerable.Range(0, 10_000).Select(step => 1 - ((step + 0.5f) / 10_000))];
        XElement svg = XDocument.Parse(new LearningCurves { TrainLoss = loss, StepsPerEpoch = 10_000, MetricName = "MCC", Evaluations = [] }.Draw()).Root!;
        Box plot = BoxOf(svg.Elements(Svg + "rect").Single(rect => (string?)rect.Attribute("class") == "plot"));
        XElement[] lines = [.. svg.Elements(Svg + "polyline")];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(400, line.Attribute("points")!.Value.Split(' ').Length));
        // The smoothed line's first and last points have fewer steps around them.
        foreach (string point in lines[0].Attribute("points")!.Value.Split(' ').Concat(lines[1].Attribute("points")!.Value.Split(' ')[10..^10]))
        {
            double[] at = [.. point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            Assert.Equal((at[0] - plot.X) / plot.Width, (at[1] - plot.Y) / plot.Height, 1e-3);
        }
    }

    [Fact]
    public void SeedChart_ShowsEachSeedAndTheMean()
    {
        XElement svg = XDocument.Parse(Seeds).Root!;
        XElement[] groups = [.. svg.Elements(Svg + "g").Where(group => (string?)group.Attribute("class") == "seeds")];
        Assert.Equal([3, 1, 2], groups.Select(group => group.Elements(Svg + "circle").Count()));
        double[] places = [.. groups[0].Elements(Svg + "circle").Select(circle => Value(circle, "cx"))];
        Assert.Contains(svg.Elements(Svg + "line"), line => Value(line, "stroke-width") > 2 && Math.Abs(Value(line, "x1") - places[1]) < 0.02);
        // The deviation of a sample, n - 1; a single run has none.
        string[] texts = [.. svg.Elements(Svg + "text").Select(text => text.Value)];
        Assert.Equal(["0.800 ± 0.100", "0.980", "undefined", "0.100 ± 0.000"], texts.Where(text => Regex.IsMatch(text, @"^0\.\d{3}|undefined")));
    }

    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.31, 0.34, 5, "0.31 0.32 0.33 0.34")]
    [InlineData(-8.1, 1.3, 5, "−10 −8 −6 −4 −2 0 2")]
    [InlineData(3, 3, 4, "2.6 2.8 3.0 3.2 3.4")]
    [InlineData(0, 12_345_678, 4, "0e0 5e6 1e7 1.5e7")]
    [InlineData(0, 0.000002, 4, "0e0 5e−7 1e−6 1.5e−6 2e−6")]
    public void LinearScale_HasRoundTicks(double min, double max, int ticks, string expected)
    {
        LinearScale scale = LinearScale.Around([min, max, double.NaN], 0, 100, ticks);
        Assert.Equal(expected, string.Join(' ', scale.Ticks().Select(scale.Label)));
        Assert.True(scale.Min <= min && scale.Max >= max);
        Assert.Equal(100, scale.Map(scale.Max));
    }

    [Fact]
    public void TextWidth_FitsWithAnEllipsis()
    {
        Assert.Equal("Benzenoids", TextWidth.Fit("Benzenoids", 12, 100));
        string fitted = TextWidth.Fit("Phenylpropanoids and polyketides", 12, 100);
        Assert.EndsWith("…", fitted, StringComparison.Ordinal);
        Assert.InRange(TextWidth.Of(fitted, 12), 85, 100);
        // DejaVu Sans' own advance widths: H 752, i 278 thousandths.
        Assert.Equal(10.3, TextWidth.Of("Hi", 10), 1e-9);
    }

    private static string Curves(int stepsPerEpoch, int epochs)
    {
        Random random = new(1);
        return new LearningCurves
        {
            TrainLoss = [.. Enumerable.Range(0, stepsPerEpoch * epochs).Select(step => (float)((10.0 / (10 + step)) + (0.1 * random.NextDouble())))],
            StepsPerEpoch = stepsPerEpoch,
            Evaluations = [.. Enumerable.Range(1, epochs).Select(epoch => new EpochEvaluation(epoch, 1.0 / epoch, epoch % 3 == 2 ? null : 1 - (1.0 / epoch)))],
            MetricName = "macro F1",
            BestEpoch = epochs,
        }.Draw();
    }

    private static string Confusion(int classes, int rows)
    {
        Random random = new(1);
        int[] targets = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
        int[] predictions = [.. targets.Select(target => random.NextDouble() < 0.7 ? target : random.Next(classes))];
        return ConfusionMatrixChart.Draw("Test", new ConfusionMatrix(targets, predictions, classes), [.. Enumerable.Range(0, classes).Select(LongName)]);
    }

    private static string Parity(int rows)
    {
        Random random = new(1);
        float[] truth = [.. Enumerable.Range(0, rows).Select(_ => (float)(-8 + (9 * random.NextDouble())))];
        return ParityChart.Draw("Test", "log solubility in mol/l", truth, [.. truth.Select(value => value + (float)random.NextDouble() - 0.5f)]);
    }

    private static string Seeds =>
        SeedChart.Draw(
            LongName(3), "macro F1", ["split by molecule", "split by row"],
            [new("superclass", [[0.7, 0.8, 0.9], [0.98]]), new(LongName(0), [[], [0.1, 0.1]])]);

    private static string Scatter(int classes, int points, int panels, string? valueLabel = null)
    {
        Random random = new(1);
        ScatterPoint Molecule(int i) => new(
            [.. Enumerable.Range(0, classes).Where(_ => random.Next(classes) == 0)], i % 3 == 0, Value: i % 5 == 0 ? double.NaN : random.NextDouble());
        ChartPoint Position(int i) => new(100 * random.NextDouble(), -1 - random.NextDouble());
        ScatterPanel Panel(int p) => ScatterPanel.OfComponents(
            p == 0 ? LongName(3) : "after", [.. Enumerable.Range(0, points).Select(Position)], 0.3256, 0.1);
        return ScatterChart.Draw(new ScatterContent
        {
            Title = Hostile + LongName(3),
            Legend = LongName(0),
            Classes = [.. Enumerable.Range(0, classes).Select(LongName)],
            ValueLabel = valueLabel,
            Points = [.. Enumerable.Range(0, points).Select(Molecule)],
            Panels = [.. Enumerable.Range(0, panels).Select(Panel)],
        });
    }

    private static string LongName(int k) => k % 3 == 0 ? "WIDE NUCLEOSIDES, NUCLEOTIDES, AND ANALOGUES OF " + k : "class " + k;

    // What a text covers, in the font that it is measured in.
    private static Box Extent(XElement text)
    {
        double size = Value(text, "font-size"), x = Value(text, "x"), y = Value(text, "y") - (0.36 * size);
        string shown = string.Concat(text.Nodes().OfType<XText>().Select(node => node.Value));
        double width = TextWidth.Of(shown, size, (string?)text.Attribute("font-weight") == "bold");
        double start = (string?)text.Attribute("text-anchor") switch { "end" => -width, "middle" => -width / 2, _ => 0 };
        double turn = 0;
        if ((string?)text.Attribute("transform") is string rotate)
            turn = double.Parse(rotate["rotate(".Length..].Split(' ')[0], CultureInfo.InvariantCulture) * Math.PI / 180;
        (double X, double Y)[] corners = [(start, -size / 2), (start + width, -size / 2), (start, size / 2), (start + width, size / 2)];
        double[] xs = [.. corners.Select(c => x + (c.X * Math.Cos(turn)) - (c.Y * Math.Sin(turn)))];
        double[] ys = [.. corners.Select(c => y + (c.X * Math.Sin(turn)) + (c.Y * Math.Cos(turn)))];
        return new Box(xs.Min(), ys.Min(), xs.Max() - xs.Min(), ys.Max() - ys.Min());
    }

    private static Box BoxOf(XElement rect) => new(Value(rect, "x"), Value(rect, "y"), Value(rect, "width"), Value(rect, "height"));

    private static double Value(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static bool IsWithin(Box outer, Box inner)
    {
        const double rounding = 0.02;
        return inner.X >= outer.X - rounding && inner.Right <= outer.Right + rounding
            && inner.Y >= outer.Y - rounding && inner.Bottom <= outer.Bottom + rounding;
    }

    private static void AssertWithin(Box outer, Box inner) => Assert.True(IsWithin(outer, inner), $"{inner} is not within {outer}");
}
