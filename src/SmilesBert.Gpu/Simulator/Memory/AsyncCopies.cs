using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// A warp's cp.asyncs under way. The source is read at once, but the bytes arrive as late as they may: when their thread waits for their group.
/// Until then the destination is marked, and touching it is a fault.
/// </summary>
internal sealed unsafe class AsyncCopies
{
    private readonly record struct Copy(int Lane, int Destination, int Bytes, UInt128 Data, int Batch);

    private readonly List<Copy> copies = [];
    private readonly int[] batches = new int[Lanes.Count];              // each lane's commits

    public void Clear()
    {
        copies.Clear();
        Array.Clear(batches);
    }

    public void Add(int lane, int destination, int bytes, UInt128 data) => copies.Add(new Copy(lane, destination, bytes, data, batches[lane]));

    public void Commit(uint lanes)
    {
        for (; lanes != 0; lanes &= lanes - 1) batches[BitOperations.TrailingZeroCount(lanes)]++;
    }

    /// <summary>Lets everything arrive but each lane's newest <paramref name="newest"/> groups; with -1 also what is not committed.</summary>
    public void Wait(WarpState warp, uint lanes, int newest)
    {
        MemoryBlock shared = warp.Group.Shared;
        int kept = 0;
        for (int i = 0; i < copies.Count; i++)
        {
            Copy copy = copies[i];
            bool isAwaited = (lanes >> copy.Lane & 1) != 0 && copy.Batch < batches[copy.Lane] - newest;
            if (!isAwaited)
            {
                copies[kept++] = copy;
                continue;
            }
            UInt128 data = copy.Data;
            new ReadOnlySpan<byte>(&data, copy.Bytes).CopyTo(new Span<byte>(shared.Data + copy.Destination, copy.Bytes));
            shared.Mark(copy.Destination, copy.Bytes, MemoryBlock.Set);
            warp.Offsets[copy.Lane] = copy.Destination;
            warp.Group.Races?.Write(warp, 1u << copy.Lane, copy.Bytes); // as if the thread stored it now
        }
        copies.RemoveRange(kept, copies.Count - kept);
    }
}

/// <summary>cp.async: <paramref name="bytes"/> from global to shared memory; what lies behind the source's size is zeros.</summary>
internal sealed unsafe class AsyncCopyInstruction(AddressSource target, AddressSource source, int bytes, int sourceBytes, bool isSourceBytesWide, PredicateSource ignore) : Instruction
{
    public override void Execute(WarpState warp, uint mask)
    {
        UInt128* data = stackalloc UInt128[Lanes.Count];
        new Span<byte>(data, sizeof(UInt128) * Lanes.Count).Clear();
        int* counts = stackalloc int[Lanes.Count];
        uint reading = 0;
        for (uint left = mask & ~ignore.Read(warp.Registers); left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            uint* register = warp.Registers + sourceBytes;
            counts[lane] = sourceBytes < 0 ? bytes : (int)Math.Min(isSourceBytesWide ? ((ulong*)register)[lane] : register[lane], (ulong)bytes);
            if (counts[lane] > 0) reading |= 1u << lane;
        }
        warp.ComputeAddresses(source, mask);
        for (uint pending = reading; pending != 0;)
        {
            int count = counts[BitOperations.TrailingZeroCount(pending)];
            uint same = 0;
            for (uint left = pending; left != 0; left &= left - 1)
            {
                int lane = BitOperations.TrailingZeroCount(left);
                if (counts[lane] == count) same |= 1u << lane;
            }
            uint unserved = same;
            uint lanes = warp.Resolve(this, StateSpace.Global, count, ref unserved, out MemoryBlock block);
            pending &= ~same | unserved;
            if (lanes == 0) continue;
            warp.ObserveRead(this, block, lanes, count);
            for (; lanes != 0; lanes &= lanes - 1)
            {
                int lane = BitOperations.TrailingZeroCount(lanes);
                new ReadOnlySpan<byte>(block.Data + warp.Offsets[lane], counts[lane]).CopyTo(new Span<byte>(data + lane, bytes));
            }
        }
        Send(warp, mask, data);
    }

    private void Send(WarpState warp, uint mask, UInt128* data)
    {
        warp.ComputeAddresses(target, mask);
        uint pending = mask;
        uint lanes = warp.Resolve(this, StateSpace.Shared, bytes, ref pending, out MemoryBlock shared);
        if (lanes == 0) return;
        for (uint racing = warp.ObserveWrite(this, shared, lanes, bytes); racing != 0; racing &= racing - 1)
            warp.ReportRace(this, shared, BitOperations.TrailingZeroCount(racing), bytes, isWrite: true);
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            shared.Mark(warp.Offsets[lane], bytes, MemoryBlock.InFlight);
            warp.AsyncCopies.Add(lane, (int)warp.Offsets[lane], bytes, data[lane]);
        }
    }
}

/// <summary>cp.async.commit_group.</summary>
internal sealed class AsyncCommitInstruction : Instruction
{
    public override void Execute(WarpState warp, uint mask) => warp.AsyncCopies.Commit(mask);
}

/// <summary>cp.async.wait_group and wait_all (-1).</summary>
internal sealed class AsyncWaitInstruction(int newest) : Instruction
{
    public override void Execute(WarpState warp, uint mask) => warp.AsyncCopies.Wait(warp, mask, newest);
}
