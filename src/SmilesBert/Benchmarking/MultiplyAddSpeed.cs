using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Benchmarking;

/// <summary>
/// What the processor's multiply-add units reach when nothing else is asked of them: chains of vectors of eight floats that never leave registers.
/// </summary>
internal static class MultiplyAddSpeed
{
    private const int Chains = 12;          // the latency of a multiply-add times the units, and some more
    private const int Repeats = 5;
    private const long Steps = 10_000_000;  // a repeat takes some hundredths of a second

    /// <summary>Operations per second on several threads at once, a multiplication and an addition counted as two; the best of a few.</summary>
    public static double Measure(int threads)
    {
        double best = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            using Barrier start = new(threads + 1);
            double[] sums = new double[threads];
            Thread[] team = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
            {
                start.SignalAndWait();
                sums[index] = Run(Steps);
            }))];
            foreach (Thread thread in team) thread.Start();
            start.SignalAndWait();
            long began = Stopwatch.GetTimestamp();
            foreach (Thread thread in team) thread.Join();
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            best = Math.Max(best, 2.0 * Vector256<float>.Count * Chains * Steps * threads / seconds);
        }
        return best;
    }

    // Every chain tends to 2: no overflow, no denormal numbers. The sum is returned so that the loop is not left out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run(long steps)
    {
        Vector256<float> half = Vector256.Create(0.5f), one = Vector256<float>.One;
        Vector256<float> a = one, b = one, c = one, d = one, e = one, f = one, g = one, h = one, i = one, j = one, k = one, l = one;
        for (; steps > 0; steps--)
        {
            a = Vector256.MultiplyAddEstimate(a, half, one);
            b = Vector256.MultiplyAddEstimate(b, half, one);
            c = Vector256.MultiplyAddEstimate(c, half, one);
            d = Vector256.MultiplyAddEstimate(d, half, one);
            e = Vector256.MultiplyAddEstimate(e, half, one);
            f = Vector256.MultiplyAddEstimate(f, half, one);
            g = Vector256.MultiplyAddEstimate(g, half, one);
            h = Vector256.MultiplyAddEstimate(h, half, one);
            i = Vector256.MultiplyAddEstimate(i, half, one);
            j = Vector256.MultiplyAddEstimate(j, half, one);
            k = Vector256.MultiplyAddEstimate(k, half, one);
            l = Vector256.MultiplyAddEstimate(l, half, one);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
