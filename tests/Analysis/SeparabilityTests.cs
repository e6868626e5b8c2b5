using System.Text.Json;
using SmilesBert.Analysis;

namespace SmilesBert.Tests.Analysis;

/// <summary>Separability against scikit-learn's silhouette, nearest neighbours and logistic regression (tools/pca_golden.py).</summary>
public sealed class SeparabilityTests
{
    private static readonly string[] Names = ["silhouette", "knn_accuracy", "probe_accuracy", "majority_rate"];

    public static TheoryData<string> Cases { get; } = [.. Golden().Select(static e => e.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Measure_OfOneSet_MatchesScikitLearn(string name)
    {
        JsonElement expected = Case(name);
        Assert.All(Enumerable.Range(1, 2), threads => AssertFigures(expected, "one_set", Separability.Measure(Points(expected), threads, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Measure_OfPointsHeldOut_MatchesScikitLearn(string name)
    {
        JsonElement expected = Case(name);
        (LabelledPoints training, LabelledPoints heldOut) = Parts(expected);
        AssertFigures(expected, "held_out", Separability.Measure(training, heldOut, threads: 1, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Probe_ReachesScikitLearnsMinimum(string name)
    {
        JsonElement expected = Case(name);
        (LabelledPoints training, LabelledPoints heldOut) = Parts(expected);
        LinearProbe probe = LinearProbe.Fit(training, threads: 1, TestContext.Current.CancellationToken);
        double[][] rows = [.. expected.GetProperty("probabilities").EnumerateArray().Select(Numbers)];
        double[] actual = probe.Probabilities(heldOut);
        for (int i = 0; i < rows.Length; i++)
            Compare.Close<double, double>($"row {i}", rows[i], actual.AsSpan(i * probe.Outputs, rows[i].Length), 1e-4, 0);
    }

    [Fact]
    public void Measure_OfThreeThousandPoints_MatchesScikitLearn()
    {
        GeneratedRows rows = new(3000, 256, 8, 5);
        LabelledPoints points = LabelledPoints.OfClasses(rows.Values, rows.Width, rows.Classes);
        LabelledPoints training = points.Select([.. Enumerable.Range(0, 2000)]), heldOut = points.Select([.. Enumerable.Range(2000, 1000)]);
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Files.Golden("Analysis", "separability_3000x256.json"))).RootElement;

        AssertFigures(expected, "held_out", Separability.Measure(training, heldOut, threads: 2, TestContext.Current.CancellationToken));
        double[] probabilities = [.. expected.GetProperty("probabilities").EnumerateArray().SelectMany(Numbers)];
        Compare.Close<double, double>(
            "probabilities", probabilities, LinearProbe.Fit(training, threads: 2, TestContext.Current.CancellationToken).Probabilities(heldOut).AsSpan(0, probabilities.Length), 3e-4, 0);
    }

    [Fact]
    public void Measure_OfEqualPoints_IsAllZeroSilhouetteAndTheMajority()
    {
        LabelledPoints points = LabelledPoints.OfClasses(new float[20], 2, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
        IReadOnlyList<Metric> figures = Separability.Measure(points, threads: 1, TestContext.Current.CancellationToken);
        Assert.Equal(0.0, figures[0].Value);
        Assert.Equal(0.6, figures[2].Value);
        Assert.Equal(0.6, figures[3].Value);
    }

    [Fact]
    public void Measure_SaysWhyThereIsNoFigure()
    {
        IReadOnlyList<Metric> oneClass = Separability.Measure(LabelledPoints.OfClasses([1f, 2f, 3f], 1, [0, 0, 0]), threads: 1, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["it needs at least two classes, and fewer classes than points", "it needs more than 5 points to choose neighbours from",
                "it needs at least 5 molecules", null],
            oneClass.Select(static figure => figure.Undefined));
        Assert.Equal(1.0, oneClass[3].Value);

        IReadOnlyList<Metric> oneSide = Separability.Measure(LabelledPoints.OfLabels([1f, 2f, 3f], 1, [1f, float.NaN, 1f], labels: 1), threads: 1, TestContext.Current.CancellationToken);
        Assert.All(oneSide, static figure => Assert.Equal("no label has points on both sides", figure.Undefined));
    }

    [Fact]
    public void Measure_InAnotherSpace_KeepsTheLabels()
    {
        JsonElement expected = Case("wider than long");
        LabelledPoints points = Points(expected);
        float[] ordered = [.. expected.GetProperty("labels").EnumerateArray().Select(static e => e.GetInt32() * 10f)];
        IReadOnlyList<Metric> figures = Separability.Measure(points.In(ordered, 1), threads: 1, TestContext.Current.CancellationToken);
        Assert.Equal([1.0, 1.0, 1.0], figures.Take(3).Select(static figure => figure.Value!.Value));
    }

    private static void AssertFigures(JsonElement expected, string set, IReadOnlyList<Metric> actual)
    {
        Assert.Equal(Names, actual.Select(static figure => figure.Name));
        double[] figures = Numbers(expected.GetProperty(set));
        for (int i = 0; i < figures.Length; i++) Compare.Close(Names[i], figures[i], actual[i].Value!.Value, 1e-6, 0);
    }

    private static LabelledPoints Points(JsonElement expected)
    {
        float[] rows = [.. Numbers(expected.GetProperty("points")).Select(static value => (float)value)];
        int[] labels = [.. expected.GetProperty("labels").EnumerateArray().Select(static e => e.GetInt32())];
        string[] molecules = [.. expected.GetProperty("molecules").EnumerateArray().Select(static e => e.GetRawText())];
        int width = expected.GetProperty("width").GetInt32();
        if (!expected.GetProperty("multi_label").GetBoolean()) return LabelledPoints.OfClasses(rows, width, labels, molecules);
        float[] targets = [.. labels.Select(static label => label < 0 ? float.NaN : label)];
        return LabelledPoints.OfLabels(rows, width, targets, labels.Length / molecules.Length, molecules);
    }

    private static (LabelledPoints Training, LabelledPoints HeldOut) Parts(JsonElement expected)
    {
        LabelledPoints points = Points(expected);
        int training = expected.GetProperty("training").GetInt32();
        return (points.Select([.. Enumerable.Range(0, training)]), points.Select([.. Enumerable.Range(training, points.Count - training)]));
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(static number => number.GetDouble())];

    private static JsonElement Case(string name) => Golden().First(e => e.GetProperty("name").GetString() == name);

    private static IEnumerable<JsonElement> Golden() =>
        JsonDocument.Parse(File.ReadAllText(Files.Golden("Analysis", "separability.json"))).RootElement.EnumerateArray();
}
