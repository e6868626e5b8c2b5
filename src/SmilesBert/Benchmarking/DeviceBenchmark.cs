using System.Diagnostics;
using System.Globalization;
using SmilesBert.Gpu;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Training;

namespace SmilesBert.Benchmarking;

/// <summary>
/// How fast a device is: what it can do at most, then every operation of the ops page at the sizes of two networks' training steps, each checked
/// before it is timed, then whole training steps and embedding.
/// </summary>
public sealed class DeviceBenchmark
{
    // Operations per second below which a benchmark takes hours: the simulator, and debuggers of kernels.
    private const double LeastProduct = 2e9;

    private readonly IOps ops;
    private readonly OperationCheck check;
    private readonly IOps other;
    private readonly string checkedHow;
    private readonly int? threads;
    private readonly BenchmarkPlan plan;
    private readonly Action<string> progress;

    /// <param name="ops">The device.</param>
    /// <param name="other">Another path, which operations are held to.</param>
    /// <param name="tolerance">How far from it they may be; see <see cref="OperationCheck"/>.</param>
    /// <param name="checkedHow">What the check is, for the table's foot.</param>
    /// <param name="threads">Threads of a processor; null for other devices.</param>
    /// <param name="plan">What is timed.</param>
    /// <param name="progress">Told what is timed next.</param>
    internal DeviceBenchmark(IOps ops, IOps other, double tolerance, string checkedHow, int? threads, BenchmarkPlan plan, Action<string> progress)
    {
        this.ops = ops;
        this.other = other;
        this.checkedHow = checkedHow;
        this.threads = threads;
        this.plan = plan;
        this.progress = progress;
        check = new OperationCheck(ops, other, tolerance);
    }

    /// <summary>Takes a device's measure, in about a minute on two cores.</summary>
    /// <param name="ops">The device.</param>
    /// <param name="threads">The threads of the processor, where that is the device.</param>
    /// <param name="progress">Told what is timed next.</param>
    /// <param name="stop">Ends it before the next operation.</param>
    /// <exception cref="DeviceException">The device computes something wrong, or is too slow for a benchmark.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static BenchmarkResult Run(IOps ops, int threads, Action<string> progress, CancellationToken stop) =>
        Run(ops, threads, new BenchmarkPlan(), progress, stop);

    internal static BenchmarkResult Run(IOps ops, int threads, BenchmarkPlan plan, Action<string> progress, CancellationToken stop)
    {
        if (ops is CpuOps)
        {
            int otherThreads = threads == 1 ? 2 : 1;
            using CpuOps twin = new(otherThreads);
            string same = $"the same bits with {otherThreads} {(otherThreads == 1 ? "thread" : "threads")}";
            return new DeviceBenchmark(ops, twin, tolerance: 0, same, threads, plan, progress).Run(stop);
        }
        using CpuOps processor = new(Environment.ProcessorCount);
        double tolerance = Tolerance(ops.Precision);
        string near = string.Create(CultureInfo.InvariantCulture, $"the processor's results within {tolerance:P1}");
        return new DeviceBenchmark(ops, processor, tolerance, near, threads: null, plan, progress).Run(stop);
    }

    /// <summary>
    /// How far a kernel's result may be from the processor's, as a share of its size: several times what rounding a product's operands makes of it.
    /// </summary>
    internal static double Tolerance(Precision precision) => precision switch
    {
        Precision.Fp32 => 1e-3,
        Precision.Tf32 => 5e-3,
        Precision.Bf16 => 3e-2,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    internal BenchmarkResult Run(CancellationToken stop)
    {
        OperationClock clock = new(ops, plan.OperationSeconds);
        RequireSpeed();
        WarmUp();
        progress("what the device can do");
        DeviceSpeed speed = DeviceSpeed.Measure(ops, clock, plan.LargestStream, threads);
        List<NetworkResult> networks = [];
        foreach (NetworkSize size in plan.Networks) networks.Add(Measure(size, clock, speed, stop));
        return new BenchmarkResult(ops.Description, ops.Precision, speed, checkedHow, networks);
    }

    private void RequireSpeed()
    {
        if (ProductSpeed.Measure(ops) < LeastProduct)
            throw new DeviceException($"bench would take hours here ({ops.Description}): it times the processor (--device cpu) and graphics cards");
    }

    // The program's own compiler makes fast code of what it has seen often, and a card's driver loads kernels when they are first launched.
    private void WarmUp()
    {
        int[][][] batches = MoleculeLengths.Batches(plan.Networks[0].Vocabulary);
        TrainingSteps steps = new(ops, plan.Networks[0], batches);
        for (int batch = 0; batch < batches.Length; batch++) steps.Run(batch);
    }

    private NetworkResult Measure(NetworkSize size, OperationClock clock, DeviceSpeed speed, CancellationToken stop)
    {
        int[][][] batches = MoleculeLengths.Batches(size.Vocabulary);
        TrainingSteps steps = new(ops, size, batches);
        int parameters = steps.Model.Parameters.Values.Length, decaying = steps.Model.Parameters.DecayCount;
        Operations mine = new(ops, size, batches[0], parameters, decaying), theirs = new(other, size, batches[0], parameters, decaying);
        List<OperationResult> operations = [];
        foreach ((Operation operation, Operation twin) in mine.All().Zip(theirs.All()))
        {
            stop.ThrowIfCancellationRequested();
            progress($"{size}: {operation.Name}, {operation.Sizes}");
            check.Holds(operation, twin);
            double seconds = clock.Time(operation.Call).Median;
            operations.Add(new OperationResult(
                operation.Name, operation.Sizes, seconds, operation.Flops, operation.Bytes,
                operation.Flops / speed.Product, operation.Bytes / speed.BytesPerSecond(operation.Bytes)));
        }
        progress($"{size}: training");
        PassResult training = Train(steps, batches, speed.Product, stop);
        progress($"{size}: embedding");
        PassResult embedding = Embed(size, batches, speed.Product, stop);
        return new NetworkResult(size, batches[0].Length, batches[0].Sum(static molecule => molecule.Length), operations, training, embedding);
    }

    private PassResult Train(TrainingSteps steps, int[][][] batches, double peak, CancellationToken stop)
    {
        steps.Run(0);
        double seconds = 0;
        int rounds = 0;
        for (; rounds == 0 || seconds < plan.PassSeconds; rounds++)
        {
            for (int batch = 0; batch < batches.Length; batch++)
            {
                stop.ThrowIfCancellationRequested();
                seconds += steps.Run(batch);
            }
        }
        return Result(batches, rounds, seconds, steps.Model.Config, passes: 3, peak);
    }

    private PassResult Embed(NetworkSize size, int[][][] batches, double peak, CancellationToken stop)
    {
        BertModel model = new(size.Config(), HeadKind.None, ops, training: false);
        ModelWeights.Initialise(model, seed: 1);
        int molecules = batches[0].Length;
        Inference inference = new(model, batches.Max(static batch => batch.Sum(static molecule => molecule.Length)), molecules);
        int[][] all = [.. batches.SelectMany(static batch => batch)];
        float[] vectors = new float[molecules * size.Hidden];
        Round();

        double seconds = 0;
        int rounds = 0;
        for (; rounds == 0 || seconds < plan.PassSeconds; rounds++)
        {
            long began = Stopwatch.GetTimestamp();
            Round();
            seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        return Result(batches, rounds, seconds, model.Config, passes: 1, peak);

        void Round()
        {
            foreach (int count in inference.Run(all))
            {
                stop.ThrowIfCancellationRequested();
                inference.ReadEmbeddings(vectors.AsSpan(0, count * size.Hidden), Pooling.Cls);
            }
        }
    }

    // Forward is one pass, backward costs two.
    private static PassResult Result(int[][][] batches, int rounds, double seconds, ModelConfig config, int passes, double peak)
    {
        int[] lengths = [.. batches.SelectMany(static batch => batch).Select(static molecule => molecule.Length)];
        double flops = lengths.Sum(length => ModelFlops.OfTraining(config, length, masked: 0)) * passes / 3;
        return new PassResult(rounds * lengths.Length, rounds * lengths.Sum(), seconds, rounds * flops, peak);
    }
}
