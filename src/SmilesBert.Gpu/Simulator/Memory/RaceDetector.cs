using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Remembers for each cell of shared memory who wrote and who read it last since the group's last barrier. A cell is as wide as the narrowest
/// access of the kernel. Two threads of one warp are in order too when a bar.warp.sync lies between. A barrier of part of the group counts as one
/// of all: races that only it would leave open are missed, none is invented. Atomics are not looked at.
/// </summary>
internal sealed unsafe class RaceDetector(int bytes, int cellBytes)
{
    // A record: epoch of the group (32 bits), epoch of the warp (16), who (16): a thread, or several of a warp, or several of the group.
    private const ulong Several = 0x8000, SeveralWarps = 0xFFFF, WhoBits = 0xFFFF;

    private readonly ulong[] writers = new ulong[bytes / cellBytes + 2];
    private readonly ulong[] readers = new ulong[bytes / cellBytes + 2];
    private readonly int shift = BitOperations.Log2((uint)cellBytes);
    private readonly string[] others = new string[Lanes.Count];         // who each racing lane met
    private uint epoch = 1;

    /// <summary>All that was done is in order with all that follows.</summary>
    public void NextEpoch() => epoch++;

    /// <summary>Lanes that read what another thread wrote since the last barrier.</summary>
    public uint Read(WarpState warp, uint lanes, int accessBytes)
    {
        ulong stamp = (ulong)epoch << 32 | (ulong)warp.Epoch << 16, several = stamp | Several | (uint)warp.Index;
        uint racing = 0;
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            ulong who = (ulong)(warp.Index * Lanes.Count + lane), now = stamp | who;
            long last = (warp.Offsets[lane] + accessBytes - 1) >> shift;
            for (long cell = warp.Offsets[lane] >> shift; cell <= last; cell++)
            {
                ulong writer = writers[cell];
                if (writer >> 32 == epoch && IsConflict(writer, who, warp)) racing |= Note(lane, writer, "wrote");
                ulong reader = readers[cell];
                if (reader >> 32 != epoch) readers[cell] = now;
                else if (reader != several && (reader & WhoBits) != SeveralWarps) readers[cell] = Join(reader, now, warp);
            }
        }
        return racing;
    }

    /// <summary>Lanes that write what another thread wrote or read since the last barrier.</summary>
    public uint Write(WarpState warp, uint lanes, int accessBytes)
    {
        ulong stamp = (ulong)epoch << 32 | (ulong)warp.Epoch << 16;
        uint racing = 0;
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            ulong who = (ulong)(warp.Index * Lanes.Count + lane), now = stamp | who;
            long last = (warp.Offsets[lane] + accessBytes - 1) >> shift;
            for (long cell = warp.Offsets[lane] >> shift; cell <= last; cell++)
            {
                ulong writer = writers[cell], reader = readers[cell];
                if (writer >> 32 == epoch && IsConflict(writer, who, warp)) racing |= Note(lane, writer, "wrote");
                if (reader >> 32 == epoch && IsConflict(reader, who, warp)) racing |= Note(lane, reader, "read");
                writers[cell] = now;
            }
        }
        return racing;
    }

    /// <summary>Whom a racing lane met, in words.</summary>
    public string Other(int lane) => others[lane];

    private uint Note(int lane, ulong record, string verb)
    {
        ulong who = record & WhoBits;
        string name = who == SeveralWarps ? "several threads" : (who & Several) != 0 ? $"several threads of warp {who & ~Several}" : $"thread {who}";
        others[lane] = $"{name} {verb} it";
        return 1u << lane;
    }

    // Records of this epoch alone.
    private static bool IsConflict(ulong record, ulong who, WarpState warp)
    {
        ulong other = record & WhoBits;
        if (other == who) return false;
        bool isSameWarp = other != SeveralWarps && ((other & Several) != 0 ? other & ~Several : other / Lanes.Count) == (ulong)warp.Index;
        return !isSameWarp || (ushort)(record >> 16) == warp.Epoch;
    }

    // A reader joins earlier ones. Of one warp, those before its last bar.warp.sync need not be remembered: the newer one stands for them.
    private static ulong Join(ulong reader, ulong now, WarpState warp)
    {
        ulong other = reader & WhoBits;
        if (reader == now) return reader;
        ulong otherWarp = (other & Several) != 0 ? other & ~Several : other / Lanes.Count;
        if (otherWarp != (ulong)warp.Index) return reader | SeveralWarps;
        if ((ushort)(reader >> 16) != warp.Epoch) return now;
        return (now & ~WhoBits) | Several | (uint)warp.Index;
    }
}
