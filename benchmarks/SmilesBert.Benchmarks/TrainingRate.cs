using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Training;

namespace SmilesBert.Benchmarks;

/// <summary>
/// Whole training steps of a RoBERTa-sized encoder on molecules of given lengths: forward, loss, backward, clipping, AdamW, dropout 0.1, batch 16.
/// What a PyTorch loop over the same lengths is raced against, in turn on one machine.
/// </summary>
internal static class TrainingRate
{
    private const int BatchSize = 16, Classes = 7, Positions = 514, WarmUp = 2;

    /// <summary>
    /// Arguments: LAYERS HIDDEN HEADS FFN VOCAB LENGTHS.txt [STEPS] [THREADS]; LENGTHS.txt holds a token count a line, in training order.
    /// </summary>
    public static void Run(string[] arguments)
    {
        int[] sizes = [.. arguments.Take(5).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        int[] lengths = [.. File.ReadAllText(arguments[5]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(static text => Math.Min(510, int.Parse(text, CultureInfo.InvariantCulture)))];
        int steps = arguments.Length > 6 ? int.Parse(arguments[6], CultureInfo.InvariantCulture) : 10;
        using CpuOps ops = new(arguments.Length > 7 ? int.Parse(arguments[7], CultureInfo.InvariantCulture) : Environment.ProcessorCount);
        BertModel model = Model(sizes, ops);

        Random random = new(0);
        int[][][] batches = [.. Enumerable.Range(0, steps + WarmUp).Select(step => Enumerable.Range(0, BatchSize)
            .Select(i => RandomMolecule(random, lengths[((step * BatchSize) + i) % lengths.Length], sizes[4])).ToArray())];
        int tokens = batches.Max(static batch => batch.Sum(static molecule => molecule.Length));
        model.Allocate(tokens, BatchSize);
        Batch batch = new(ops, tokens, BatchSize, model.Config.FirstPosition);
        AdamWOptimizer optimizer = new(model, new TrainingOptions());
        Ints labels = ops.AllocateInts(BatchSize);
        Floats losses = ops.AllocateFloats(BatchSize), weights = ops.AllocateFloats(BatchSize);
        ops.Fill(weights, 1f / BatchSize);

        List<double> times = [];
        long trained = 0;
        for (int step = 0; step < batches.Length; step++)
        {
            ops.Write(labels, [.. Enumerable.Range(0, BatchSize).Select(_ => random.Next(Classes))]);
            long began = Stopwatch.GetTimestamp();
            batch.Pack(batches[step]);
            Pass pass = new(Training: true, Seed: 1, (uint)step);
            optimizer.Clear();
            model.Forward(batch, pass);
            ops.CrossEntropy(losses, model.Head!.LogitsGradient, model.Head.Logits, labels, weights, BatchSize, Classes);
            model.Backward(batch, pass);
            optimizer.Step(2e-5f, step);
            optimizer.GradientNorm();
            if (step < WarmUp) continue;
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            trained += batch.Tokens;
        }
        times.Sort();
        double total = times.Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"params {model.Parameters.Count / 1e6:0.00}M median step {times[times.Count / 2] * 1e3:0} ms  "
            + $"molecules/s {BatchSize * times.Count / total:0.00}  real tokens/s {trained / total:0}  {ops.Description}"));
    }

    private static BertModel Model(int[] sizes, IOps ops)
    {
        JsonObject json = new()
        {
            ["model_type"] = "roberta",
            ["num_hidden_layers"] = sizes[0],
            ["hidden_size"] = sizes[1],
            ["num_attention_heads"] = sizes[2],
            ["intermediate_size"] = sizes[3],
            ["vocab_size"] = sizes[4],
            ["max_position_embeddings"] = Positions,
            ["type_vocab_size"] = 1,
        };
        string[] labels = [.. Enumerable.Range(0, Classes).Select(static k => $"{k}")];
        ModelConfig config = ModelConfig.Parse(json, "benchmark").WithHead(TaskKind.SingleLabel, labels, scaling: null);
        BertModel model = new(config, HeadKind.Molecule, ops, training: true);
        ModelWeights.Initialise(model, seed: 1);
        return model;
    }

    private static int[] RandomMolecule(Random random, int length, int vocabulary) =>
        [.. Enumerable.Range(0, length).Select(_ => random.Next(4, vocabulary))];
}
