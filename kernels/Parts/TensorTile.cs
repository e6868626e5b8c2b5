namespace SmilesBert.Kernels;

/// <summary>
/// The matrix product of one group on tensor cores: a tile of C = A B, 16 deep a step, each warp with 64x32 sums in registers.
/// <para>Both operands are floats in memory; the right one may be in bf16 already. They are copied to shared memory without passing registers
/// (cp.async), four steps in a ring: three on their way while one is multiplied. On their way into registers floats are rounded to the format of the
/// tensor cores; products are exact, and sums are floats. A format is a struct of texts, and so is how an operand lies in memory: a kernel is
/// compiled for each.</para>
/// <para>The texts share registers: x and w as loaded, a and b as the tensor cores take them, sum for the sums. The sum of row 16i + g (and
/// of row 16i + g + 8), columns 8j + 2t and the next, g = lane / 4, t = lane % 4, is in sum[16i + 4j] and the next (and in the two after).</para>
/// </summary>
internal static class TensorTile
{
    /// <summary>Depth of a step.</summary>
    public const int Depth = 16;

    /// <summary>Steps in the ring.</summary>
    public const int Stages = 4;

    /// <summary>Rows and columns of a warp's part of a tile.</summary>
    public const int WarpRows = 64, WarpColumns = 32;

    // Floats from one row of the finished tile to the next in shared memory; eight beside 128 spread the banks, and the first four of them hold
    // the parts of the row's sum.
    private const int Pitch = RowSums + 8, RowSums = 128;

    /// <summary>An operand in memory: a row-major matrix, and whether 128 bits of its rows can be read at once.</summary>
    public readonly record struct Operand(long Address, int Rows, int Columns, int Wide)
    {
        public static Operand Of(FloatView x, int rows, int columns, int wide) => new(x.BaseView.LoadEffectiveAddressAsPtr(), rows, columns, wide);

        public static Operand Of(BFloat16View x, int rows, int columns) => new(x.BaseView.LoadEffectiveAddressAsPtr(), rows, columns, 1);
    }

    /// <summary>Threads of a group.</summary>
    public static int Threads<TTile>() where TTile : struct, ITensorTile => TTile.Size / WarpRows * (TTile.Size / WarpColumns) * 32;

    /// <summary>Dynamic shared memory of a group, in bytes: the ring, and then, in its place, the finished tile.</summary>
    public static int SharedBytes<TLeft, TRight, TTile>()
        where TLeft : struct, ITensorLayout where TRight : struct, IRightLayout where TTile : struct, ITensorTile =>
        Math.Max(Stages * (TLeft.StageFloats(TTile.Size) + TRight.StageFloats(TTile.Size)), TTile.Size * Pitch) * sizeof(float);

    /// <summary>Four sums of the tile by number, row after row; after <see cref="Multiply"/>.</summary>
    public static Float4 Sum<TTile>(int number) where TTile : struct, ITensorTile =>
        SharedMemory.GetDynamic<Float4>()[((Row<TTile>(number) * Pitch) + Column<TTile>(number)) / 4];

    /// <summary>The sum of a row of the left operand over the steps; after a <see cref="Multiply"/> that was asked for it.</summary>
    public static float RowSum(int row)
    {
        Float4 parts = SharedMemory.GetDynamic<Float4>()[((row * Pitch) + RowSums) / 4];
        return parts.X + parts.Y + parts.Z + parts.W;
    }

    /// <summary>The tile's row of four sums.</summary>
    public static int Row<TTile>(int number) where TTile : struct, ITensorTile => number / (TTile.Size / 4);

    /// <summary>The tile's first column of four sums.</summary>
    public static int Column<TTile>(int number) where TTile : struct, ITensorTile => number % (TTile.Size / 4) * 4;

    /// <summary>
    /// The tile at row <paramref name="row0"/> and column <paramref name="column0"/> of C, summed over some steps; for the whole group. With
    /// <paramref name="sumsRows"/> the rows of the left operand are summed on their own, too, unrounded.
    /// </summary>
    public static void Multiply<TLeft, TRight, TFormat, TTile>(
        Operand left, Operand right, int row0, int column0, int firstStep, int steps, bool sumsRows = false)
        where TLeft : struct, ITensorLayout where TRight : struct, IRightLayout where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        int ring = (int)(long)SharedMemory.GetDynamic<Float4>().LoadEffectiveAddressAsPtr();
        int leftBytes = TLeft.StageFloats(TTile.Size) * sizeof(float), stageBytes = leftBytes + (TRight.StageFloats(TTile.Size) * sizeof(float));
        int warp = Group.IdxX / 32, warpRow = warp / (TTile.Size / WarpColumns) * WarpRows, warpColumn = warp % (TTile.Size / WarpColumns) * WarpColumns;
        bool addsRows = sumsRows && warpColumn == 0;        // the other warps have the same rows

        CudaAsm.Emit(TensorText.Start);
        CudaAsm.Emit(TensorText.StartRows);
        for (int step = 0; step < Stages - 1; step++)
        {
            if (step < steps)
            {
                TLeft.Copy<TTile>(left, row0, (firstStep + step) * Depth, ring + (step * stageBytes));
                TRight.Copy<TTile>(right, column0, (firstStep + step) * Depth, ring + (step * stageBytes) + leftBytes);
            }
            CudaAsm.Emit("cp.async.commit_group;");
        }

        for (int step = 0; step < steps; step++)
        {
            CudaAsm.Emit("cp.async.wait_group 2;");         // of the groups of copies, all but the two newest are there
            Group.Barrier();                                // for all; and all are done with the stage that is overwritten next
            int next = step + Stages - 1;
            if (next < steps)
            {
                int to = ring + (next % Stages * stageBytes);
                TLeft.Copy<TTile>(left, row0, (firstStep + next) * Depth, to);
                TRight.Copy<TTile>(right, column0, (firstStep + next) * Depth, to + leftBytes);
            }
            CudaAsm.Emit("cp.async.commit_group;");

            int stage = ring + (step % Stages * stageBytes);
            TLeft.TakeLeft<TTile>(stage, warpRow, 0);
            TRight.TakeRight<TTile>(stage + leftBytes, warpColumn, 0);
            if (addsRows) CudaAsm.Emit(TensorText.AddRows);
            TFormat.FirstHalf();
            TLeft.TakeLeft<TTile>(stage, warpRow, Depth / 2);
            TRight.TakeRight<TTile>(stage + leftBytes, warpColumn, Depth / 2);
            if (addsRows) CudaAsm.Emit(TensorText.AddRows);
            TFormat.SecondHalf();
        }

        Group.Barrier();                                    // before the ring is overwritten
        int row = ring + ((warpRow + (Group.IdxX % 32 / 4)) * Pitch * sizeof(float));
        CudaAsm.Emit(TensorText.Drop, row + ((warpColumn + (Group.IdxX % 4 * 2)) * sizeof(float)));
        if (addsRows) CudaAsm.Emit(TensorText.DropRows, row + ((RowSums + (Group.IdxX % 4)) * sizeof(float)));
        Group.Barrier();
    }

    /// <summary>
    /// Starts copying four floats of a row to shared memory, zeros for those outside the matrix; 128 bits at once where the operand allows it.
    /// </summary>
    public static void CopyFour(Operand x, int row, int column, int to)
    {
        int at = (row * x.Columns) + column;
        if (x.Wide != 0)
        {
            bool inside = row < x.Rows && column < x.Columns;
            CudaAsm.Emit("cp.async.cg.shared.global [%0], [%1], 16, %2;", to, Address(x, inside ? at : 0), inside ? 16 : 0);
            return;
        }
        for (int i = 0; i < 4; i++)
        {
            bool inside = row < x.Rows && column + i < x.Columns;
            CudaAsm.Emit("cp.async.ca.shared.global [%0], [%1], 4, %2;", to + (i * sizeof(float)), Address(x, inside ? at + i : 0), inside ? 4 : 0);
        }
    }

    /// <summary>As <see cref="CopyFour"/>, eight of a row of an operand in bf16; its rows can always be read with 128 bits.</summary>
    public static void CopyEight(Operand x, int row, int column, int to)
    {
        bool inside = row < x.Rows && column < x.Columns;
        long at = inside ? (row * x.Columns) + column : 0;
        CudaAsm.Emit("cp.async.cg.shared.global [%0], [%1], 16, %2;", to, x.Address + (at * sizeof(ushort)), inside ? 16 : 0);
    }

    private static long Address(Operand x, int index) => x.Address + ((long)index * sizeof(float));
}

/// <summary>Rows and columns of a group's tile.</summary>
internal interface ITensorTile
{
    static abstract int Size { get; }
}

/// <summary>128x128: eight warps, two groups in a multiprocessor.</summary>
internal readonly struct LargeTile : ITensorTile
{
    public static int Size => 128;
}

/// <summary>64x64: two warps, for products that would fill too few groups.</summary>
internal readonly struct SmallTile : ITensorTile
{
    public static int Size => 64;
}
