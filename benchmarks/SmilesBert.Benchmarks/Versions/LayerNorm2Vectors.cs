using System.Runtime.Intrinsics;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>Version 2 of layer norm. Idea: eight columns at once. The two sums are one chain of additions each.</summary>
internal static unsafe class LayerNorm2Vectors
{
    /// <param name="y">(N,C) =</param>
    /// <param name="x">(N,C)</param>
    /// <param name="gamma">(C)</param>
    /// <param name="beta">(C)</param>
    /// <param name="n">N.</param>
    /// <param name="c">C, a multiple of 8.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void Normalise(float* y, float* x, float* gamma, float* beta, int n, int c, float epsilon)
    {
        int width = Vector256<float>.Count;
        for (; n > 0; n--, x += c, y += c)
        {
            Vector256<float> sums = default, squares = default;
            for (int i = 0; i < c; i += width) sums += Vector256.Load(x + i);
            Vector256<float> mean = Vector256.Create(Vector256.Sum(sums) / c);
            for (int i = 0; i < c; i += width)
            {
                Vector256<float> d = Vector256.Load(x + i) - mean;
                squares = Vector256.MultiplyAddEstimate(d, d, squares);
            }
            Vector256<float> rstd = Vector256.Create(1f / MathF.Sqrt((Vector256.Sum(squares) / c) + epsilon));
            for (int i = 0; i < c; i += width)
                Vector256.MultiplyAddEstimate((Vector256.Load(x + i) - mean) * rstd, Vector256.Load(gamma + i), Vector256.Load(beta + i)).Store(y + i);
        }
    }
}
