using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>ld: 1, 2 or 4 elements of memory for each lane, widened to the register.</summary>
internal sealed unsafe class LoadInstruction<TElement, TRegister>(StateSpace space, AddressSource address, int[] destinations) : Instruction
    where TElement : unmanaged, INumber<TElement> where TRegister : unmanaged, INumber<TRegister>
{
    public override void Execute(WarpState warp, uint mask)
    {
        int bytes = sizeof(TElement) * destinations.Length;
        warp.ComputeAddresses(address, mask);
        uint done = 0;
        for (uint pending = mask; pending != 0;)
        {
            uint lanes = warp.Resolve(this, space, bytes, ref pending, out MemoryBlock block);
            if (lanes == 0) continue;
            warp.ObserveRead(this, block, lanes, bytes);
            done |= lanes;
            for (int element = 0; element < destinations.Length; element++)
            {
                TRegister* destination = (TRegister*)(warp.Registers + destinations[element]);
                byte* data = block.Data + element * sizeof(TElement);
                for (uint left = lanes; left != 0; left &= left - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(left);
                    destination[lane] = TRegister.CreateTruncating(*(TElement*)(data + warp.Offsets[lane]));
                }
            }
        }
        if (done != mask) Zero(warp, mask & ~done);
    }

    // What lay out of bounds reads as zero.
    private void Zero(WarpState warp, uint lanes)
    {
        foreach (int destination in destinations)
        {
            for (uint left = lanes; left != 0; left &= left - 1)
                ((TRegister*)(warp.Registers + destination))[BitOperations.TrailingZeroCount(left)] = TRegister.Zero;
        }
    }
}

/// <summary>st: 1, 2 or 4 elements of each lane to memory.</summary>
internal sealed unsafe class StoreInstruction<TElement>(StateSpace space, AddressSource address, int[] sources, bool isWideSource) : Instruction
    where TElement : unmanaged
{
    public override void Execute(WarpState warp, uint mask)
    {
        int bytes = sizeof(TElement) * sources.Length;
        warp.ComputeAddresses(address, mask);
        for (uint pending = mask; pending != 0;)
        {
            uint lanes = warp.Resolve(this, space, bytes, ref pending, out MemoryBlock block);
            if (lanes == 0) continue;
            uint racing = warp.ObserveWrite(this, block, lanes, bytes);
            if (racing != 0) ReportRaces(warp, block, lanes, racing, bytes);
            for (int element = 0; element < sources.Length; element++)
            {
                uint* source = warp.Registers + sources[element];
                byte* data = block.Data + element * sizeof(TElement);
                for (uint left = lanes; left != 0; left &= left - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(left);
                    *(TElement*)(data + warp.Offsets[lane]) = Value(source, lane);
                }
            }
        }
    }

    private TElement Value(uint* source, int lane) => isWideSource ? *(TElement*)((ulong*)source + lane) : *(TElement*)(source + lane);

    // Writing what is there already is harmless in any order; within one store an earlier lane may have put it there.
    private void ReportRaces(WarpState warp, MemoryBlock block, uint lanes, uint racing, int bytes)
    {
        for (uint left = racing; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            for (int element = 0; element < sources.Length; element++)
            {
                TElement value = Value(warp.Registers + sources[element], lane);
                long offset = warp.Offsets[lane] + element * sizeof(TElement);
                TElement there = EarlierLane(warp, lanes, lane, offset) ?? *(TElement*)(block.Data + offset);
                if (EqualityComparer<TElement>.Default.Equals(there, value)) continue;
                warp.ReportRace(this, block, lane, bytes, isWrite: true);
                break;
            }
        }
    }

    private TElement? EarlierLane(WarpState warp, uint lanes, int lane, long offset)
    {
        for (int other = lane - 1; other >= 0; other--)
        {
            if ((lanes >> other & 1) == 0) continue;
            for (int element = 0; element < sources.Length; element++)
            {
                if (warp.Offsets[other] + element * sizeof(TElement) == offset) return Value(warp.Registers + sources[element], other);
            }
        }
        return null;
    }
}
