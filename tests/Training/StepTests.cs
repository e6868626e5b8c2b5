using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Training;

/// <summary>The arithmetic of a training step, without a run folder around it.</summary>
public sealed class StepTests : IDisposable
{
    private readonly RunWorkshop workshop = new();

    [Theory]
    [InlineData("bert-mlm")]
    [InlineData("roberta-mlm")]
    [InlineData("albert-mlm")]
    public void OneBatch_IsLearnedByHeart(string golden)
    {
        using Bench bench = new(workshop, golden, threads: 2, "y", ["a", "b", "c", "a", "b", "c", "a", "b"]);
        float first = bench.Step(0, 1e-3f), last = first;
        for (int step = 1; step < 250; step++) last = bench.Step(step, 1e-3f);
        Assert.InRange(first, 0.5, 2);
        Assert.InRange(last, 0, 0.02);
    }

    [Theory]
    [InlineData("bert-single-label", 1, "classes")]
    [InlineData("bert-single-label", 2, "classes")]
    [InlineData("albert-mlm", 2, "classes")]
    [InlineData("roberta-mlm", 2, "numbers")]
    [InlineData("bert-mlm", 2, "labels")]
    public void AStep_AllocatesNothing(string golden, int threads, string targets)
    {
        using Bench bench = targets switch
        {
            "classes" => new Bench(workshop, golden, threads, "y", ["a", "b", "c", "a", "b", "c", "a", "b"]),
            "numbers" => new Bench(workshop, golden, threads, "y", ["0.5", "1.5", "2.25", "3", "4", "5", "6", "7.75"]),
            _ => new Bench(workshop, golden, threads, "y,z", ["1,0", "0,1", ",1", "1,", "0,0", "1,1", "0,", "0,1"]),
        };
        for (int step = 0; step < 20; step++) bench.Step(step, 1e-4f);      // memory that the operations keep, and compiled code
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 20; step < 40; step++) bench.Step(step, 1e-4f);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose() => workshop.Dispose();

    private sealed class Bench : IDisposable
    {
        private readonly CpuOps ops;
        private readonly BertModel model;
        private readonly Batch batch;
        private readonly Objective objective;
        private readonly StepLosses losses;
        private readonly AdamWOptimizer optimizer;
        private readonly int[][] molecules;
        private readonly int[] rows;

        public Bench(RunWorkshop workshop, string golden, int threads, string columns, string[] targets)
        {
            string folder = workshop.Model(golden);
            string path = workshop.Table($"smiles,{columns}", targets.Select(static (target, i) => $"{RunWorkshop.Chain(i)},{target}"));
            Dataset data = Dataset.Load(path, new ReadOptions(), new TargetOptions { Columns = columns.Split(',') });
            Tokenizer tokenizer = Tokenizer.Load(folder);
            molecules = [.. data.Smiles.Select(smiles => tokenizer.Encode(smiles).Ids)];
            rows = [.. Enumerable.Range(0, data.Count)];

            ops = new CpuOps(threads);
            TargetScaling? scaling = data.Task == TaskKind.Regression ? new TargetScaling([3.75], [2.4]) : null;
            ModelConfig config = ModelConfig.Load(folder).WithHead(data.Task, data.Labels, scaling).WithDropout(0.1f);
            model = new BertModel(config, HeadKind.Molecule, ops, training: true);
            using (TensorFile file = Checkpoint.Open(folder)) ModelWeights.Load(model, file, keepHead: false, seed: 1);
            int tokens = molecules.Sum(static molecule => molecule.Length);
            model.Allocate(tokens, rows.Length);
            batch = new Batch(ops, tokens, rows.Length, config.FirstPosition);
            objective = Objective.Of(model, data, rows.Length, classWeights: null);
            losses = new StepLosses(ops, rows.Length);
            optimizer = new AdamWOptimizer(model, new TrainingOptions());
        }

        public float Step(int step, float learningRate)
        {
            Pass pass = new(Training: true, Seed: 1, (uint)step);
            batch.Pack(molecules);
            optimizer.Clear();
            model.Forward(batch, pass);
            losses.Begin(step);
            losses.Add(step, objective.Loss(rows, objective.TotalWeight(rows)));
            model.Backward(batch, pass);
            optimizer.Step(learningRate, step);
            return losses.Sum(step) + (0 * optimizer.GradientNorm(step));
        }

        public void Dispose() => ops.Dispose();
    }
}
