using System.Diagnostics;
using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>What a device reaches in nothing but a large matrix product of ours: the peak that other speeds are compared with.</summary>
internal static class ProductSpeed
{
    private const int SmallestSize = 64, LargestSize = 4096, Repeats = 5;
    private const double LongEnough = 0.02;     // seconds: beside it the start of an operation is nothing

    /// <summary>Operations per second of a square product, the best of a few; the size grows until one takes long enough to be timed.</summary>
    public static double Measure(IOps ops)
    {
        for (int size = SmallestSize; ; size *= 2)
        {
            double seconds = BestTime(ops, size);
            if (seconds >= LongEnough || size == LargestSize) return 2.0 * size * size * size / seconds;
        }
    }

    private static double BestTime(IOps ops, int size)
    {
        Floats x = ops.AllocateFloats(size * size), w = ops.AllocateFloats(size * size), y = ops.AllocateFloats(size * size);
        ops.Fill(x, 0.5f);
        ops.Fill(w, 0.25f);
        float[] read = new float[1];
        double best = double.PositiveInfinity;
        for (int i = 0; i < Repeats; i++)
        {
            long began = Stopwatch.GetTimestamp();
            ops.LinearForward(y, x, w, default, size, size, size);
            ops.Read(read, y);      // waits for it
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        return best;
    }
}
