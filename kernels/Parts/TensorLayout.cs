namespace SmilesBert.Kernels;

/// <summary>
/// How the right operand of <see cref="TensorTile"/> lies in memory. A lane of an operand is a row of C, or a column of it; k runs along the depth.
/// </summary>
internal interface IRightLayout
{
    /// <summary>Floats of one stage in shared memory, for a tile of <paramref name="size"/> lanes.</summary>
    static abstract int StageFloats(int size);

    /// <summary>Starts copying the group's lanes and one step of depth to a stage.</summary>
    static abstract void Copy<TTile>(TensorTile.Operand x, int lane0, int k0, int stage) where TTile : struct, ITensorTile;

    /// <summary>Loads eight of a stage's depth, from <paramref name="k"/>, for the warp's 32 columns: w[2j...] for columns 8j to 8j + 7.</summary>
    static abstract void TakeRight<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile;
}

/// <summary>How either operand may lie in memory, as floats.</summary>
internal interface ITensorLayout : IRightLayout
{
    /// <summary>As <see cref="IRightLayout.TakeRight"/>, for the warp's 64 rows: x[4i...] for rows 16i to 16i + 15.</summary>
    static abstract void TakeLeft<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile;
}

/// <summary>Lanes are rows of memory, the depth runs along them: ldmatrix gives each thread its elements, four floats a row of a matrix.</summary>
internal readonly struct DeepLayout : ITensorLayout
{
    // Floats from one lane to the next: the four beside a step keep 16 bytes' alignment and spread eight lanes over all banks.
    private const int Pitch = TensorTile.Depth + 4;

    public static int StageFloats(int size) => size * Pitch;

    // Eight lanes side by side, then the next four floats of the same: a warp fills whole sectors, and no bank twice.
    public static void Copy<TTile>(TensorTile.Operand x, int lane0, int k0, int stage) where TTile : struct, ITensorTile
    {
        for (int i = 0; i < TTile.Size * (TensorTile.Depth / 4) / TensorTile.Threads<TTile>(); i++)
        {
            int number = (i * TensorTile.Threads<TTile>()) + Group.IdxX, lane = (number / 32 * 8) + (number % 8), k = number / 8 % 4 * 4;
            TensorTile.CopyFour(x, lane0 + lane, k0 + k, stage + (((lane * Pitch) + k) * sizeof(float)));
        }
    }

    // Matrices: lanes 0-7 and 8-15 of the first four of the depth, then of the next four.
    public static void TakeLeft<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile
    {
        int lane = Group.IdxX % 32;
        CudaAsm.Emit(TensorText.TakeDeepLeft, stage + ((((warpLane + (lane % 16)) * Pitch) + k + (lane / 16 * 4)) * sizeof(float)));
    }

    // Matrices: the first and the next four of the depth of lanes 0-7, then of lanes 8-15.
    public static void TakeRight<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile
    {
        int lane = Group.IdxX % 32;
        CudaAsm.Emit(
            TensorText.TakeDeepRight, stage + ((((warpLane + (lane % 8) + (lane / 16 * 8)) * Pitch) + k + (lane / 8 % 2 * 4)) * sizeof(float)));
    }
}

/// <summary>Lanes lie side by side, the depth is the rows of memory: threads load single floats.</summary>
internal readonly struct FlatLayout : ITensorLayout
{
    public static int StageFloats(int size) => TensorTile.Depth * Pitch(size);

    public static void Copy<TTile>(TensorTile.Operand x, int lane0, int k0, int stage) where TTile : struct, ITensorTile
    {
        for (int i = 0; i < TTile.Size * (TensorTile.Depth / 4) / TensorTile.Threads<TTile>(); i++)
        {
            int number = (i * TensorTile.Threads<TTile>()) + Group.IdxX, k = number / (TTile.Size / 4), lane = number % (TTile.Size / 4) * 4;
            TensorTile.CopyFour(x, k0 + k, lane0 + lane, stage + (((k * Pitch(TTile.Size)) + lane) * sizeof(float)));
        }
    }

    public static void TakeLeft<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile
    {
        int first = First<TTile>(stage, warpLane, k);
        CudaAsm.Emit(TensorText.TakeFlatLeft, first, first + (4 * Pitch(TTile.Size) * sizeof(float)));
    }

    public static void TakeRight<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile
    {
        int first = First<TTile>(stage, warpLane, k);
        CudaAsm.Emit(TensorText.TakeFlatRight, first, first + (4 * Pitch(TTile.Size) * sizeof(float)));
    }

    // Floats from one of the depth to the next: with eight beside them, four of the depth and eight lanes are in different banks.
    private static int Pitch(int size) => size + 8;

    private static int First<TTile>(int stage, int warpLane, int k) where TTile : struct, ITensorTile =>
        stage + ((((k + (Group.IdxX % 4)) * Pitch(TTile.Size)) + warpLane + (Group.IdxX % 32 / 4)) * sizeof(float));
}
