using System.Diagnostics;
using SmilesBert.Data;
using SmilesBert.Model;

namespace SmilesBert.Training;

/// <summary>
/// The training loop. Everything it draws is a function of (seed, step), so a run that is stopped and resumed ends as the uninterrupted one does,
/// bit for bit, on any number of threads.
/// </summary>
public sealed class Trainer
{
    private readonly BertModel model;
    private readonly Dataset data;
    private readonly IReadOnlyList<int[]> molecules;
    private readonly Split split;
    private readonly TrainingOptions options;
    private readonly Objective objective;
    private readonly RunFolder folder;
    private readonly ITrainingLog log;
    private readonly BatchPlan plan;
    private readonly LinearSchedule schedule;
    private readonly AdamWOptimizer optimizer;
    private readonly Batch batch;
    private readonly Inference inference;
    private readonly Predictor predictor;
    private readonly int[][] batchMolecules;

    /// <param name="model">The model, loaded, with gradients.</param>
    /// <param name="data">The data set.</param>
    /// <param name="molecules">The token ids of each of its rows.</param>
    /// <param name="split">Which rows train, validate and test.</param>
    /// <param name="classWeights">A weight for each class, or null.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="folder">Where the run is kept.</param>
    /// <param name="log">Who is told.</param>
    public Trainer(
        BertModel model, Dataset data, IReadOnlyList<int[]> molecules, Split split, float[]? classWeights, TrainingOptions options,
        RunFolder folder, ITrainingLog log)
    {
        this.model = model;
        this.data = data;
        this.molecules = molecules;
        this.split = split;
        this.options = options;
        this.folder = folder;
        this.log = log;
        plan = new BatchPlan(split.Train, options);
        schedule = new LinearSchedule(options.LearningRate, options.Warmup, plan.Steps);
        optimizer = new AdamWOptimizer(model, options);
        predictor = new Predictor(model.Config);
        int mostMolecules = Math.Min(options.BatchSize, data.Count);
        batchMolecules = new int[mostMolecules][];

        int[] lengths = [.. molecules.Select(static molecule => molecule.Length)];
        int tokens = Math.Max(plan.MostTokens(lengths), lengths.Max());
        model.Allocate(tokens, mostMolecules);
        objective = Objective.Of(model, data, mostMolecules, classWeights);
        batch = new Batch(model.Ops, tokens, mostMolecules, model.Config.FirstPosition);
        inference = new Inference(model, tokens, mostMolecules, batch);
    }

    /// <summary>Trains from where <paramref name="progress"/> stands to the end; the best epoch's weights are then in the folder.</summary>
    /// <exception cref="OperationCanceledException">Stopped after a step; the run was saved and can be resumed.</exception>
    /// <exception cref="InputException">The loss is not a number.</exception>
    public TrainingProgress Run(TrainingProgress progress, CancellationToken stop)
    {
        while (progress.Epoch < options.Epochs && !IsOutOfPatience(progress))
        {
            int[] rows = plan.Epoch(progress.Epoch);
            while (progress.StepInEpoch < plan.StepsPerEpoch)
            {
                progress = Step(progress, BatchRows(rows, progress.StepInEpoch));
                if (!stop.IsCancellationRequested) continue;
                Save(progress);
                stop.ThrowIfCancellationRequested();
            }
            progress = EndEpoch(progress, stop);
            stop.ThrowIfCancellationRequested();
        }
        return progress;
    }

    /// <summary>The parameters and moments as a run left them.</summary>
    public TrainingProgress Resume() => folder.LoadState(model, optimizer);

    /// <summary>Evaluates the model as it stands.</summary>
    /// <exception cref="OperationCanceledException">Stopped between two batches.</exception>
    public Evaluation Evaluate(IReadOnlyList<int> rows, CancellationToken stop) => Evaluation.Of(inference, objective, predictor, data, molecules, rows, stop);

    private TrainingProgress Step(TrainingProgress progress, ReadOnlySpan<int> rows)
    {
        long began = Stopwatch.GetTimestamp();
        int tokens = Pack(rows);
        Pass pass = new(Training: true, options.Seed, (uint)progress.Step);
        float learningRate = schedule.At(progress.Step);

        optimizer.Clear();
        model.Forward(batch, pass);
        float loss = objective.Loss(rows);
        model.Backward(batch, pass);
        optimizer.Step(learningRate, progress.Step);
        float norm = optimizer.GradientNorm();
        if (!float.IsFinite(loss)) throw Diverged(progress, rows, $"the loss is {loss}");
        if (!float.IsFinite(norm)) throw Diverged(progress, rows, $"the gradient's norm is {norm}");

        progress = progress with
        {
            Step = progress.Step + 1,
            StepInEpoch = progress.StepInEpoch + 1,
            EpochLoss = progress.EpochLoss + ((double)loss * rows.Length),
            Seconds = progress.Seconds + Stopwatch.GetElapsedTime(began).TotalSeconds,
            Molecules = progress.Molecules + rows.Length,
            Tokens = progress.Tokens + tokens,
        };
        StepRecord record = new(progress.Step, progress.Epoch + 1, loss, norm, learningRate);
        folder.Append(record);
        log.Step(record, plan.Steps, progress);
        return progress;
    }

    private int Pack(ReadOnlySpan<int> rows)
    {
        for (int b = 0; b < rows.Length; b++) batchMolecules[b] = molecules[rows[b]];
        batch.Pack(batchMolecules.AsSpan(0, rows.Length));
        return batch.Tokens;
    }

    private ReadOnlySpan<int> BatchRows(int[] rows, int step)
    {
        int from = step * options.BatchSize;
        return rows.AsSpan(from, Math.Min(options.BatchSize, rows.Length - from));
    }

    private TrainingProgress EndEpoch(TrainingProgress progress, CancellationToken stop)
    {
        int epoch = progress.Epoch + 1;
        // The steps looked at losses and gradients: the last one may still have thrown the weights off.
        if (!float.IsFinite(optimizer.WeightNorm()))
        {
            throw new InputException(
                $"the weights are no longer finite after step {progress.Step}, the end of epoch {epoch}; "
                + "the run stops here, a smaller learning rate may help");
        }
        Evaluation? validation;
        try { validation = split.Validation.Length > 0 ? Evaluate(split.Validation, stop) : null; }
        catch (OperationCanceledException)
        {
            Save(progress);     // its steps are done: a resumed run begins with the evaluation
            throw;
        }
        // Without a validation part the last epoch is the one to keep.
        bool isBest = validation is null || progress.BestEpoch == 0 || validation.Score > progress.BestScore
            || (validation.Score == progress.BestScore && validation.Loss < progress.BestLoss);
        if (isBest)
        {
            ModelWeights.Save(model, folder.Path);
            progress = progress with { BestEpoch = epoch, BestScore = validation?.Score ?? 0, BestLoss = validation?.Loss ?? 0 };
        }
        if (validation is not null)
        {
            folder.Append(epoch, "validation", validation);
            log.Evaluated(epoch, "validation", validation, isBest);
        }
        progress = progress with { Epoch = epoch, StepInEpoch = 0, TrainLoss = progress.EpochLoss / split.Train.Length, EpochLoss = 0 };
        return Save(progress);
    }

    private TrainingProgress Save(TrainingProgress progress)
    {
        progress = progress with { HistoryBytes = folder.HistoryBytes };
        folder.SaveState(model, optimizer, progress);
        return progress;
    }

    private bool IsOutOfPatience(TrainingProgress progress) =>
        options.Patience is { } patience && progress.StepInEpoch == 0 && progress.BestEpoch > 0 && progress.Epoch - progress.BestEpoch >= patience;

    private InputException Diverged(TrainingProgress progress, ReadOnlySpan<int> rows, string what)
    {
        string list = string.Join(", ", rows.ToArray().Select(row => data.Rows[row]));
        return new InputException(
            $"step {progress.Step + 1} (epoch {progress.Epoch + 1}): {what}, on rows {list} of {data.Source}; "
            + "the run stops here, a smaller learning rate or clipping may help");
    }
}
