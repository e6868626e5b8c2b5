using System.Diagnostics;
using System.Globalization;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>
/// The training loop, of finetuning and pretraining alike. Everything it draws is a function of (seed, step), so a run that is stopped and resumed
/// ends as the uninterrupted one does, bit for bit, on any number of threads.
/// </summary>
public sealed class Trainer
{
    private readonly ITrainingWork work;
    private readonly BertModel model;
    private readonly TrainingOptions options;
    private readonly RunFolder folder;
    private readonly ITrainingLog log;
    private readonly BatchPlan plan;
    private readonly LinearSchedule schedule;
    private readonly AdamWOptimizer optimizer;
    private readonly StepWork[] started = new StepWork[2];      // the last two steps, by turns

    /// <param name="work">What a step and an evaluation compute.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="folder">Where the run is kept.</param>
    /// <param name="log">Who is told.</param>
    public Trainer(ITrainingWork work, TrainingOptions options, RunFolder folder, ITrainingLog log)
    {
        this.work = work;
        this.options = options;
        this.folder = folder;
        this.log = log;
        model = work.Model;
        plan = new BatchPlan(work.Rows, options);
        schedule = new LinearSchedule(options.LearningRate, options.Warmup, plan.Steps);
        optimizer = new AdamWOptimizer(model, options);
    }

    /// <summary>Trains to the end, from where the folder's saved state stands if there is one; the best epoch's weights are then in the folder.</summary>
    /// <exception cref="OperationCanceledException">Stopped after a step; the run was saved and can be resumed.</exception>
    /// <exception cref="InputException">The loss is not a number, or the saved state is not of this run.</exception>
    public TrainingProgress Run(CancellationToken stop)
    {
        TrainingProgress progress = new();
        if (folder.IsSaved)
        {
            progress = folder.LoadState(model, optimizer);
            log.Message($"resumed after step {progress.Step}");
        }
        while (progress.Epoch < options.Epochs && !IsOutOfPatience(progress))
        {
            progress = RunSteps(progress, stop);
            progress = EndEpoch(progress, stop);
            stop.ThrowIfCancellationRequested();
        }
        return progress;
    }

    // The epoch's steps, from where it stands. A device that runs behind gets the next step before the host asks for the loss of this one, so that it never
    // waits for the host; where the run is saved, nothing is ahead.
    private TrainingProgress RunSteps(TrainingProgress progress, CancellationToken stop)
    {
        int[] rows = plan.Epoch(progress.Epoch);
        long began = Stopwatch.GetTimestamp();
        bool isStarted = false;
        while (progress.StepInEpoch < plan.StepsPerEpoch)
        {
            if (!isStarted) Start(progress, plan.StepRows(rows, progress.StepInEpoch), progress.Step);
            bool isLast = progress.StepInEpoch + 1 == plan.StepsPerEpoch, saves = stop.IsCancellationRequested || (progress.Step + 1) % options.SaveEvery == 0;
            isStarted = model.Ops.RunsBehind && !isLast && !saves;
            if (isStarted) Start(progress, plan.StepRows(rows, progress.StepInEpoch + 1), progress.Step + 1);

            progress = Finish(progress, plan.StepRows(rows, progress.StepInEpoch), began);
            if (!isStarted)
            {
                if (stop.IsCancellationRequested || progress.Step % options.SaveEvery == 0) Save(progress);
                stop.ThrowIfCancellationRequested();
            }
            began = Stopwatch.GetTimestamp();
        }
        return progress;
    }

    private void Start(TrainingProgress progress, ReadOnlySpan<int> rows, int step)
    {
        optimizer.Clear();
        started[step % 2] = work.Step(rows, progress.Epoch, step);
        optimizer.Step(schedule.At(step), step);
    }

    private TrainingProgress Finish(TrainingProgress progress, ReadOnlySpan<int> rows, long began)
    {
        int step = progress.Step;
        StepWork done = started[step % 2];
        float loss = work.Loss(step), norm = optimizer.GradientNorm(step);
        if (!float.IsFinite(loss)) throw Diverged(progress, rows, $"the loss is {loss}", "the weight", model.Parameters.Values);
        if (!float.IsFinite(norm))
        {
            // The step ahead has overwritten the gradient, but neither of them a weight: once more, to look at it.
            optimizer.Clear();
            work.Step(rows, progress.Epoch, step);
            throw Diverged(progress, rows, $"the gradient's norm is {norm}", "the gradient of", model.Parameters.Gradients);
        }

        progress = progress with
        {
            Step = step + 1,
            StepInEpoch = progress.StepInEpoch + 1,
            EpochLoss = progress.EpochLoss + ((double)loss * done.Weight),
            EpochWeight = progress.EpochWeight + done.Weight,
            Seconds = progress.Seconds + Stopwatch.GetElapsedTime(began).TotalSeconds,
            Molecules = progress.Molecules + rows.Length,
            Tokens = progress.Tokens + done.Tokens,
        };
        StepRecord record = new(progress.Step, progress.Epoch + 1, loss, norm, schedule.At(step));
        folder.Append(record);
        log.Step(record, plan.Steps, progress);
        return progress;
    }

    private TrainingProgress EndEpoch(TrainingProgress progress, CancellationToken stop)
    {
        int epoch = progress.Epoch + 1;
        // The steps looked at losses and gradients: the last one may still have thrown the weights off.
        if (!float.IsFinite(optimizer.WeightNorm()))
        {
            throw new InputException(
                $"the weights are no longer finite after step {progress.Step}, the end of epoch {epoch}{NotFinite("the weight", model.Parameters.Values)}; "
                + "the run stops here, a smaller learning rate may help");
        }
        IScored? validation;
        try { validation = work.Validate(stop); }
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
        progress = progress with
        {
            Epoch = epoch,
            StepInEpoch = 0,
            TrainLoss = progress.EpochLoss / progress.EpochWeight,
            EpochLoss = 0,
            EpochWeight = 0,
        };
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

    private InputException Diverged(TrainingProgress progress, ReadOnlySpan<int> rows, string what, string kind, Floats arena) => new(
        $"step {progress.Step + 1} (epoch {progress.Epoch + 1}): {what}, on {work.Describe(rows)}{NotFinite(kind, arena)}; "
        + "the run stops here, a smaller learning rate or clipping may help");

    // ", KIND NAME holds NaN at element 3" of the first tensor that holds such a number; nothing where all are finite.
    private string NotFinite(string kind, Floats arena)
    {
        foreach (NamedTensor tensor in model.Parameters.Tensors)
        {
            float[] values = new float[tensor.Length];
            model.Ops.Read(values, arena.Slice(tensor.Offset, tensor.Length));
            int bad = Array.FindIndex(values, static value => !float.IsFinite(value));
            if (bad >= 0) return string.Create(CultureInfo.InvariantCulture, $", {kind} {tensor.Name} holds {values[bad]} at element {bad}");
        }
        return "";
    }
}
