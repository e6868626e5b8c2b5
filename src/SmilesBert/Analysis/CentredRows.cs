using SmilesBert.Ops;

namespace SmilesBert.Analysis;

/// <summary>
/// A matrix X (rows, width) of floats with each column's mean taken off, in double precision and without a copy; scaled by a power of two so that
/// the largest magnitude is near 1, and squares neither overflow nor vanish.
/// </summary>
internal sealed class CentredRows
{
    // Rounding of float sums grows with their length: sums this long are made by the device, and added up in double.
    private const int SumLength = 256;

    private readonly float[] rows;
    private readonly double[] mean;
    private readonly double scale = 1;

    /// <param name="rows">(count, width) finite values.</param>
    /// <param name="width">Columns.</param>
    public CentredRows(float[] rows, int width)
    {
        this.rows = rows;
        Width = width;
        Count = rows.Length / width;
        mean = new double[width];
        for (int at = 0; at < rows.Length; at++) mean[at % width] += rows[at];
        for (int j = 0; j < width; j++) mean[j] /= Count;

        double largest = 0;
        for (int at = 0; at < rows.Length; at++) largest = Math.Max(largest, Math.Abs(rows[at] - mean[at % width]));
        if (largest > 0) scale = Math.ScaleB(1, -Math.ILogB(largest));
        for (int at = 0; at < rows.Length; at++)
        {
            double value = rows[at] - mean[at % width];
            SumOfSquares += value * value;
        }
    }

    public int Count { get; }

    public int Width { get; }

    /// <summary>(width) What was taken off.</summary>
    public IReadOnlyList<double> Mean => mean;

    /// <summary>The power of two that <see cref="Times"/>, <see cref="TransposeTimes"/> and <see cref="SmallerProduct"/> see the matrix multiplied by.</summary>
    public double Scale => scale;

    /// <summary>The sum of squares of all elements, unscaled.</summary>
    public double SumOfSquares { get; }

    /// <summary>Whether X^T X is smaller than X X^T.</summary>
    public bool IsTall => Width <= Count;

    /// <summary>X v.</summary>
    /// <param name="v">(width)</param>
    /// <returns>(rows)</returns>
    public double[] Times(ReadOnlySpan<double> v)
    {
        double[] y = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> row = rows.AsSpan(i * Width, Width);
            double sum = 0;
            for (int j = 0; j < row.Length; j++) sum += (row[j] - mean[j]) * v[j];
            y[i] = sum * scale;
        }
        return y;
    }

    /// <summary>X^T u.</summary>
    /// <param name="u">(rows)</param>
    /// <returns>(width)</returns>
    public double[] TransposeTimes(ReadOnlySpan<double> u)
    {
        double[] y = new double[Width];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> row = rows.AsSpan(i * Width, Width);
            double weight = u[i] * scale;
            for (int j = 0; j < row.Length; j++) y[j] += weight * (row[j] - mean[j]);
        }
        return y;
    }

    /// <summary>
    /// X^T X (width, width) or X X^T (rows, rows), whichever is smaller, from float products on a device. With A = X, or X^T: A^T A, some rows of A at a time.
    /// </summary>
    public double[] SmallerProduct(IOps ops)
    {
        int side = Math.Min(Count, Width), depth = Math.Max(Count, Width), most = Math.Min(depth, SumLength);
        Floats block = ops.AllocateFloats(most * side), product = ops.AllocateFloats(side * side);
        float[] packed = new float[most * side], read = new float[side * side];
        double[] sum = new double[side * side];
        for (int first = 0; first < depth; first += most)
        {
            int count = Math.Min(most, depth - first);
            Pack(packed, first, count);
            ops.Write(block, packed.AsSpan(0, count * side));
            ops.Fill(product, 0f);
            ops.LinearBackwardParams(product, default, block, block, count, side, side);
            ops.Read(read, product);
            for (int at = 0; at < sum.Length; at++) sum[at] += read[at];
        }
        return sum;
    }

    // Rows of X, or where X is wide its columns as rows.
    private void Pack(Span<float> packed, int first, int count)
    {
        int side = Math.Min(Count, Width);
        for (int r = 0; r < count; r++)
            for (int s = 0; s < side; s++)
            {
                (int i, int j) = IsTall ? (first + r, s) : (s, first + r);
                packed[(r * side) + s] = (float)((rows[(i * Width) + j] - mean[j]) * scale);
            }
    }
}
