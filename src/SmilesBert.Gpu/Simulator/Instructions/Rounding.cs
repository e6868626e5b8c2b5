namespace SmilesBert.Gpu.Simulator;

/// <summary>Rounding of cvt: to the nearest (ties to even, or away from zero), to zero, down, up.</summary>
internal enum RoundingMode { Nearest, NearestAway, Zero, Down, Up }

/// <summary>Conversions between number formats with every rounding. Values come as doubles, which hold all narrower formats exactly.</summary>
internal static class Rounding
{
    public static double ToIntegral(double x, RoundingMode mode) => mode switch
    {
        RoundingMode.Zero => Math.Truncate(x),
        RoundingMode.Down => Math.Floor(x),
        RoundingMode.Up => Math.Ceiling(x),
        _ => Math.Round(x, MidpointRounding.ToEven),
    };

    public static float ToSingle(double x, RoundingMode mode)
    {
        float nearest = (float)x;
        if (nearest == x || double.IsNaN(x)) return nearest;
        bool isAbove = nearest > x;
        return mode switch
        {
            RoundingMode.Zero when MathF.Abs(nearest) > Math.Abs(x) => isAbove ? MathF.BitDecrement(nearest) : MathF.BitIncrement(nearest),
            RoundingMode.Down when isAbove => MathF.BitDecrement(nearest),
            RoundingMode.Up when !isAbove => MathF.BitIncrement(nearest),
            _ => nearest,
        };
    }

    public static Half ToHalf(double x, RoundingMode mode)
    {
        Half nearest = (Half)x;
        if (mode != RoundingMode.Zero || Half.IsNaN(nearest) || Math.Abs((double)nearest) <= Math.Abs(x)) return nearest;
        return x > 0 ? Half.BitDecrement(nearest) : Half.BitIncrement(nearest);
    }

    /// <summary>The upper half of the float, rounded; NaN becomes 0x7FFF as on a GPU.</summary>
    public static ushort ToBFloat16(float x, RoundingMode mode)
    {
        if (float.IsNaN(x)) return 0x7FFF;
        uint bits = BitConverter.SingleToUInt32Bits(x);
        if (mode != RoundingMode.Zero) bits += 0x7FFF + (bits >> 16 & 1);
        return (ushort)(bits >> 16);
    }

    /// <summary>A float with the 10 fraction bits of tf32, ties away from zero; the low 13 bits are zero.</summary>
    public static uint ToTensorFloat(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsFinite(x) ? (bits + 0x1000) & ~0x1FFFu : bits & ~0x1FFFu;
    }

    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>
    /// A 64-bit integer as a double whose last bit says "inexact" when bits were lost, so that rounding it once more gives what one rounding
    /// of the integer would have given.
    /// </summary>
    public static double ToOdd(ulong magnitude)
    {
        if (magnitude >> 53 == 0) return magnitude;
        ulong isInexact = (magnitude & 0x7FF) != 0 ? 0x800ul : 0;
        return (magnitude & ~0x7FFul) | isInexact;
    }
}
