using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Benchmarking;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Training;

namespace SmilesBert.Benchmarks;

/// <summary>
/// Our side of benchmarks/race: batches of 16 molecules of given lengths on the CPU, trained on (<see cref="TrainingSteps"/>) or embedded. Prints one
/// line of JSON, with the same names as benchmarks/pytorch_peer.py.
/// </summary>
internal sealed class RaceSide : IDisposable
{
    private const int WarmUp = 2;

    private readonly CpuOps ops;
    private readonly NetworkSize size;
    private readonly int[][][] batches;

    /// <param name="arguments">LAYERS HIDDEN HEADS FFN VOCAB LENGTHS.txt STEPS THREADS; LENGTHS.txt holds a token count a line, in order.</param>
    public RaceSide(string[] arguments)
    {
        int[] sizes = [.. arguments.Take(5).Select(Number)];
        int[] lengths = [.. File.ReadAllText(arguments[5]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        size = new NetworkSize(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
        batches = MoleculeLengths.Batches(lengths, WarmUp + Number(arguments[6]), size.Vocabulary);
        ops = new CpuOps(Number(arguments[7]));
    }

    public void Train()
    {
        TrainingSteps steps = new(ops, size, batches);
        Print(steps.Model, [.. batches.Index().Select(batch => steps.Run(batch.Index))]);
    }

    public void Embed()
    {
        BertModel model = new(size.Config(), HeadKind.Molecule, ops, training: false);
        ModelWeights.Initialise(model, seed: 1);
        Inference inference = new(model, Tokens(batches.MaxBy(Tokens)!), MoleculeLengths.BatchSize);
        Print(model, [.. batches.Select(Seconds)]);

        double Seconds(int[][] molecules)
        {
            long began = Stopwatch.GetTimestamp();
            inference.Embeddings(molecules, molecules.Length, Pooling.Cls);
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    public void Dispose() => ops.Dispose();

    private void Print(BertModel model, double[] seconds)
    {
        double[] times = seconds[WarmUp..];
        Console.WriteLine(new JsonObject
        {
            ["molecules_per_second"] = times.Length * MoleculeLengths.BatchSize / times.Sum(),
            ["tokens_per_second"] = batches.Skip(WarmUp).Sum(Tokens) / times.Sum(),
            ["median_step_seconds"] = times.Order().ElementAt(times.Length / 2),
            ["parameters"] = model.Parameters.Count,
            ["with"] = ops.Description,
        }.ToJsonString());
    }

    private static int Tokens(int[][] molecules) => molecules.Sum(static molecule => molecule.Length);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
