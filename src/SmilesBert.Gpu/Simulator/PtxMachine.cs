namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Runs decoded kernels on the CPU: warps of 32 lanes in lock-step, the warps of a group in turns from barrier to barrier, groups one after another
/// (on two host threads, where the kernel has no global atomics). The same launch gives the same bits every time.
/// </summary>
public sealed class PtxMachine
{
    /// <summary>Limits of every GPU from compute 8.0 on (shared memory: of 9.0; an A100 has 163 KiB, an RTX 30 or 40 99).</summary>
    public const int MaxThreads = 1024, MaxStaticSharedBytes = 48 * 1024, MaxSharedBytes = 227 * 1024;

    /// <summary>Runs a kernel over a one-dimensional grid and waits for its end.</summary>
    /// <param name="entry">The kernel.</param>
    /// <param name="groups">Groups of threads, at least 1.</param>
    /// <param name="threads">Threads in each, 1 to 1024.</param>
    /// <param name="dynamicSharedBytes">Shared memory of each group beside its static arrays.</param>
    /// <param name="parameters">The parameters' bytes, each at its alignment.</param>
    /// <param name="memory">Global memory.</param>
    /// <param name="checks">What to look for.</param>
    /// <exception cref="ArgumentException">The launch does not fit the kernel or the machine; nothing ran.</exception>
    public LaunchReport Run(
        PtxEntry entry, int groups, int threads, int dynamicSharedBytes, ReadOnlySpan<byte> parameters, SimulatedMemory memory, SimulatorChecks checks)
    {
        Validate(entry, groups, threads, dynamicSharedBytes, parameters.Length);
        MemoryBlock block = new(StateSpace.Param, 0, parameters.Length, "parameters");
        parameters.CopyTo(block.Bytes);
        block.ShadowBytes.Fill(MemoryBlock.Set);
        return new Launch(entry, groups, threads, dynamicSharedBytes, block, memory, checks).Run();
    }

    private static void Validate(PtxEntry entry, int groups, int threads, int dynamicSharedBytes, int parameterBytes)
    {
        string? problem =
            groups < 1 ? $"{groups} groups were asked for, at least 1 is needed"
            : threads is < 1 or > MaxThreads ? $"{threads} threads a group were asked for, 1 to {MaxThreads} are possible"
            : entry.MaxThreads > 0 && threads > entry.MaxThreads ? $"{threads} threads a group were asked for, the kernel allows {entry.MaxThreads}"
            : entry.RequiredThreads > 0 && threads != entry.RequiredThreads ? $"{threads} threads a group were asked for, the kernel needs {entry.RequiredThreads}"
            : dynamicSharedBytes < 0 ? $"{dynamicSharedBytes} bytes of dynamic shared memory were asked for"
            : entry.StaticSharedBytes > MaxStaticSharedBytes ? $"it has {entry.StaticSharedBytes} bytes of static shared memory, {MaxStaticSharedBytes} are possible"
            : entry.StaticSharedBytes + dynamicSharedBytes > MaxSharedBytes
                ? $"it needs {entry.StaticSharedBytes} + {dynamicSharedBytes} bytes of shared memory, {MaxSharedBytes} are possible"
            : parameterBytes != entry.ParameterBytes ? $"{parameterBytes} bytes of parameters were given, the kernel takes {entry.ParameterBytes}"
            : null;
        if (problem != null) throw new ArgumentException($"kernel {entry.Name} cannot be launched: {problem}");
    }
}
