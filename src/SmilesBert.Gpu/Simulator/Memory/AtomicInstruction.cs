using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>atom and red: lane by lane, in the order of the lanes.</summary>
internal sealed unsafe class AtomicInstruction<T>(StateSpace space, AddressSource address, int destination, int b, int c, Func<T, T, T, T> change)
    : Instruction where T : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        warp.ComputeAddresses(address, mask);
        for (uint pending = mask; pending != 0;)
        {
            uint lanes = warp.Resolve(this, space, sizeof(T), ref pending, out MemoryBlock block);
            if (lanes == 0) continue;
            warp.ObserveAtomic(this, block, lanes, sizeof(T));
            for (uint left = lanes; left != 0; left &= left - 1)
            {
                int lane = BitOperations.TrailingZeroCount(left);
                T* place = (T*)(block.Data + warp.Offsets[lane]);
                T old = *place;
                *place = change(old, Lanes.Read<T>(warp.Registers + b, lane), Lanes.Read<T>(warp.Registers + c, lane));
                if (destination >= 0) Lanes.Write(warp.Registers + destination, lane, old);
            }
        }
    }
}

/// <summary>What has no effect on one simulated thread after another: fences, prefetches, sleeps.</summary>
internal sealed class NothingInstruction : Instruction
{
    public override void Execute(WarpState warp, uint mask) { }
}
