namespace SmilesBert.Ops;

/// <summary>
/// A stretch of a device's memory that holds floats. Only the <see cref="IOps"/> that allocated it can open it:
/// the CPU as a span, a kernel device as a view. The default value is the empty stretch, which stands for an operand left out.
/// </summary>
/// <param name="Memory">The allocation that the stretch lies in, of a type that the device knows.</param>
/// <param name="Offset">Where the stretch begins in the allocation, in floats.</param>
/// <param name="Length">Floats in the stretch.</param>
public readonly record struct Floats(object? Memory, long Offset, int Length)
{
    public bool IsEmpty => Length == 0;

    /// <summary>The part of <paramref name="length"/> floats that begins <paramref name="offset"/> floats in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the stretch.</exception>
    public Floats Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Floats(Memory, Offset + offset, length);
    }
}

/// <summary>A stretch of a device's memory that holds 32-bit integers; see <see cref="Floats"/>.</summary>
/// <param name="Memory">The allocation that the stretch lies in, of a type that the device knows.</param>
/// <param name="Offset">Where the stretch begins in the allocation, in integers.</param>
/// <param name="Length">Integers in the stretch.</param>
public readonly record struct Ints(object? Memory, long Offset, int Length)
{
    public bool IsEmpty => Length == 0;

    /// <summary>The part of <paramref name="length"/> integers that begins <paramref name="offset"/> integers in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the stretch.</exception>
    public Ints Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Ints(Memory, Offset + offset, length);
    }
}
