using System.Text.Json.Nodes;
using SmilesBert.Benchmarking;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Ops.Gpu;

namespace SmilesBert.Tests.Benchmarking;

/// <summary>bench: that its table is whole, and that nothing wrong is timed.</summary>
public sealed class DeviceBenchmarkTests
{
    private const int Parameters = 301, Decaying = 200;

    private static readonly NetworkSize Small = new(Layers: 1, Hidden: 12, Heads: 2, FeedForward: 20, Vocabulary: 30);

    private static readonly BenchmarkPlan Quick = new() { Networks = [Small], OperationSeconds = 0.001, PassSeconds = 0, LargestStream = 1 << 20 };

    /// <summary>The arithmetic of the ops page: all of it but memory.</summary>
    public static TheoryData<string> Page { get; } =
    [
        .. typeof(IOps).GetMethods().Select(static method => method.Name)
            .Where(static name => !name.StartsWith("get_", StringComparison.Ordinal) && !name.StartsWith("Allocate", StringComparison.Ordinal)
                && name is not ("Write" or "Read" or "Readback")),
    ];

    /// <summary>Without those that draw dropout, which plain loops do not follow.</summary>
    public static TheoryData<string> Sampled { get; } =
    [
        .. Page.Select(static row => row.Data).Except(["AttentionForward", "AttentionBackward", "ResidualLayerNormForward", "ResidualLayerNormBackward", "Dropout"]),
    ];

    [Fact]
    public void Table_HoldsEveryOperationOfThePage()
    {
        using CpuOps ops = new(threads: 2);
        List<string> progress = [];
        BenchmarkResult result = DeviceBenchmark.Run(ops, threads: 2, Quick, progress.Add, CancellationToken.None);

        NetworkResult network = Assert.Single(result.Networks);
        Assert.Equal(Page.Select(static row => row.Data).Order(), network.Operations.Select(static operation => operation.Name).Distinct().Order());
        Assert.Equal(network.Operations.Count, network.Operations.DistinctBy(static operation => (operation.Name, operation.Sizes)).Count());
        Assert.All(network.Operations, static operation => AssertMeasured(operation.Seconds, operation.Bytes, operation.Rate, operation.ShareOfFloor));
        Assert.All(
            (PassResult[])[network.Training, network.Embedding],
            static pass => AssertMeasured(pass.Seconds, pass.MoleculesPerSecond, pass.TokensPerSecond, pass.FlopsPerSecond, pass.ShareOfPeak));
        Assert.All(network.Operations, operation => Assert.Contains(progress, line => line.Contains($"{operation.Name}, {operation.Sizes}")));

        string[] lines = BenchmarkTable.Text(result).ReplaceLineEndings("\n").Split('\n');
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 100));
        Assert.All(
            network.Operations,
            operation => Assert.Single(lines, line => line.StartsWith($"  {operation.Name} ", StringComparison.Ordinal) && line.Contains($" {operation.Sizes} ")));
        Assert.Contains(lines, static line => line.Contains("the same bits with 1 thread;"));
        Assert.DoesNotContain(lines, static line => line.Contains("NaN") || line.Contains('∞'));
    }

    [Fact]
    public void Json_HoldsWhatTheTableDoes()
    {
        using CpuOps ops = new(threads: 1);
        BenchmarkResult result = DeviceBenchmark.Run(ops, threads: 1, Quick, static _ => { }, CancellationToken.None);
        JsonNode json = JsonNode.Parse(result.ToJson().ToJsonString())!;
        Assert.Equal((ops.Description, "fp32"), ((string)json["device"]!, (string)json["precision"]!));
        Assert.Equal("the same bits with 2 threads; a sample in double precision", (string)json["checked"]!);
        AssertMeasured((double)json["multiply_add_flop_per_second"]!, (double)json["product_flop_per_second"]!);
        Assert.Equal(5, json["streams"]!.AsArray().Count);
        JsonNode network = json["networks"]![0]!;
        Assert.Equal(result.Networks[0].Operations.Count, network["operations"]!.AsArray().Count);
        Assert.Equal(result.Networks[0].Operations[5].ShareOfFloor, (double)network["operations"]![5]!["share_of_floor"]!);
        Assert.Equal(result.Networks[0].Training.MoleculesPerSecond, (double)network["training"]!["molecules_per_second"]!);
    }

    [Fact]
    public void AStop_EndsItBeforeTheNextOperation()
    {
        using CpuOps ops = new(threads: 1);
        using CancellationTokenSource stop = new();
        string last = "";
        Assert.Throws<OperationCanceledException>(() => DeviceBenchmark.Run(ops, threads: 1, Quick, Progress, stop.Token));
        Assert.Contains("SumRows", last);

        void Progress(string text)
        {
            last = text;
            if (text.Contains("SumRows")) stop.Cancel();
        }
    }

    [Theory]
    [MemberData(nameof(Page))]
    public void AWrongOperation_IsNotTimed(string name)
    {
        using CpuOps good = new(threads: 1);
        using SpoiledOps wrong = new(new CpuOps(threads: 1), name);
        Assert.StartsWith($"{name} (", Assert.Throws<DeviceException>(() => Check(wrong, good, tolerance: 1e-3)).Message);
        Assert.StartsWith($"{name} (", Assert.Throws<DeviceException>(() => Check(wrong, good, tolerance: 0)).Message);
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public void AnOperationWrongOnBothPaths_IsFoundByTheSample(string name)
    {
        using SpoiledOps wrong = new(new CpuOps(threads: 1), name), twin = new(new CpuOps(threads: 1), name);
        Assert.Contains("double precision", Assert.Throws<DeviceException>(() => Check(wrong, twin, tolerance: 0)).Message);
    }

    [Fact]
    public void Benchmark_OfADeviceThatIsWrong_Fails()
    {
        using CpuOps good = new(threads: 1);
        using SpoiledOps wrong = new(new CpuOps(threads: 1), nameof(IOps.LinearBackwardInput));
        DeviceBenchmark benchmark = new(wrong, good, tolerance: 1e-3, "", threads: null, Quick, static _ => { });
        DeviceException error = Assert.Throws<DeviceException>(() => benchmark.Run(CancellationToken.None));
        Assert.Contains("spoiled: element 0 is ", error.Message);
    }

    // The very list that a graphics card is timed with.
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Tf32)]
    [InlineData(Precision.Bf16)]
    public void Operations_OfTheKernels_AreRight(Precision precision)
    {
        using KernelOps kernels = new(new SimulatorDevice(), precision);
        using CpuOps processor = new(threads: 1);
        Check(kernels, processor, DeviceBenchmark.Tolerance(precision));
    }

    [Fact]
    public void Lengths_AreSpreadAsSaid()
    {
        int[] lengths = [.. MoleculeLengths.Batches(vocabulary: 600).SelectMany(static batch => batch).Select(static molecule => molecule.Length).Order()];
        Assert.Equal(64, lengths.Length);
        Assert.InRange((lengths[31] + lengths[32]) / 2.0, 66, 68);
        Assert.InRange(lengths[(int)(0.95 * 64)], 135, 155);
        Assert.Equal(512, lengths[^1]);
    }

    private static void Check(IOps ops, IOps other, double tolerance)
    {
        OperationCheck check = new(ops, other, tolerance);
        int[][] molecules = [[5, 6, 7], [8, 5, 9, 10, 11], [12, 6, 6, 29]];
        Operations mine = new(ops, Small, molecules, Parameters, Decaying), theirs = new(other, Small, molecules, Parameters, Decaying);
        foreach ((Operation operation, Operation twin) in mine.All().Zip(theirs.All())) check.Holds(operation, twin);
    }

    private static void AssertMeasured(params double[] figures) =>
        Assert.All(figures, static figure => Assert.True(double.IsFinite(figure) && figure > 0, $"{figure}"));
}
