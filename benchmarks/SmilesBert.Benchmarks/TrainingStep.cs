using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Training;

namespace SmilesBert.Benchmarks;

/// <summary>Training of a RoBERTa-sized encoder with a head of seven classes, step by step: forward, loss, backward, clipping, AdamW, dropout 0.1.</summary>
internal sealed class TrainingStep
{
    /// <summary>Tokens of a molecule, at most.</summary>
    public const int MaxLength = Positions - 4;

    private const int Classes = 7, Positions = 514;

    private readonly Random random = new(0);
    private readonly IOps ops;
    private readonly int molecules, vocabulary;
    private readonly BertModel model;
    private readonly Batch batch;
    private readonly AdamWOptimizer optimizer;
    private readonly Ints labels;
    private readonly Floats losses, weights;

    /// <param name="ops">The device.</param>
    /// <param name="sizes">Layers, hidden size, heads, feed-forward size, vocabulary.</param>
    /// <param name="tokens">The most tokens that a batch may hold.</param>
    /// <param name="molecules">The molecules of a batch.</param>
    public TrainingStep(IOps ops, int[] sizes, int tokens, int molecules)
    {
        this.ops = ops;
        this.molecules = molecules;
        vocabulary = sizes[4];
        JsonObject json = new()
        {
            ["model_type"] = "roberta",
            ["num_hidden_layers"] = sizes[0],
            ["hidden_size"] = sizes[1],
            ["num_attention_heads"] = sizes[2],
            ["intermediate_size"] = sizes[3],
            ["vocab_size"] = vocabulary,
            ["max_position_embeddings"] = Positions,
            ["type_vocab_size"] = 1,
        };
        string[] names = [.. Enumerable.Range(0, Classes).Select(static k => $"{k}")];
        ModelConfig config = ModelConfig.Parse(json, "benchmark").WithHead(TaskKind.SingleLabel, names, scaling: null);
        model = new BertModel(config, HeadKind.Molecule, ops, training: true);
        ModelWeights.Initialise(model, seed: 1);
        model.Allocate(tokens, molecules);
        batch = new Batch(ops, tokens, molecules, model.Config.FirstPosition);
        optimizer = new AdamWOptimizer(model, new TrainingOptions());
        labels = ops.AllocateInts(molecules);
        losses = ops.AllocateFloats(molecules);
        weights = ops.AllocateFloats(molecules);
        ops.Fill(weights, 1f / molecules);
    }

    /// <summary>Numbers that training changes.</summary>
    public long Parameters => model.Parameters.Count;

    /// <summary>A molecule of random tokens.</summary>
    public int[] Molecule(int length) => [.. Enumerable.Range(0, Math.Min(length, MaxLength)).Select(_ => random.Next(4, vocabulary))];

    /// <summary>One step, to the host's reading of the gradient's norm.</summary>
    public void Run(int[][] tokens, int step)
    {
        ops.Write(labels, [.. Enumerable.Range(0, molecules).Select(_ => random.Next(Classes))]);
        batch.Pack(tokens);
        Pass pass = new(Training: true, Seed: 1, (uint)step);
        optimizer.Clear();
        model.Forward(batch, pass);
        ops.CrossEntropy(losses, model.Head!.LogitsGradient, model.Head.Logits, labels, weights, molecules, Classes);
        model.Backward(batch, pass);
        optimizer.Step(2e-5f, step);
        optimizer.GradientNorm();
    }
}
