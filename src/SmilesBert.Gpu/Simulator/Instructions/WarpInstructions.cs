using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

internal enum ShuffleMode { Up, Down, Butterfly, Index }

internal enum VoteMode { All, Any, Uniform, Ballot }

/// <summary>shfl.sync, as the PTX manual spells it out: c holds the clamp in its low five bits and the segments' mask in bits 8 to 12.</summary>
internal sealed unsafe class ShuffleInstruction(ShuffleMode mode, int destination, int predicate, int a, int b, int c, int members) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckMembers(this, members, mask);
        uint* values = stackalloc uint[Lanes.Count];
        uint inRange = 0;
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            int source = Source(lane, (int)warp.Registers[b + lane] & 31, (int)warp.Registers[c + lane], out bool isInRange);
            if (isInRange) inRange |= 1u << lane;
            if ((mask >> source & 1) == 0)
                warp.Report(Check.InactiveLane, this, lane, null, () => $"lane {source} is read, but it does not take part in the shuffle");
            values[lane] = warp.Registers[a + source];
        }
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            warp.Registers[destination + lane] = values[lane];
        }
        if (predicate >= 0) warp.Registers[predicate] = (warp.Registers[predicate] & ~mask) | inRange;
    }

    private int Source(int lane, int offset, int control, out bool isInRange)
    {
        int clamp = control & 31, segments = control >> 8 & 31;
        int last = (lane & segments) | (clamp & ~segments), first = lane & segments;
        int source = mode switch
        {
            ShuffleMode.Up => lane - offset,
            ShuffleMode.Down => lane + offset,
            ShuffleMode.Butterfly => lane ^ offset,
            _ => first | (offset & ~segments),
        };
        isInRange = mode == ShuffleMode.Up ? source >= last : source <= last;
        return isInRange ? source & 31 : lane;
    }
}

/// <summary>vote.sync.</summary>
internal sealed unsafe class VoteInstruction(VoteMode mode, int destination, PredicateSource predicate, int members) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckMembers(this, members, mask);
        uint votes = predicate.Read(warp.Registers) & mask;
        if (mode == VoteMode.Ballot)
        {
            for (uint left = mask; left != 0; left &= left - 1) warp.Registers[destination + BitOperations.TrailingZeroCount(left)] = votes;
            return;
        }
        bool result = mode switch
        {
            VoteMode.All => votes == mask,
            VoteMode.Any => votes != 0,
            _ => votes == 0 || votes == mask,
        };
        warp.Registers[destination] = (warp.Registers[destination] & ~mask) | (result ? mask : 0);
    }
}

/// <summary>match.any.sync: the lanes that hold the same value; match.all.sync: all lanes if all hold the same, else none.</summary>
internal sealed unsafe class MatchInstruction(bool isAll, int destination, int predicate, int a, bool isWide, int members) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckMembers(this, members, mask);
        uint* results = stackalloc uint[Lanes.Count];
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            uint same = 0;
            for (uint others = mask; others != 0; others &= others - 1)
            {
                int other = BitOperations.TrailingZeroCount(others);
                if (Value(warp, other) == Value(warp, lane)) same |= 1u << other;
            }
            results[lane] = !isAll || same == mask ? same : 0;
        }
        uint agreeing = 0;
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            warp.Registers[destination + lane] = results[lane];
            if (results[lane] == mask) agreeing |= 1u << lane;
        }
        if (predicate >= 0) warp.Registers[predicate] = (warp.Registers[predicate] & ~mask) | agreeing;
    }

    private ulong Value(WarpState warp, int lane) => isWide ? ((ulong*)(warp.Registers + a))[lane] : warp.Registers[a + lane];
}

/// <summary>redux.sync.</summary>
internal sealed unsafe class ReduceInstruction(int destination, int a, int members, Func<uint, uint, uint> join) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        warp.CheckMembers(this, members, mask);
        uint result = warp.Registers[a + BitOperations.TrailingZeroCount(mask)];
        for (uint left = mask & (mask - 1); left != 0; left &= left - 1) result = join(result, warp.Registers[a + BitOperations.TrailingZeroCount(left)]);
        for (uint left = mask; left != 0; left &= left - 1) warp.Registers[destination + BitOperations.TrailingZeroCount(left)] = result;
    }
}

/// <summary>activemask.</summary>
internal sealed unsafe class ActiveMaskInstruction(int destination) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        for (uint left = mask; left != 0; left &= left - 1) warp.Registers[destination + BitOperations.TrailingZeroCount(left)] = mask;
    }
}

/// <summary>mov from %clock, %clock64 and %globaltimer: the warp's instructions so far.</summary>
internal sealed unsafe class ClockInstruction(int destination, bool isWide) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        for (uint left = mask; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            if (isWide) ((ulong*)(warp.Registers + destination))[lane] = (ulong)warp.Executed;
            else warp.Registers[destination + lane] = (uint)warp.Executed;
        }
    }
}
