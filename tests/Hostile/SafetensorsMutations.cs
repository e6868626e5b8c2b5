using System.Buffers.Binary;

namespace SmilesBert.Tests.Hostile;

/// <summary>Changes inside a safetensors header, with the length before it right, so that they are not refused for that alone; and lengths that lie.</summary>
internal static class SafetensorsMutations
{
    /// <summary>A header that another mutation changes.</summary>
    public static Mutation Header(Mutation change) => (good, random) =>
    {
        if (good.Length < 8) return good;
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(good);
        if (length > (ulong)good.Length - 8) return good;
        byte[] header = change(good[8..(8 + (int)length)], random);
        return [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. good[(8 + (int)length)..]];
    };

    /// <summary>Another length of the header than it has.</summary>
    public static byte[] WrongLength(byte[] good, Random random)
    {
        if (good.Length < 8) return good;
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(good);
        ulong[] lengths =
        [
            0, 1, 2, length - 1, length + 1, (ulong)good.Length, (ulong)good.Length - 8, (ulong)good.Length - 7, 100_000_000, 100_000_001, int.MaxValue,
            1UL << 31, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 7, (ulong)random.Next(good.Length),
        ];
        return [.. BitConverter.GetBytes(lengths[random.Next(lengths.Length)]), .. good[8..]];
    }
}
