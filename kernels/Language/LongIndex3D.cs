namespace ILGPU;

/// <summary>A thread's place in the grid where there may be more than 2^31.</summary>
public readonly struct LongIndex3D(long x, long y, long z)
{
    public long X { get; } = x;
    public long Y { get; } = y;
    public long Z { get; } = z;
}
