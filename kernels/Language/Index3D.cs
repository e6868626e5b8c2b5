namespace ILGPU;

/// <summary>A thread's place in the grid.</summary>
public readonly struct Index3D(int x, int y, int z)
{
    public int X { get; } = x;
    public int Y { get; } = y;
    public int Z { get; } = z;
}
