using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Counts what accesses cost. Shared memory: 32 banks of 4 bytes; a warp's 8-byte accesses go in two halves, 16-byte ones in four quarters; each
/// further word in a bank of one pass is an extra cycle. Global memory: sectors of 32 bytes that a warp touches, against those its bytes would fill.
/// </summary>
internal sealed unsafe class AccessCounter(int instructions)
{
    private const int Banks = 32, BankBytes = 4, SectorBytes = 32;

    private readonly uint[] bankWords = new uint[Banks * Lanes.Count];
    private readonly byte[] bankCounts = new byte[Banks];
    private readonly HashSet<long> sectors = [];

    /// <summary>For each instruction: extra cycles by bank conflicts; sectors touched; sectors needed at least.</summary>
    public long[] ExtraCycles { get; } = new long[instructions];
    public long[] Sectors { get; } = new long[instructions];
    public long[] IdealSectors { get; } = new long[instructions];

    public void Count(Instruction instruction, MemoryBlock block, WarpState warp, uint lanes, int bytes)
    {
        if (block.Space == StateSpace.Shared) ExtraCycles[instruction.Index] += BankConflicts(warp.Offsets, lanes, bytes);
        else if (block.Space == StateSpace.Global) CountSectors(instruction.Index, warp.Offsets, lanes, bytes);
    }

    /// <summary>Extra passes that the bank conflicts of one access cost.</summary>
    public int BankConflicts(long* offsets, uint lanes, int bytes)
    {
        int lanesAtOnce = bytes switch { 16 => 8, 8 => 16, _ => 32 }, extra = 0;
        for (int first = 0; first < Lanes.Count; first += lanesAtOnce)
        {
            uint part = lanes & (uint)(((1ul << lanesAtOnce) - 1) << first);
            if (part != 0 && !IsWithinOneRow(offsets, part, bytes)) extra += Passes(offsets, part, bytes) - 1;
        }
        return extra;
    }

    // 128 bytes in a row meet every bank once, wherever they start.
    private static bool IsWithinOneRow(long* offsets, uint lanes, int bytes)
    {
        long low = long.MaxValue, high = long.MinValue;
        for (; lanes != 0; lanes &= lanes - 1)
        {
            long offset = offsets[BitOperations.TrailingZeroCount(lanes)];
            low = Math.Min(low, offset);
            high = Math.Max(high, offset);
        }
        return high + bytes - low <= Banks * BankBytes;
    }

    private int Passes(long* offsets, uint lanes, int bytes)
    {
        Array.Clear(bankCounts);
        int most = 1;
        long previous = -1;
        for (; lanes != 0; lanes &= lanes - 1)
        {
            long offset = offsets[BitOperations.TrailingZeroCount(lanes)];
            if (offset == previous) continue;
            previous = offset;
            uint last = (uint)((offset + bytes - 1) / BankBytes);
            for (uint word = (uint)(offset / BankBytes); word <= last; word++)
            {
                int bank = (int)(word % Banks), count = bankCounts[bank];
                if (bankWords.AsSpan(bank * Lanes.Count, count).Contains(word)) continue;
                bankWords[bank * Lanes.Count + count] = word;
                bankCounts[bank] = (byte)++count;
                if (count > most) most = count;
            }
        }
        return most;
    }

    private void CountSectors(int index, long* offsets, uint lanes, int bytes)
    {
        IdealSectors[index] += (BitOperations.PopCount(lanes) * bytes + SectorBytes - 1) / SectorBytes;
        long low = long.MaxValue, high = -1, previous = -1;
        int rising = 0;
        bool isRising = true;
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            long offset = offsets[BitOperations.TrailingZeroCount(left)];
            long first = offset / SectorBytes, last = (offset + bytes - 1) / SectorBytes;
            low = Math.Min(low, first);
            high = Math.Max(high, last);
            isRising &= first >= previous;
            if (first > previous) rising++;
            if (last > first) rising++;
            previous = last;
        }
        Sectors[index] += low == high ? 1 : isRising ? rising : Distinct(offsets, lanes, bytes);
    }

    private int Distinct(long* offsets, uint lanes, int bytes)
    {
        sectors.Clear();
        for (; lanes != 0; lanes &= lanes - 1)
        {
            long offset = offsets[BitOperations.TrailingZeroCount(lanes)];
            sectors.Add(offset / SectorBytes);
            sectors.Add((offset + bytes - 1) / SectorBytes);
        }
        return sectors.Count;
    }
}
