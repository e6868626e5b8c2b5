using SmilesBert.Data;
using SmilesBert.Model;

namespace SmilesBert.Training;

/// <summary>Finetuning: a molecule head's loss against a data set's targets, and its evaluation.</summary>
internal sealed class FinetuneWork : ITrainingWork
{
    private readonly Dataset data;
    private readonly IReadOnlyList<int[]> molecules;
    private readonly Split split;
    private readonly TrainingOptions options;
    private readonly Objective objective;
    private readonly Batch batch;
    private readonly Inference inference;
    private readonly Predictor predictor;
    private readonly int[][] batchMolecules;
    private readonly StepLosses losses;

    /// <param name="model">The model, loaded, with gradients; its memory is taken here.</param>
    /// <param name="data">The data set.</param>
    /// <param name="molecules">The token ids of each of its rows.</param>
    /// <param name="split">Which rows train, validate and test.</param>
    /// <param name="classWeights">A weight for each class, or null.</param>
    /// <param name="options">The run's numbers.</param>
    public FinetuneWork(
        BertModel model, Dataset data, IReadOnlyList<int[]> molecules, Split split, float[]? classWeights, TrainingOptions options)
    {
        Model = model;
        this.data = data;
        this.molecules = molecules;
        this.split = split;
        this.options = options;
        predictor = new Predictor(model.Config);
        int mostMolecules = Math.Min(options.BatchSize, data.Count);
        batchMolecules = new int[mostMolecules][];

        int[] lengths = [.. molecules.Select(static molecule => molecule.Length)];
        int tokens = Math.Max(new BatchPlan(split.Train, options).MostTokens(lengths), lengths.Max());
        model.Allocate(tokens, mostMolecules);
        objective = Objective.Of(model, data, mostMolecules, classWeights);
        losses = new StepLosses(model.Ops, mostMolecules);
        batch = new Batch(model.Ops, tokens, mostMolecules, model.Config.FirstPosition);
        inference = new Inference(model, tokens, mostMolecules, batch);
    }

    public BertModel Model { get; }

    public IReadOnlyList<int> Rows => split.Train;

    public StepWork Step(ReadOnlySpan<int> rows, int epoch, int step)
    {
        double total = objective.TotalWeight(rows);
        int tokens = 0;
        losses.Begin(step);
        for (int micro = 0; micro * options.BatchSize < rows.Length; micro++)
        {
            ReadOnlySpan<int> part = rows[(micro * options.BatchSize)..Math.Min(rows.Length, (micro + 1) * options.BatchSize)];
            Pass pass = new(Training: true, options.Seed, (uint)step, (uint)micro);
            tokens += Pack(part);
            Model.Forward(batch, pass);
            losses.Add(step, objective.Loss(part, total));
            Model.Backward(batch, pass);
        }
        return new StepWork(rows.Length, tokens);
    }

    public float Loss(int step) => losses.Sum(step);

    public IScored? Validate(CancellationToken stop) => split.Validation.Length > 0 ? Evaluate(split.Validation, stop) : null;

    /// <summary>Evaluates the model as it stands.</summary>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    public Evaluation Evaluate(IReadOnlyList<int> rows, CancellationToken stop) =>
        Evaluation.Of(inference, objective, predictor, data, molecules, rows, stop);

    public string Describe(ReadOnlySpan<int> rows) =>
        $"rows {string.Join(", ", rows.ToArray().Select(row => data.Rows[row]))} of {data.Source}";

    private int Pack(ReadOnlySpan<int> rows)
    {
        for (int b = 0; b < rows.Length; b++) batchMolecules[b] = molecules[rows[b]];
        batch.Pack(batchMolecules.AsSpan(0, rows.Length));
        return batch.Tokens;
    }
}
