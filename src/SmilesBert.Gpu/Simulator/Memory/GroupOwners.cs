using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>Remembers which group of a launch wrote each cell of global memory, to find groups that depend on each other's order.</summary>
internal sealed unsafe class GroupOwners(int cellBytes)
{
    private readonly Dictionary<MemoryBlock, int[]> writers = [];       // group + 1 for each cell

    public void Check(WarpState warp, Instruction instruction, MemoryBlock block, uint lanes, int bytes, bool isWrite)
    {
        if (!writers.TryGetValue(block, out int[]? cells)) writers[block] = cells = new int[block.Length / cellBytes + 1];
        int me = warp.Group.Index + 1;
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            long last = (warp.Offsets[lane] + bytes - 1) / cellBytes;
            for (long cell = warp.Offsets[lane] / cellBytes; cell <= last; cell++)
            {
                int other = cells[cell];
                if (isWrite) cells[cell] = me;
                if (other == 0 || other == me) continue;
                ulong address = warp.Addresses[lane];
                warp.Report(Simulator.Check.GroupConflict, instruction, lane, address, () =>
                    $"{bytes} bytes at global address 0x{address:x} are {(isWrite ? "written" : "read")} though group {other - 1} wrote them: {warp.Group.Memory.Describe(address)}");
                break;
            }
        }
    }
}
