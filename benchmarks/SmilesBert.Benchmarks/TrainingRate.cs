using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Benchmarking;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Benchmarks;

/// <summary>
/// Whole training steps on the CPU (<see cref="TrainingSteps"/>) over molecules of given lengths: our side of benchmarks/race. Prints one line of JSON,
/// with the same names as benchmarks/pytorch_peer.py.
/// </summary>
internal static class TrainingRate
{
    private const int WarmUp = 2, UsualSteps = 10;

    /// <summary>
    /// Arguments: LAYERS HIDDEN HEADS FFN VOCAB LENGTHS.txt [STEPS] [THREADS]; LENGTHS.txt holds a token count a line, in training order.
    /// </summary>
    public static void Run(string[] arguments)
    {
        int[] sizes = [.. arguments.Take(5).Select(Number)];
        int[] lengths = [.. File.ReadAllText(arguments[5]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        int count = arguments.Length > 6 ? Number(arguments[6]) : UsualSteps;
        int threads = arguments.Length > 7 ? Number(arguments[7]) : Environment.ProcessorCount;

        using CpuOps ops = new(threads);
        int[][][] batches = MoleculeLengths.Batches(lengths, WarmUp + count, sizes[4]);
        TrainingSteps steps = new(ops, new NetworkSize(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]), batches);
        double[] times = [.. Enumerable.Range(0, batches.Length).Select(steps.Run).Skip(WarmUp)];
        int tokens = batches.Skip(WarmUp).Sum(static batch => batch.Sum(static molecule => molecule.Length));
        Console.WriteLine(new JsonObject
        {
            ["molecules_per_second"] = count * MoleculeLengths.BatchSize / times.Sum(),
            ["tokens_per_second"] = tokens / times.Sum(),
            ["median_step_seconds"] = times.Order().ElementAt(count / 2),
            ["parameters"] = steps.Model.Parameters.Count,
            ["with"] = ops.Description,
        }.ToJsonString());
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
