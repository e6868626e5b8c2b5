namespace SmilesBert.Gpu.Simulator;

/// <summary>Something a kernel did wrong: the first time, and how often at this line in all.</summary>
/// <param name="Kind">The check that found it.</param>
/// <param name="Kernel">The entry's name.</param>
/// <param name="Line">Line of the instruction in the PTX text, from 1.</param>
/// <param name="Instruction">The instruction as written.</param>
/// <param name="Comment">The comment on its line or the nearest above, which names the source in compiled kernels.</param>
/// <param name="Group">The group, from 0.</param>
/// <param name="Thread">The thread in the group, from 0.</param>
/// <param name="Address">The address it was about, in its state space.</param>
/// <param name="Message">What happened, in one sentence.</param>
public sealed record Fault(
    Check Kind, string Kernel, int Line, string Instruction, string? Comment, int Group, int Thread, ulong? Address, string Message)
{
    /// <summary>Times this check fired at this line.</summary>
    public long Count { get; internal set; } = 1;

    public override string ToString()
    {
        string comment = Comment == null ? "" : $"  // {Comment}";
        string times = Count > 1 ? $" ({Count} times)" : "";
        return $"{Kind} in kernel {Kernel}, group {Group}, thread {Thread} (warp {Thread / 32}, lane {Thread % 32}): {Message}{times}\n"
            + $"    line {Line}: {Instruction};{comment}";
    }
}
