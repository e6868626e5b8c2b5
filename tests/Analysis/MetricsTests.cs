using System.Text.Json;
using SmilesBert.Analysis;

namespace SmilesBert.Tests.Analysis;

/// <summary>Every figure against scikit-learn's (tools/metrics_golden.py), to 1e-12; null there must be null here, with a reason.</summary>
public sealed class MetricsTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<string> SingleLabelCases => Names("single_label.json");

    public static TheoryData<string> MultiLabelCases => Names("multi_label.json");

    public static TheoryData<string> RegressionCases => Names("regression.json");

    [Theory]
    [MemberData(nameof(SingleLabelCases))]
    public void SingleLabel_MatchesScikitLearn(string name)
    {
        JsonElement expected = Case("single_label.json", name);
        int classes = expected.GetProperty("classes").GetInt32();
        int[] targets = [.. expected.GetProperty("targets").EnumerateArray().Select(e => e.GetInt32())];

        SingleLabelMetrics actual = SingleLabelMetrics.Compute(Floats(expected, "probabilities"), targets, classes);

        AssertMetrics(expected, actual.All);
        JsonElement[] perClass = [.. expected.GetProperty("per_class").EnumerateArray()];
        Assert.Equal(perClass.Length, actual.PerClass.Count);
        for (int k = 0; k < classes; k++)
        {
            ClassScores scores = actual.PerClass[k];
            AssertValue(perClass[k], "precision", scores.Precision);
            AssertValue(perClass[k], "recall", scores.Recall);
            AssertValue(perClass[k], "f1", scores.F1);
            AssertValue(perClass[k], "roc_auc", scores.RocAuc);
            AssertValue(perClass[k], "pr_auc", scores.PrAuc);
            Assert.Equal(perClass[k].GetProperty("support").GetInt32(), scores.Support);
        }
        int[] confusion = [.. expected.GetProperty("confusion").EnumerateArray().Select(e => e.GetInt32())];
        for (int at = 0; at < confusion.Length; at++) Assert.Equal(confusion[at], actual.Confusion[at / classes, at % classes]);
    }

    [Theory]
    [MemberData(nameof(MultiLabelCases))]
    public void MultiLabel_MatchesScikitLearn(string name)
    {
        JsonElement expected = Case("multi_label.json", name);

        MultiLabelMetrics actual = MultiLabelMetrics.Compute(
            Floats(expected, "probabilities"), Floats(expected, "targets"), expected.GetProperty("labels").GetInt32());

        AssertMetrics(expected, actual.All);
        JsonElement[] perLabel = [.. expected.GetProperty("per_label").EnumerateArray()];
        Assert.Equal(perLabel.Length, actual.PerLabel.Count);
        for (int k = 0; k < perLabel.Length; k++)
        {
            AssertValue(perLabel[k], "roc_auc", actual.PerLabel[k].RocAuc);
            AssertValue(perLabel[k], "pr_auc", actual.PerLabel[k].PrAuc);
            AssertValue(perLabel[k], "f1", actual.PerLabel[k].F1);
            Assert.Equal(perLabel[k].GetProperty("positives").GetInt32(), actual.PerLabel[k].Positives);
            Assert.Equal(perLabel[k].GetProperty("labelled").GetInt32(), actual.PerLabel[k].Labelled);
        }
    }

    [Theory]
    [MemberData(nameof(RegressionCases))]
    public void Regression_MatchesScikitLearn(string name)
    {
        JsonElement expected = Case("regression.json", name);

        RegressionMetrics actual = RegressionMetrics.Compute(
            Floats(expected, "predictions"), Floats(expected, "targets"), expected.GetProperty("columns").GetInt32());

        AssertMetrics(expected, actual.All);
        JsonElement[] perTarget = [.. expected.GetProperty("per_target").EnumerateArray()];
        Assert.Equal(perTarget.Length, actual.PerTarget.Count);
        for (int k = 0; k < perTarget.Length; k++)
        {
            AssertValue(perTarget[k], "rmse", actual.PerTarget[k].Rmse);
            AssertValue(perTarget[k], "mae", actual.PerTarget[k].Mae);
            AssertValue(perTarget[k], "r2", actual.PerTarget[k].R2);
            Assert.Equal(perTarget[k].GetProperty("labelled").GetInt32(), actual.PerTarget[k].Labelled);
        }
    }

    [Fact]
    public void OfNoRows_AreUndefined_SayingSo()
    {
        Assert.All(SingleLabelMetrics.Compute([], [], 3).All, m => Assert.Equal((null, "there are no rows"), (m.Value, m.Undefined)));
        Assert.All(MultiLabelMetrics.Compute([], [], 3).All, m => Assert.Equal((null, "no row has a label"), (m.Value, m.Undefined)));
        Assert.All(RegressionMetrics.Compute([], [], 1).All, m => Assert.Equal((null, "no row has a target"), (m.Value, m.Undefined)));
    }

    [Fact]
    public void OfOneClass_SayWhyTheyAreUndefined()
    {
        SingleLabelMetrics metrics = SingleLabelMetrics.Compute([0.75f, 0.25f, 0.5f, 0.5f], [0, 0], 2);
        Assert.Equal(
            ["mcc: only one class occurs", "roc_auc: only one class occurs", "pr_auc: class 1 does not occur"],
            metrics.All.Where(m => m.Value is null).Select(m => $"{m.Name}: {m.Undefined}"));
        Assert.Equal([0, 0], metrics.Predictions);      // a tie is the first class's
    }

    [Theory]
    [InlineData(float.NaN, "not a number")]
    [InlineData(float.PositiveInfinity, "infinite")]
    public void OfWhatIsNotANumber_NameTheRow(float value, string said)
    {
        InputException e = Assert.Throws<InputException>(() => SingleLabelMetrics.Compute([0.5f, 0.5f, value, 0.5f], [0, 1], 2));
        Assert.Contains("row 1", e.Message, StringComparison.Ordinal);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => MultiLabelMetrics.Compute([value], [1f], 1));
        Assert.Throws<InputException>(() => RegressionMetrics.Compute([value], [1f], 1));
    }

    private static void AssertMetrics(JsonElement expected, IReadOnlyList<Metric> actual)
    {
        JsonElement metrics = expected.GetProperty("metrics");
        Assert.Equal(metrics.EnumerateObject().Select(p => p.Name), actual.Select(m => m.Name));
        foreach (Metric metric in actual)
        {
            AssertValue(metrics, metric.Name, metric.Value);
            Assert.Equal(metric.Value is null, metric.Undefined is not null);
        }
    }

    private static void AssertValue(JsonElement from, string name, double? actual)
    {
        JsonElement expected = from.GetProperty(name);
        if (expected.ValueKind == JsonValueKind.Null || actual is null)
            Assert.True(expected.ValueKind == JsonValueKind.Null && actual is null, $"{name}: expected {expected}, found {actual}");
        else
            Assert.True(
                Math.Abs(expected.GetDouble() - actual.Value) <= Tolerance * Math.Max(1, Math.Abs(expected.GetDouble())),
                $"{name}: expected {expected}, found {actual:R}");
    }

    private static float[] Floats(JsonElement from, string name) =>
        [.. from.GetProperty(name).EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? float.NaN : e.GetSingle())];

    private static TheoryData<string> Names(string file) => [.. Cases(file).Select(c => c.GetProperty("name").GetString()!)];

    private static JsonElement Case(string file, string name) => Cases(file).Single(c => c.GetProperty("name").GetString() == name);

    private static IEnumerable<JsonElement> Cases(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Files.Golden("Analysis", file)));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }
}
