using System.Diagnostics;
using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>What repeated calls took, in seconds a call.</summary>
/// <param name="Best">The fastest sample: what can be done.</param>
/// <param name="Median">The median sample: what is usual.</param>
internal readonly record struct CallTime(double Best, double Median);

/// <summary>
/// Times operations on a device. A sample is a run of calls between two waits, long enough that starting, waiting and the clock's steps are
/// nothing beside it.
/// </summary>
/// <param name="ops">The device.</param>
/// <param name="seconds">For one operation; a slow one takes as long as a warm-up and three samples of one call do.</param>
internal sealed class OperationClock(IOps ops, double seconds)
{
    private const int LeastSamples = 3, MostCalls = 100_000;
    private const double Tick = 1e-7;       // of TimeSpan: nothing takes no time
    private const double WarmUpShare = 0.4, SampleShare = 0.06;

    private readonly Floats mark = ops.AllocateFloats(1);
    private readonly float[] read = new float[1];

    /// <summary>Times a call, which may be repeated any number of times.</summary>
    public CallTime Time(Action call)
    {
        double once = WarmUp(call);
        int calls = (int)Math.Clamp(seconds * SampleShare / once, 1, MostCalls);
        List<double> samples = [];
        for (double left = seconds * (1 - WarmUpShare); left > 0 || samples.Count < LeastSamples; left -= samples[^1] * calls)
            samples.Add(Sample(call, calls) / calls);
        samples.Sort();
        return new CallTime(samples[0], samples[samples.Count / 2]);
    }

    // Until the time is up, so that the program's own compiler has seen the code often; the fastest call is the estimate.
    private double WarmUp(Action call)
    {
        double fastest = double.PositiveInfinity;
        for (double left = seconds * WarmUpShare; left > 0 || double.IsInfinity(fastest);)
        {
            double taken = Sample(call, 1);
            fastest = Math.Min(fastest, taken);
            left -= taken;
        }
        return fastest;
    }

    private double Sample(Action call, int calls)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) call();
        ops.Read(read, mark);       // waits for the device
        return Math.Max(Tick, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
