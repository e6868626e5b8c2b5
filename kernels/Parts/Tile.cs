namespace SmilesBert.Kernels;

/// <summary>
/// The matrix product of one group: a 64x64 tile of C = A B, 16 deep a step, each of 256 threads with 4x4 sums in registers.
/// Both operands are staged in shared memory by depth: the inner loop then reads four rows and four columns with 128 bits each.
/// </summary>
internal static class Tile
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Size = 64;

    /// <summary>Depth of a step.</summary>
    public const int Depth = 16;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>Float4s of one operand's stage.</summary>
    public const int Stage = Depth * Pitch / 4;

    // Of one depth's 64 floats; the four beside them keep 16 bytes' alignment and spread the banks.
    private const int Pitch = Size + 4;

    /// <summary>A thread's 4x4 sums, by row.</summary>
    public readonly record struct Sums(Float4 Row0, Float4 Row1, Float4 Row2, Float4 Row3)
    {
        /// <summary>One of the rows, 0 to 3.</summary>
        public Float4 Row(int row) => row == 0 ? Row0 : row == 1 ? Row1 : row == 2 ? Row2 : Row3;

        public Sums MulAdd(Float4 a, Float4 b) => new(Row0.MulAdd(a.X, b), Row1.MulAdd(a.Y, b), Row2.MulAdd(a.Z, b), Row3.MulAdd(a.W, b));
    }

    /// <summary>Where in the tile the thread's 4x4 sums lie.</summary>
    public static int Row => Group.IdxX / 16 * 4;
    public static int Column => Group.IdxX % 16 * 4;

    // What a thread brings of an operand whose depth runs along its rows: four floats of one row.
    public static int DeepRow => Group.IdxX / 4;
    public static int DeepDepth => Group.IdxX % 4 * 4;

    // What a thread brings of an operand whose depth is its rows: four columns of one row.
    public static int FlatDepth => Group.IdxX / 16;
    public static int FlatColumn => Group.IdxX % 16 * 4;

    /// <summary>Tiles that cover a size.</summary>
    public static int Count(int size) => (size + Size - 1) / Size;

    /// <summary>Four floats of a row of X (rows,columns), 0 outside; 128 bits at once where <paramref name="wide"/>.</summary>
    public static Float4 Load(FloatView x, int row, int column, int rows, int columns, int wide)
    {
        Float4 v = default;
        if (row < rows && column < columns)
        {
            int at = (row * columns) + column;
            if (wide != 0) return x.Cast<float, Float4>()[at / 4];
            v.X = x[at];
            if (column + 1 < columns) v.Y = x[at + 1];
            if (column + 2 < columns) v.Z = x[at + 2];
            if (column + 3 < columns) v.W = x[at + 3];
        }
        return v;
    }

    /// <summary>Writes four floats of a row of Y (rows,columns), but nothing outside.</summary>
    public static void Store(FloatView y, int row, int column, int rows, int columns, int wide, Float4 v)
    {
        if (row >= rows || column >= columns) return;
        int at = (row * columns) + column;
        if (wide != 0)
        {
            y.Cast<float, Float4>()[at / 4] = v;
            return;
        }
        y[at] = v.X;
        if (column + 1 < columns) y[at + 1] = v.Y;
        if (column + 2 < columns) y[at + 2] = v.Z;
        if (column + 3 < columns) y[at + 3] = v.W;
    }

    /// <summary>As <see cref="Store"/>, but adds.</summary>
    public static void Add(FloatView y, int row, int column, int rows, int columns, int wide, Float4 v) =>
        Store(y, row, column, rows, columns, wide, Load(y, row, column, rows, columns, wide).Plus(v));

    /// <summary>Stages four floats along the depth, each on its own line.</summary>
    public static void StageDeep(ArrayView<Float4> stage, Float4 v)
    {
        ArrayView<float> floats = stage.Cast<float>();
        int at = (DeepDepth * Pitch) + DeepRow;
        floats[at] = v.X;
        floats[at + Pitch] = v.Y;
        floats[at + (2 * Pitch)] = v.Z;
        floats[at + (3 * Pitch)] = v.W;
    }

    /// <summary>Stages four columns of one depth.</summary>
    public static void StageFlat(ArrayView<Float4> stage, Float4 v) => stage[((FlatDepth * Pitch) + FlatColumn) / 4] = v;

    /// <summary>Multiplies what is staged; four depths are written out, so that their loads overlap.</summary>
    public static Sums MulAdd(Sums sums, ArrayView<Float4> a, ArrayView<Float4> b)
    {
        int atA = Row / 4, atB = Column / 4;
        for (int depth = 0; depth < Depth; depth += 4)
        {
            sums = sums.MulAdd(a[atA], b[atB]);
            sums = sums.MulAdd(a[atA + (Pitch / 4)], b[atB + (Pitch / 4)]);
            sums = sums.MulAdd(a[atA + (2 * Pitch / 4)], b[atB + (2 * Pitch / 4)]);
            sums = sums.MulAdd(a[atA + (3 * Pitch / 4)], b[atB + (3 * Pitch / 4)]);
            atA += Pitch;
            atB += Pitch;
        }
        return sums;
    }

    /// <summary>The sum over the depth of one staged column.</summary>
    public static float DepthSum(ArrayView<Float4> stage, int column)
    {
        ArrayView<float> floats = stage.Cast<float>();
        float sum = 0f;
        for (int depth = 0; depth < Depth; depth++) sum += floats[(depth * Pitch) + column];
        return sum;
    }
}
