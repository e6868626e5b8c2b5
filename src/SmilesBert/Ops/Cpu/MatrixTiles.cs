using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// Products of small matrices that stay in the cache, tile by tile: <see cref="Rows"/> by <see cref="Columns"/> sums live in registers.
/// Matrices are laid out for it, padded with zeros to whole tiles.
/// </summary>
internal static unsafe class MatrixTiles
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Rows = 4, Columns = 16;

    /// <summary><paramref name="count"/> rounded up to whole tiles of columns.</summary>
    public static int PadColumns(int count) => (count + Columns - 1) / Columns * Columns;

    /// <summary><paramref name="count"/> rounded up to whole tiles of rows.</summary>
    public static int PadRows(int count) => (count + Rows - 1) / Rows * Rows;

    /// <summary>
    /// C[r,c] = sum over d of A(r,d) * B[d,c], or += it. A(r,d) is a[r * aRow + d * aDepth], so A may lie transposed.
    /// </summary>
    /// <param name="c">(rows, columns) with <paramref name="cRow"/> floats a row.</param>
    /// <param name="cRow">Floats a row of C.</param>
    /// <param name="a">(rows, depth) at the given strides.</param>
    /// <param name="aRow">From a row of A to the next.</param>
    /// <param name="aDepth">From a column of A to the next.</param>
    /// <param name="b">(depth, columns) with <paramref name="bRow"/> floats a row.</param>
    /// <param name="bRow">Floats a row of B.</param>
    /// <param name="rows">A multiple of <see cref="Rows"/>.</param>
    /// <param name="columns">A multiple of <see cref="Columns"/>.</param>
    /// <param name="depth">Terms of each sum.</param>
    /// <param name="accumulate">Add to C in place of overwriting it.</param>
    public static void Multiply(
        float* c, int cRow, float* a, int aRow, int aDepth, float* b, int bRow, int rows, int columns, int depth, bool accumulate = false)
    {
        for (int column = 0; column < columns; column += Columns)
            for (int row = 0; row < rows; row += Rows)
                Tile(c + ((long)row * cRow) + column, cRow, a + ((long)row * aRow), aRow, aDepth, b + column, bRow, depth, accumulate);
    }

    private static void Tile(float* c, int cRow, float* a, nint aRow, nint aDepth, float* b, nint bRow, int depth, bool accumulate)
    {
        float* c0 = c, c1 = c + cRow, c2 = c1 + cRow, c3 = c2 + cRow;
        float* a2 = a + (2 * aRow);
        Vector256<float> x0 = default, x1 = default, x2 = default, x3 = default, y0 = default, y1 = default, y2 = default, y3 = default;
        if (accumulate)
        {
            (x0, y0) = (Vector256.Load(c0), Vector256.Load(c0 + 8));
            (x1, y1) = (Vector256.Load(c1), Vector256.Load(c1 + 8));
            (x2, y2) = (Vector256.Load(c2), Vector256.Load(c2 + 8));
            (x3, y3) = (Vector256.Load(c3), Vector256.Load(c3 + 8));
        }
        for (int d = 0; d < depth; d++)
        {
            Vector256<float> left = Vector256.Load(b), right = Vector256.Load(b + 8);
            Vector256<float> f = Vector256.Create(a[0]);
            x0 = VectorMath.MultiplyAdd(f, left, x0);
            y0 = VectorMath.MultiplyAdd(f, right, y0);
            f = Vector256.Create(a[aRow]);
            x1 = VectorMath.MultiplyAdd(f, left, x1);
            y1 = VectorMath.MultiplyAdd(f, right, y1);
            f = Vector256.Create(a2[0]);
            x2 = VectorMath.MultiplyAdd(f, left, x2);
            y2 = VectorMath.MultiplyAdd(f, right, y2);
            f = Vector256.Create(a2[aRow]);
            x3 = VectorMath.MultiplyAdd(f, left, x3);
            y3 = VectorMath.MultiplyAdd(f, right, y3);
            a += aDepth;
            a2 += aDepth;
            b += bRow;
        }
        x0.Store(c0);
        y0.Store(c0 + 8);
        x1.Store(c1);
        y1.Store(c1 + 8);
        x2.Store(c2);
        y2.Store(c2 + 8);
        x3.Store(c3);
        y3.Store(c3 + 8);
    }

    /// <summary>
    /// Y[r,c] = X[r,c] * factor, with zeros to Y's <paramref name="yRow"/> columns (whole tiles) and <paramref name="paddedRows"/> rows.
    /// </summary>
    public static void Pack(float* y, int yRow, int paddedRows, float* x, int xRow, int rows, int columns, float factor)
    {
        Vector256<float> by = Vector256.Create(factor);
        for (int r = 0; r < rows; r++, x += xRow, y += yRow)
            for (int c = 0; c < yRow; c += VectorMath.Width)
                (VectorMath.LoadPart(x + c, columns - c) * by).Store(y + c);
        new Span<float>(y, (paddedRows - rows) * yRow).Clear();
    }

    /// <summary>Y[c,r] = X[r,c], with zeros to Y's <paramref name="yRow"/> columns.</summary>
    public static void PackTransposed(float* y, int yRow, float* x, int xRow, int rows, int columns)
    {
        for (int r = 0; r < rows; r++, x += xRow)
            for (int c = 0; c < columns; c++)
                y[((long)c * yRow) + r] = x[c];
        for (int c = 0; c < columns; c++) new Span<float>(y + ((long)c * yRow) + rows, yRow - rows).Clear();
    }

    /// <summary>Y[r,c] = X[r,c] * factor, both at their own strides, without the padding.</summary>
    public static void Unpack(float* y, int yRow, float* x, int xRow, int rows, int columns, float factor)
    {
        Vector256<float> by = Vector256.Create(factor);
        for (int r = 0; r < rows; r++, x += xRow, y += yRow)
            for (int c = 0; c < columns; c += VectorMath.Width)
                VectorMath.StorePart(Vector256.Load(x + c) * by, y + c, columns - c);
    }
}
