using System.Diagnostics;
using System.Globalization;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Benchmarks;

/// <summary>
/// Whole training steps on molecules of given lengths, batch 16. What a PyTorch loop over the same lengths is raced against, in turn on one machine.
/// </summary>
internal static class TrainingRate
{
    private const int BatchSize = 16, WarmUp = 2;

    /// <summary>
    /// Arguments: LAYERS HIDDEN HEADS FFN VOCAB LENGTHS.txt [STEPS] [THREADS]; LENGTHS.txt holds a token count a line, in training order.
    /// </summary>
    public static void Run(string[] arguments)
    {
        int[] sizes = [.. arguments.Take(5).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        int[] lengths = [.. File.ReadAllText(arguments[5]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(static text => Math.Min(TrainingStep.MaxLength, int.Parse(text, CultureInfo.InvariantCulture)))];
        int steps = arguments.Length > 6 ? int.Parse(arguments[6], CultureInfo.InvariantCulture) : 10;
        using CpuOps ops = new(arguments.Length > 7 ? int.Parse(arguments[7], CultureInfo.InvariantCulture) : Environment.ProcessorCount);

        int[][] batches = [.. Enumerable.Range(0, steps + WarmUp).Select(step => Enumerable.Range(0, BatchSize)
            .Select(i => lengths[((step * BatchSize) + i) % lengths.Length]).ToArray())];
        TrainingStep training = new(ops, sizes, tokens: batches.Max(static batch => batch.Sum()), BatchSize);
        List<double> times = [];
        long trained = 0;
        for (int step = 0; step < batches.Length; step++)
        {
            int[][] molecules = [.. batches[step].Select(training.Molecule)];
            long began = Stopwatch.GetTimestamp();
            training.Run(molecules, step);
            if (step < WarmUp) continue;
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            trained += batches[step].Sum();
        }
        times.Sort();
        double total = times.Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"params {training.Parameters / 1e6:0.00}M median step {times[times.Count / 2] * 1e3:0} ms  "
            + $"molecules/s {BatchSize * times.Count / total:0.00}  real tokens/s {trained / total:0}  {ops.Description}"));
    }
}
