namespace SmilesBert.Kernels;

/// <summary>Sums and maxima over the threads of a warp, a group, a column: always in the same order, so that two runs give the same bits.</summary>
internal static class Reduce
{
    /// <summary>Threads of a group that gives columns to stripes: <see cref="Columns"/> side by side, each with <see cref="Stripes"/> threads.</summary>
    public const int ColumnThreads = Columns * Stripes;

    /// <summary>Columns of a group: eight floats are the 32 bytes that memory moves at least.</summary>
    public const int Columns = 8;

    /// <summary>Threads that share the rows of one column.</summary>
    public const int Stripes = 32;

    // Warps of the largest group that adds up: 8 of 32 lanes, or 64 of the 4 that some debuggers have.
    private const int MaxWarps = 64;

    /// <summary>This thread's stripe.</summary>
    public static int Stripe => Group.IdxX / Columns;

    /// <summary>This thread's column in the <paramref name="group"/>-th eight of a matrix; it may be past the matrix.</summary>
    public static int Column(int group) => (group * Columns) + (Group.IdxX % Columns);

    /// <summary>Groups that cover a matrix of <paramref name="columns"/> columns.</summary>
    public static int ColumnGroups(int columns) => (columns + Columns - 1) / Columns;

    /// <summary>The lanes' sum, for every lane: a butterfly.</summary>
    public static float WarpSum(float value)
    {
        for (int mask = Warp.WarpSize / 2; mask > 0; mask /= 2) value += Warp.ShuffleXor(value, mask);
        return value;
    }

    /// <summary>The lanes' maximum, for every lane.</summary>
    public static float WarpMax(float value)
    {
        for (int mask = Warp.WarpSize / 2; mask > 0; mask /= 2) value = XMath.Max(value, Warp.ShuffleXor(value, mask));
        return value;
    }

    /// <summary>The group's sum, for every thread. All threads call it; each call has its own shared memory.</summary>
    public static float GroupSum(float value)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(MaxWarps);
        value = WarpSum(value);
        if (Warp.LaneIdx == 0) warps[Group.IdxX / Warp.WarpSize] = value;
        Group.Barrier();
        float sum = warps[0];
        for (int warp = 1; warp < Group.DimX / Warp.WarpSize; warp++) sum += warps[warp];
        return sum;
    }

    /// <summary>The group's maximum, for every thread. All threads call it; each call has its own shared memory.</summary>
    public static float GroupMax(float value)
    {
        ArrayView<float> warps = SharedMemory.Allocate<float>(MaxWarps);
        value = WarpMax(value);
        if (Warp.LaneIdx == 0) warps[Group.IdxX / Warp.WarpSize] = value;
        Group.Barrier();
        float max = warps[0];
        for (int warp = 1; warp < Group.DimX / Warp.WarpSize; warp++) max = XMath.Max(max, warps[warp]);
        return max;
    }

    /// <summary>
    /// In a group of <see cref="ColumnThreads"/>, the sum over each column's stripes, in their order; only stripe 0 gets it.
    /// All threads call it; each call has its own shared memory.
    /// </summary>
    public static float ColumnSum(float value)
    {
        ArrayView<float> stripes = SharedMemory.Allocate<float>(ColumnThreads);
        stripes[Group.IdxX] = value;
        Group.Barrier();
        if (Stripe == 0)
        {
            for (int stripe = 1; stripe < Stripes; stripe++) value += stripes[(stripe * Columns) + Group.IdxX];
        }
        return value;
    }
}
