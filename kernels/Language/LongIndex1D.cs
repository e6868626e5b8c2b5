namespace ILGPU;

/// <summary>An element's place where there may be more than 2^31.</summary>
public readonly struct LongIndex1D(long x)
{
    public long X { get; } = x;

    public static implicit operator LongIndex1D(long x) => new(x);
    public static implicit operator long(LongIndex1D index) => index.X;
}
