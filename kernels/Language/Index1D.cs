namespace ILGPU;

/// <summary>An element's place. Ints convert to it; as an index it is widened unsigned, so it must not be negative.</summary>
public readonly struct Index1D(int x)
{
    public int X { get; } = x;

    public static implicit operator Index1D(int x) => new(x);
    public static implicit operator int(Index1D index) => index.X;
    public static implicit operator LongIndex1D(Index1D index) => new(index.X);
}
