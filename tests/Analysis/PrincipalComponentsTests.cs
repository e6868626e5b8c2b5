using System.Text.Json;
using SmilesBert.Analysis;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Ops;

namespace SmilesBert.Tests.Analysis;

/// <summary>Principal components against scikit-learn's (tools/pca_golden.py), signs included, and where there is nothing to find.</summary>
public sealed class PrincipalComponentsTests : IDisposable
{
    private readonly CpuOps ops = new(threads: 1);

    public void Dispose() => ops.Dispose();

    [Theory]
    [InlineData("tall")]
    [InlineData("wide")]
    [InlineData("square")]
    [InlineData("two columns")]
    public void Fit_MatchesScikitLearn(string name)
    {
        JsonElement expected = Case(name);
        GeneratedRows rows = Rows(expected);
        double[][] components = [.. expected.GetProperty("components").EnumerateArray().Select(Numbers)];

        PrincipalComponents actual = PrincipalComponents.Fit(ops, rows.Values, rows.Width, components.Length);

        Assert.Equal((components.Length, rows.Width), (actual.Count, actual.Width));
        Compare.Close<double, double>("mean", Numbers(expected.GetProperty("mean")), [.. actual.Mean], 1e-12, 1e-12);
        CompareVariance(expected, actual, 1e-10);
        double[] coordinates = [.. expected.GetProperty("coordinates").EnumerateArray().SelectMany(Numbers)];
        Compare.Close<double, float>("coordinates", coordinates, actual.Coordinates, 1e-6, 0);
        for (int k = 0; k < components.Length; k++)
            Compare.Close<double, double>($"component {k}", components[k], actual.Component(k), 1e-9, 0);
    }

    [Theory]
    [ClassData(typeof(Devices))]
    public void Fit_OfThreeThousandRows_MatchesScikitLearn_OnEveryDevice(string device)
    {
        Assert.SkipWhen(device == "simulator", "the simulator would take minutes; the small cases run on it");
        JsonElement expected = Case("large");
        GeneratedRows rows = Rows(expected);
        NpyFile coordinates = NpyFile.Read(Files.Golden("Analysis", "pca_3000x256.npy"));
        using IOps on = Devices.Create(device);

        PrincipalComponents actual = PrincipalComponents.Fit(on, rows.Values, rows.Width, coordinates.Columns);

        CompareVariance(expected, actual, 1e-7);
        Compare.Close("coordinates", coordinates.Values, actual.Coordinates, atol: 1e-6 * coordinates.Values.Max(Math.Abs), rtol: 0);
    }

    [Fact]
    public void Fit_FindsEveryComponent_ThoughNoiseLeavesThemNear()
    {
        JsonElement expected = Case("large");
        GeneratedRows rows = Rows(expected);

        PrincipalComponents actual = PrincipalComponents.Fit(ops, rows.Values, rows.Width, components: 40);

        CompareVariance(expected, actual, 1e-6);
        for (int a = 0; a < actual.Count; a++)
            for (int b = 0; b <= a; b++) Compare.Close($"component {a} . component {b}", a == b ? 1 : 0, Dot(actual, a, b), 1e-8, 0);
    }

    [Theory]
    [InlineData("tall", "simulator")]
    [InlineData("wide", "simulator")]
    [InlineData("wide", "cuda")]
    public void Fit_IsTheSameOnOtherDevices(string name, string device)
    {
        GeneratedRows rows = Rows(Case(name));
        using IOps on = Devices.Create(device);
        float[] expected = PrincipalComponents.Fit(ops, rows.Values, rows.Width, 3).Coordinates;
        Compare.Close("coordinates", expected, PrincipalComponents.Fit(on, rows.Values, rows.Width, 3).Coordinates, 1e-6, 1e-6);
    }

    [Fact]
    public void Transform_OfTheSameRowsGivesTheirCoordinates_AndOfTheMeanNothing()
    {
        GeneratedRows rows = Rows(Case("wide"));
        PrincipalComponents found = PrincipalComponents.Fit(ops, rows.Values, rows.Width, 3);
        Compare.Close("coordinates", found.Coordinates, found.Transform(rows.Values), 1e-5, 0);
        Compare.Close<float, float>("mean", [0f, 0f, 0f], found.Transform([.. found.Mean.Select(static value => (float)value)]), 1e-5, 0);
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void Fit_DoesNotHangOnTheUnit(float unit)
    {
        GeneratedRows rows = Rows(Case("tall"));
        PrincipalComponents plain = PrincipalComponents.Fit(ops, rows.Values, rows.Width, 2);
        PrincipalComponents scaled = PrincipalComponents.Fit(ops, [.. rows.Values.Select(value => value * unit)], rows.Width, 2);
        Compare.Close<float, float>("coordinates", [.. plain.Coordinates.Select(value => value * unit)], scaled.Coordinates, 1e-5 * unit, 0);
    }

    [Theory]
    [InlineData(6, 3)]
    [InlineData(3, 6)]
    public void Fit_OfPointsOnALine_LeavesTheSecondComponentWithoutVariance(int count, int width)
    {
        float[] rows = [.. Enumerable.Range(0, count * width).Select(at => (float)(at / width * ((at % width) - 1)))];
        PrincipalComponents found = PrincipalComponents.Fit(ops, rows, width, 2);
        Assert.Equal(0, found.ExplainedVariance[1]);
        Assert.Equal(0, found.ExplainedVarianceRatio[1].Value);
        Compare.Close("ratio", 1, found.ExplainedVarianceRatio[0].Value!.Value, 1e-12, 0);
        for (int i = 0; i < count; i++) Assert.Equal(0, found.Coordinates[(i * 2) + 1]);
        Compare.Close<double, double>("products", [1, 0, 1], [Dot(found, 0, 0), Dot(found, 0, 1), Dot(found, 1, 1)], 1e-12, 0);
    }

    [Fact]
    public void Fit_OfEqualRows_HasNoVarianceToShare()
    {
        PrincipalComponents found = PrincipalComponents.Fit(ops, [0.1f, 2f, 0.1f, 2f, 0.1f, 2f], 2, 2);
        Assert.Equal([0.0, 0.0], found.ExplainedVariance);
        Assert.All(found.ExplainedVarianceRatio, static ratio => Assert.Equal((null, "all rows are equal: there is no variance"), (ratio.Value, ratio.Undefined)));
        Assert.Equal(new float[6], found.Coordinates);
        Assert.Equal([1.0, 0.0], found.Component(0).ToArray());
        Assert.Equal([0.0, 1.0], found.Component(1).ToArray());
    }

    [Fact]
    public void Fit_OfTwoRows_PutsTheFirstOnThePositiveSide() =>
        Assert.Equal([2.5f, -2.5f], PrincipalComponents.Fit(ops, [0f, 0f, 3f, 4f], 2, 1).Coordinates);

    [Fact]
    public void Fit_RefusesWhatHasNoComponents()
    {
        Refused([], 2, 1, "principal components need at least 2 rows, and there are none");
        Refused([1f, 2f], 2, 1, "principal components need at least 2 rows, and there is 1");
        Refused([1f, 2f, 3f, 4f, 5f, 6f], 3, 3, "2 rows of 3 values have at most 2 principal components, and 3 are asked for");
        Refused([1f, 2f, 3f, float.NaN], 2, 1, "row 2 has a value that is not finite (NaN, in column 2)");

        void Refused(float[] rows, int width, int components, string sentence) =>
            Assert.Equal(sentence, Assert.Throws<InputException>(() => PrincipalComponents.Fit(ops, rows, width, components)).Message);
    }

    private static void CompareVariance(JsonElement expected, PrincipalComponents actual, double rtol)
    {
        double[] variance = Numbers(expected.GetProperty("explained_variance")), ratio = Numbers(expected.GetProperty("explained_variance_ratio"));
        Compare.Close<double, double>("variance", variance.AsSpan(0, actual.Count), [.. actual.ExplainedVariance], 0, rtol);
        for (int k = 0; k < Math.Min(ratio.Length, actual.Count); k++)
            Compare.Close($"ratio {k}", ratio[k], actual.ExplainedVarianceRatio[k].Value!.Value, 0, rtol);
    }

    private static double Dot(PrincipalComponents found, int a, int b)
    {
        double sum = 0;
        for (int j = 0; j < found.Width; j++) sum += found.Component(a)[j] * found.Component(b)[j];
        return sum;
    }

    private static GeneratedRows Rows(JsonElement expected) => new(
        expected.GetProperty("rows").GetInt32(), expected.GetProperty("width").GetInt32(),
        expected.GetProperty("factors").GetInt32(), expected.GetProperty("seed").GetUInt32());

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(static number => number.GetDouble())];

    private static JsonElement Case(string name) => JsonDocument.Parse(File.ReadAllText(Files.Golden("Analysis", "pca.json"))).RootElement
        .EnumerateArray().First(e => e.GetProperty("name").GetString() == name);
}
