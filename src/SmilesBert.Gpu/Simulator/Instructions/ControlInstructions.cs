namespace SmilesBert.Gpu.Simulator;

/// <summary>bra.</summary>
internal sealed class BranchInstruction(bool isUniform) : Instruction
{
    public override Flow Flow => Flow.Branch;

    public bool IsUniform { get; } = isUniform;

    /// <summary>Index of the instruction it goes to.</summary>
    public int Target { get; set; }

    public override void Execute(WarpState warp, uint mask) { }
}

/// <summary>brx.idx: each lane goes to the label its index picks.</summary>
internal sealed class BranchTableInstruction(int selector) : Instruction
{
    public override Flow Flow => Flow.BranchTable;

    /// <summary>Place of the index.</summary>
    public int Selector { get; } = selector;

    public int[] Targets { get; set; } = [];

    public override void Execute(WarpState warp, uint mask) { }
}

/// <summary>ret and exit; trap too, which is a fault.</summary>
internal sealed class ExitInstruction(bool isTrap) : Instruction
{
    public override Flow Flow => Flow.Exit;

    public override void Execute(WarpState warp, uint mask)
    {
        if (isTrap) warp.Report(Check.Trap, this, System.Numerics.BitOperations.TrailingZeroCount(mask), null, () => "the kernel gave up (trap)");
    }
}

/// <summary>What a barrier does besides waiting.</summary>
internal enum BarrierAction { Sync, Arrive, Count, And, Or }

/// <summary>bar.sync, bar.arrive and bar.red; the latter's result is written when the barrier opens.</summary>
internal sealed unsafe class BarrierInstruction(BarrierAction action, int number, int threads, int destination, PredicateSource predicate) : Instruction
{
    public override Flow Flow => Flow.Barrier;

    public BarrierAction Action { get; } = action;

    public override void Execute(WarpState warp, uint mask)
    {
        int lane = System.Numerics.BitOperations.TrailingZeroCount(mask);
        int expected = threads < 0 ? 0 : (int)warp.Registers[threads + lane];
        warp.Group.Barriers.Arrive(warp, this, (int)warp.Registers[number + lane], expected, mask);
    }

    /// <summary>The lanes whose predicate holds.</summary>
    public uint Votes(WarpState warp, uint mask) => predicate.Read(warp.Registers) & mask;

    /// <summary>Writes bar.red's result.</summary>
    public void Finish(WarpState warp, uint mask, int votes, int voters)
    {
        uint* register = warp.Registers + destination;
        switch (Action)
        {
            case BarrierAction.Count:
                for (int lane = 0; lane < Lanes.Count; lane++)
                {
                    if ((mask >> lane & 1) != 0) register[lane] = (uint)votes;
                }
                break;
            case BarrierAction.And or BarrierAction.Or:
                bool result = Action == BarrierAction.And ? votes == voters : votes > 0;
                *register = (*register & ~mask) | (result ? mask : 0);
                break;
        }
    }
}

/// <summary>bar.warp.sync: orders the lanes' accesses to memory.</summary>
internal sealed unsafe class WarpBarrierInstruction(int members) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckMembers(this, members, mask);
        warp.Epoch++;
    }
}
