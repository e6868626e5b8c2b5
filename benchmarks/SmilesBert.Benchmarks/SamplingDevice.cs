using System.Reflection;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Benchmarks;

/// <summary>
/// The simulator, for counting: of a launch of many alike groups a few run, and what they did counts for all. Results are not to be used. Kernels whose
/// work is shared out by the number of groups, which read it, run whole.
/// </summary>
internal sealed class SamplingDevice : Device
{
    private const int Sample = 8;

    private readonly SimulatorDevice simulator = new(SimulatorChecks.None with { CountAccesses = true });
    private readonly Dictionary<MethodInfo, bool> isShared = [];
    private int asked;

    public SamplingDevice() => simulator.Launched += report => Launches.Add(new(report, asked, (double)asked / report.Groups));

    /// <summary>A launch, the groups it was asked for, and how often what the report says happened.</summary>
    public readonly record struct Counted(LaunchReport Report, int Groups, double Times);

    /// <summary>The launches in their order.</summary>
    public List<Counted> Launches { get; } = [];

    public override string Description => simulator.Description;

    public override int WarpSize => simulator.WarpSize;

    public override DeviceBuffer<T> Allocate<T>(int length) => simulator.Allocate<T>(length);

    public override void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0)
    {
        if (!isShared.TryGetValue(kernel.Method, out bool shared))
            isShared.Add(kernel.Method, shared = KernelCompiler.Compile(kernel.Method, threads).Ptx.Contains("%nctaid", StringComparison.Ordinal));
        asked = groups;
        simulator.Launch(kernel, shared ? groups : Math.Min(groups, Sample), threads, args, sharedBytes);
    }

    public override void Synchronize() => simulator.Synchronize();

    public override void Dispose() => simulator.Dispose();
}
