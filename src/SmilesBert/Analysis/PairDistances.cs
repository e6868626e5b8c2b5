using System.Numerics;
using System.Runtime.InteropServices;

namespace SmilesBert.Analysis;

/// <summary>Euclidean distances between points, a row of them at a time: never the whole matrix.</summary>
internal static class PairDistances
{
    /// <summary>What is done with the distances of one point to all others; rows come in any order, and several at once.</summary>
    public delegate void Visit(int row, ReadOnlySpan<float> distances);

    /// <summary>Visits the distances of each point of <paramref name="from"/> to all of <paramref name="to"/>, in their order.</summary>
    /// <param name="from">(rows, width)</param>
    /// <param name="to">(others, width)</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="stop">Ends it between two rows.</param>
    /// <param name="visit">Given the row and (others) distances.</param>
    public static void ForEachRow(float[] from, float[] to, int width, CancellationToken stop, Visit visit)
    {
        int others = to.Length / width;
        Parallel.For(0, from.Length / width, new ParallelOptions { CancellationToken = stop }, () => new float[others], (row, _, distances) =>
        {
            ReadOnlySpan<float> point = from.AsSpan(row * width, width);
            for (int j = 0; j < others; j++) distances[j] = MathF.Sqrt(Squared(point, to.AsSpan(j * width, width)));
            visit(row, distances);
            return distances;
        }, static _ => { });
    }

    // Differences are squared, not products subtracted: equal points are at distance 0, and near ones lose no digits.
    private static float Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> wideA = MemoryMarshal.Cast<float, Vector<float>>(a), wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> even = Vector<float>.Zero, odd = Vector<float>.Zero;
        int i = 0;
        for (; i + 1 < wideA.Length && i + 1 < wideB.Length; i += 2)
        {
            Vector<float> first = wideA[i] - wideB[i], second = wideA[i + 1] - wideB[i + 1];
            even += first * first;
            odd += second * second;
        }
        float sum = Vector.Sum(even + odd);
        for (int j = i * Vector<float>.Count; j < a.Length; j++)
        {
            float difference = a[j] - b[j];
            sum += difference * difference;
        }
        return sum;
    }
}
