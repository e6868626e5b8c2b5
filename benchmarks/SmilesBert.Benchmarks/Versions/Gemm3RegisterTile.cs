using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>
/// Version 3 of Y = X W^T. Idea: a tile of 4 rows of X and 3 of W, its 12 sums in registers: they need not wait for each other, and seven loads serve
/// twelve multiply-adds. But W passes through the caches once for every four rows of X.
/// </summary>
internal static unsafe class Gemm3RegisterTile
{
    private const int Rows = 4, Columns = 3;

    /// <param name="y">(N,Out) =</param>
    /// <param name="x">(N,In)</param>
    /// <param name="w">(Out,In)</param>
    /// <param name="n">N.</param>
    /// <param name="in">In, a multiple of 8.</param>
    /// <param name="out">Out.</param>
    public static void Multiply(float* y, float* x, float* w, int n, int @in, int @out)
    {
        for (int row = 0; row < n; row += Rows)
            for (int column = 0; column < @out; column += Columns)
                if (row + Rows <= n && column + Columns <= @out)
                    Tile(y + (row * @out) + column, x + (row * @in), w + (column * @in), @in, @out);
                else
                    Edge(y, x, w, row, column, n, @in, @out);
    }

    // A leaf: a call inside would send the sums to memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile(float* y, float* x, float* w, nint @in, nint @out)
    {
        Vector256<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        float* x1 = x + @in, x2 = x1 + @in, x3 = x2 + @in, w1 = w + @in, w2 = w1 + @in;
        for (nint k = 0; k < @in; k += Vector256<float>.Count)
        {
            Vector256<float> b0 = Vector256.Load(w + k), b1 = Vector256.Load(w1 + k), b2 = Vector256.Load(w2 + k), a = Vector256.Load(x + k);
            s00 = Vector256.MultiplyAddEstimate(a, b0, s00);
            s01 = Vector256.MultiplyAddEstimate(a, b1, s01);
            s02 = Vector256.MultiplyAddEstimate(a, b2, s02);
            a = Vector256.Load(x1 + k);
            s10 = Vector256.MultiplyAddEstimate(a, b0, s10);
            s11 = Vector256.MultiplyAddEstimate(a, b1, s11);
            s12 = Vector256.MultiplyAddEstimate(a, b2, s12);
            a = Vector256.Load(x2 + k);
            s20 = Vector256.MultiplyAddEstimate(a, b0, s20);
            s21 = Vector256.MultiplyAddEstimate(a, b1, s21);
            s22 = Vector256.MultiplyAddEstimate(a, b2, s22);
            a = Vector256.Load(x3 + k);
            s30 = Vector256.MultiplyAddEstimate(a, b0, s30);
            s31 = Vector256.MultiplyAddEstimate(a, b1, s31);
            s32 = Vector256.MultiplyAddEstimate(a, b2, s32);
        }
        Store(y, s00, s01, s02);
        Store(y + @out, s10, s11, s12);
        Store(y + (2 * @out), s20, s21, s22);
        Store(y + (3 * @out), s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        (y[0], y[1], y[2]) = (Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c));

    private static void Edge(float* y, float* x, float* w, int row, int column, int n, int @in, int @out)
    {
        for (int i = row; i < Math.Min(row + Rows, n); i++)
            for (int j = column; j < Math.Min(column + Columns, @out); j++)
                y[(i * @out) + j] = Gemm2Vectors.Dot(x + (i * @in), w + (j * @in), @in);
    }
}
