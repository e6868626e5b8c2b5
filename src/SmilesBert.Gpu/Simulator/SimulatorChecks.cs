namespace SmilesBert.Gpu.Simulator;

/// <summary>How a launch is simulated: which checks are on, and in which order warps run.</summary>
public sealed record SimulatorChecks
{
    /// <summary>The checks that are on.</summary>
    public Check Enabled { get; init; } = Check.Default;

    /// <summary>Whether bank conflicts and memory sectors are counted.</summary>
    public bool CountAccesses { get; init; } = true;

    /// <summary>Instructions that one warp may execute.</summary>
    public long WarpBudget { get; init; } = 50_000_000;

    /// <summary>
    /// 0: warps and groups in order, each warp until a barrier. Otherwise the seed of a shuffled order in which warps are also interrupted
    /// between barriers: results that change with it have a race.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>Host threads that share the groups of a launch; one where the kernel has global atomics, or groups are compared.</summary>
    public int HostThreads { get; init; } = Math.Min(2, Environment.ProcessorCount);

    /// <summary>No check: for speed, where a kernel is known to be right.</summary>
    public static SimulatorChecks None { get; } = new() { Enabled = Check.None, CountAccesses = false };
}
