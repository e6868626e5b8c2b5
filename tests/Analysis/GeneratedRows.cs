namespace SmilesBert.Tests.Analysis;

/// <summary>
/// Rows and classes too many to commit, made here as tools/pca_golden.py makes them (its function <c>matrix</c> says how).
/// </summary>
internal sealed class GeneratedRows
{
    private uint state;

    public GeneratedRows(int rows, int width, int factors, uint seed)
    {
        state = seed;
        Width = width;
        double[] loadings = new double[factors * width], factor = new double[factors];
        for (int at = 0; at < loadings.Length; at++) loadings[at] = Next();
        Values = new float[rows * width];
        Classes = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int f = 0; f < factors; f++) factor[f] = Next();
            for (int j = 0; j < width; j++)
            {
                double value = 0;
                for (int f = 0; f < factors; f++) value += factor[f] * (factors - f) * loadings[(f * width) + j];
                Values[(i * width) + j] = (float)(value + (j % 7 + Next()));
            }
            double named = Next();
            double[] first = factor[..Math.Min(5, factors)];
            Classes[i] = named < 0.3 ? Array.IndexOf(first, first.Max()) : (int)((named + 0.5) * 5) % 5;
        }
    }

    public int Width { get; }

    /// <summary>(rows, width)</summary>
    public float[] Values { get; }

    /// <summary>(rows) from 0 to 4.</summary>
    public int[] Classes { get; }

    // From -1/2 to 1/2.
    private double Next()
    {
        state = (1664525 * state) + 1013904223;
        return ((state >> 8) / 16777216.0) - 0.5;
    }
}
