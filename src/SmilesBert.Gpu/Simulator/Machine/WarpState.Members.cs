using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

internal sealed unsafe partial class WarpState
{
    /// <summary>
    /// Checks a .sync instruction's mask of members: every executing lane is named in its own mask, and every named lane that has not left the
    /// kernel executes too.
    /// </summary>
    public void CheckMembers(Instruction instruction, int members, uint mask)
    {
        if (!Group.IsOn(Check.InactiveLane)) return;
        if (mask == Lanes.All && !new ReadOnlySpan<uint>(Registers + members, Lanes.Count).ContainsAnyExcept(Lanes.All)) return;
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            uint named = Registers[members + lane];
            if ((named & Live) == mask) continue;
            Report(Check.InactiveLane, instruction, lane, null, () => (named >> lane & 1) == 0
                ? $"the lane is not in its own member mask 0x{named:x8}"
                : $"member mask 0x{named:x8} does not fit the lanes that are here, 0x{mask:x8}");
        }
    }

    /// <summary>Checks that an .aligned matrix instruction is executed by all 32 lanes.</summary>
    public void CheckWholeWarp(Instruction instruction, uint mask)
    {
        if (mask == Lanes.All) return;
        Report(Check.InactiveLane, instruction, BitOperations.TrailingZeroCount(mask), null,
            () => $"only {BitOperations.PopCount(mask)} of 32 lanes execute a matrix instruction");
    }

    /// <summary>Notes that the budget of instructions is used up, at the instruction that comes next.</summary>
    public void ReportBudget()
    {
        Path path = frames[^1].Paths[0];
        Report(Check.InstructionBudget, Entry.Code[path.At], BitOperations.TrailingZeroCount(path.Mask), null,
            () => $"the warp has executed {Executed} instructions and is not at its end: an endless loop");
    }
}
