using System.Runtime.Intrinsics;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>
/// Version 2 of Y = X W^T. Idea: eight products at once. A sum still waits for its last addition, and every product loads both its factors.
/// </summary>
internal static unsafe class Gemm2Vectors
{
    /// <param name="y">(N,Out) =</param>
    /// <param name="x">(N,In)</param>
    /// <param name="w">(Out,In)</param>
    /// <param name="n">N.</param>
    /// <param name="in">In.</param>
    /// <param name="out">Out.</param>
    public static void Multiply(float* y, float* x, float* w, int n, int @in, int @out)
    {
        for (int row = 0; row < n; row++)
            for (int column = 0; column < @out; column++)
                y[(row * @out) + column] = Dot(x + (row * @in), w + (column * @in), @in);
    }

    public static float Dot(float* a, float* b, int count)
    {
        Vector256<float> sums = default;
        int k = 0;
        for (; k <= count - Vector256<float>.Count; k += Vector256<float>.Count)
            sums = Vector256.MultiplyAddEstimate(Vector256.Load(a + k), Vector256.Load(b + k), sums);
        float sum = Vector256.Sum(sums);
        for (; k < count; k++) sum += a[k] * b[k];
        return sum;
    }
}
