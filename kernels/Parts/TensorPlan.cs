namespace SmilesBert.Kernels;

/// <summary>
/// How a product is cut into groups: by tile, and, where the tiles alone would leave multiprocessors idle, the depth into parts, whose sums a
/// second launch adds in order. It follows from the sizes alone, not from the device: the same bits everywhere.
/// </summary>
/// <param name="IsLarge">Tiles of 128x128, else of 64x64.</param>
/// <param name="Tiles">Tiles of C.</param>
/// <param name="Parts">Parts of the depth.</param>
/// <param name="PartSteps">Steps of each part but the last, which may have fewer.</param>
internal readonly record struct TensorPlan(bool IsLarge, int Tiles, int Parts, int PartSteps)
{
    // About as many as a data centre's GPU has: 108 of an A100, 132 of an H100 or H200.
    private const int Multiprocessors = 128;

    // A part 256 deep is worth the second launch and the traffic of its sums.
    private const int LeastSteps = 16;

    /// <summary>Groups of the product's launch.</summary>
    public int Groups => Tiles * Parts;

    /// <summary>Threads of a group.</summary>
    public int Threads => IsLarge ? TensorTile.Threads<LargeTile>() : TensorTile.Threads<SmallTile>();

    /// <summary>Dynamic shared memory of a group, in bytes.</summary>
    public int SharedBytes<TLeft, TRight>() where TLeft : struct, ITensorLayout where TRight : struct, IRightLayout =>
        IsLarge ? TensorTile.SharedBytes<TLeft, TRight, LargeTile>() : TensorTile.SharedBytes<TLeft, TRight, SmallTile>();

    public static TensorPlan Of(int rows, int columns, int depth)
    {
        int steps = Count(depth, TensorTile.Depth), large = Count(rows, LargeTile.Size) * Count(columns, LargeTile.Size);
        if (large >= Multiprocessors) return new TensorPlan(true, large, 1, steps);
        int small = Count(rows, SmallTile.Size) * Count(columns, SmallTile.Size);
        int parts = Math.Clamp(Multiprocessors / small, 1, Math.Max(1, steps / LeastSteps)), partSteps = Count(steps, parts);
        return new TensorPlan(false, small, Count(steps, partSteps), partSteps);
    }

    private static int Count(int size, int of) => (size + of - 1) / of;
}
