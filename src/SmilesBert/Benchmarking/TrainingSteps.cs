using System.Diagnostics;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Training;

namespace SmilesBert.Benchmarking;

/// <summary>
/// Whole training steps of a network of random weights, timed: packing, forward, loss, backward, clipping, AdamW, and the read that waits for it all.
/// </summary>
internal sealed class TrainingSteps
{
    private const float LearningRate = 2e-5f;

    private readonly int[][][] batches;
    private readonly Batch batch;
    private readonly AdamWOptimizer optimizer;
    private readonly Ints labels;
    private readonly Floats losses, weights;
    private readonly Random random = new(0);
    private uint step;

    /// <param name="ops">The device.</param>
    /// <param name="size">The network.</param>
    /// <param name="batches">What it is trained on: token ids by batch and molecule.</param>
    public TrainingSteps(IOps ops, NetworkSize size, int[][][] batches)
    {
        this.batches = batches;
        Model = new BertModel(size.Config(), HeadKind.Molecule, ops, training: true);
        ModelWeights.Initialise(Model, seed: 1);
        int tokens = batches.Max(static molecules => molecules.Sum(static molecule => molecule.Length));
        int molecules = batches.Max(static molecules => molecules.Length);
        Model.Allocate(tokens, molecules);
        batch = new Batch(ops, tokens, molecules, Model.Config.FirstPosition);
        optimizer = new AdamWOptimizer(Model, new TrainingOptions());
        labels = ops.AllocateInts(molecules);
        losses = ops.AllocateFloats(molecules);
        weights = ops.AllocateFloats(molecules);
        ops.Fill(weights, 1f / molecules);
    }

    public BertModel Model { get; }

    /// <summary>Trains on one of the batches; the step's seconds.</summary>
    public double Run(int index)
    {
        int[][] molecules = batches[index];
        int[] drawn = new int[molecules.Length];
        foreach (ref int label in drawn.AsSpan()) label = random.Next(NetworkSize.Classes);
        Model.Ops.Write(labels, drawn);

        long began = Stopwatch.GetTimestamp();
        Pass pass = new(Training: true, Seed: 1, step);
        batch.Pack(molecules);
        optimizer.Clear();
        Model.Forward(batch, pass);
        Model.Ops.CrossEntropy(losses, Model.Head!.LogitsGradient, Model.Head.Logits, labels, weights, molecules.Length, NetworkSize.Classes);
        Model.Backward(batch, pass);
        optimizer.Step(LearningRate, (int)step);
        optimizer.GradientNorm((int)step++);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
