using System.Text;

namespace SmilesBert.Tests.Hostile;

/// <summary>Damage that knows nothing of a file's form, and a little that knows text.</summary>
internal static class ByteMutations
{
    private static readonly byte[] Interesting = [0, 1, 0x7f, 0x80, 0xff, .. "\"'\\\n\r\t ,;:.-+[](){}0129eE#@"u8];

    private static readonly string[] Numbers =
    [
        "-1", "0", "-0", "1", "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1e999", "-1e999", "1e-999", "1e308", "NaN", "Infinity", "0.5", "1.0", "00", "1e2",
        "99999999999999999999999999999999999999999", "0x10", "16777216", "16777217", "1073741824",
    ];

    /// <summary>What may be done to any file.</summary>
    public static Mutation[] Any => [Flip, Flip, Set, Truncate, Insert, CutOrRepeat, CutOrRepeat, Fill, Integer];

    /// <summary>What may be done to any text.</summary>
    public static Mutation[] AnyText => [.. Any, Number, Number, Number, DoubleLine, DropLine, SwapLines];

    private static byte[] Flip(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        if (bad.Length > 0) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
        return bad;
    }

    private static byte[] Set(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        if (bad.Length > 0) bad[random.Next(bad.Length)] = Interesting[random.Next(Interesting.Length)];
        return bad;
    }

    private static byte[] Truncate(byte[] good, Random random) => good[..random.Next(good.Length + 1)];

    private static byte[] Insert(byte[] good, Random random)
    {
        byte[] extra = new byte[random.Next(1, 20)];
        random.NextBytes(extra);
        int at = random.Next(good.Length + 1);
        return [.. good[..at], .. extra, .. good[at..]];
    }

    private static byte[] CutOrRepeat(byte[] good, Random random)
    {
        int end = random.Next(good.Length + 1), start = Math.Max(0, random.Next(2) == 0 ? end - random.Next(64) : random.Next(good.Length + 1));
        return [.. good[..end], .. good[start..]];
    }

    private static byte[] Fill(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        if (bad.Length == 0) return bad;
        int at = random.Next(bad.Length);
        bad.AsSpan(at, Math.Min(random.Next(1, 9), bad.Length - at)).Fill(Interesting[random.Next(5)]);
        return bad;
    }

    // A little-endian integer at the edge of its type, where lengths and offsets may lie.
    private static byte[] Integer(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        long[] edges = [-1, 0, 1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, good.Length, good.Length + 1, 1L << 40];
        byte[] value = BitConverter.GetBytes(edges[random.Next(edges.Length)]);
        int width = 1 << random.Next(4);
        if (bad.Length < width) return bad;
        value.AsSpan(0, width).CopyTo(bad.AsSpan(random.Next(2) == 0 ? 0 : random.Next(bad.Length - width + 1)));
        return bad;
    }

    private static byte[] Number(byte[] good, Random random)
    {
        if (good.Length == 0) return good;
        int start = random.Next(good.Length);
        while (start < good.Length && !IsDigit(good[start])) start++;
        while (start > 0 && start < good.Length && IsDigit(good[start - 1])) start--;
        int end = start;
        while (end < good.Length && IsDigit(good[end])) end++;
        return [.. good[..start], .. Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]), .. good[end..]];

        static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
    }

    private static byte[] DoubleLine(byte[] good, Random random)
    {
        (int start, int end) = Line(good, random);
        return [.. good[..end], .. good[start..]];
    }

    private static byte[] DropLine(byte[] good, Random random)
    {
        (int start, int end) = Line(good, random);
        return [.. good[..start], .. good[end..]];
    }

    private static byte[] SwapLines(byte[] good, Random random)
    {
        (int start, int end) = Line(good, random);
        (int other, int otherEnd) = Line(good, random);
        if (other < end) return good;
        return [.. good[..start], .. good[other..otherEnd], .. good[end..other], .. good[start..end], .. good[otherEnd..]];
    }

    private static (int Start, int End) Line(byte[] text, Random random)
    {
        int at = random.Next(text.Length + 1);
        int start = text.AsSpan(0, at).LastIndexOf((byte)'\n') + 1, length = text.AsSpan(at).IndexOf((byte)'\n');
        return (start, length < 0 ? text.Length : at + length + 1);
    }
}
