namespace SmilesBert.Benchmarks.Versions;

/// <summary>
/// Version 1 of Y = X W^T. Idea: none; the formula as it stands. A sum waits for its last addition, some four cycles for one multiplication.
/// </summary>
internal static unsafe class Gemm1TripleLoop
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

    private static float Dot(float* a, float* b, int count)
    {
        float sum = 0f;
        for (int k = 0; k < count; k++) sum += a[k] * b[k];
        return sum;
    }
}
