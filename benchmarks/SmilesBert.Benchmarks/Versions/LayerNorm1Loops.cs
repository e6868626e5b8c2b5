namespace SmilesBert.Benchmarks.Versions;

/// <summary>
/// Version 1 of layer norm. Idea: none; mean, variance, result, each in a loop of its own. The first two are sums that wait for their last addition.
/// </summary>
internal static unsafe class LayerNorm1Loops
{
    /// <param name="y">(N,C) =</param>
    /// <param name="x">(N,C)</param>
    /// <param name="gamma">(C)</param>
    /// <param name="beta">(C)</param>
    /// <param name="n">N.</param>
    /// <param name="c">C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void Normalise(float* y, float* x, float* gamma, float* beta, int n, int c, float epsilon)
    {
        for (; n > 0; n--, x += c, y += c)
        {
            float sum = 0f, squares = 0f;
            for (int i = 0; i < c; i++) sum += x[i];
            float mean = sum / c;
            for (int i = 0; i < c; i++) squares += (x[i] - mean) * (x[i] - mean);
            float rstd = 1f / MathF.Sqrt((squares / c) + epsilon);
            for (int i = 0; i < c; i++) y[i] = ((x[i] - mean) * rstd * gamma[i]) + beta[i];
        }
    }
}
