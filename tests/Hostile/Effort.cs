using System.Diagnostics;

namespace SmilesBert.Tests.Hostile;

/// <summary>What something has cost since it began: time, or the process's time on processors where that is less, as on a machine with much else to do.</summary>
internal sealed class Effort
{
    private readonly long began = Stopwatch.GetTimestamp();
    private readonly TimeSpan used = Environment.CpuUsage.TotalTime;

    public static Effort Begin() => new();

    public TimeSpan SoFar
    {
        get
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(began), worked = Environment.CpuUsage.TotalTime - used;
            return elapsed < worked ? elapsed : worked;
        }
    }
}
