using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Weights;

namespace SmilesBert.Training;

/// <summary>
/// A finetuning from its inputs to its finished folder: data, split, tokens, model, training, test.
/// </summary>
public sealed class Finetuning
{
    private readonly FinetuneOptions options;
    private readonly IOps ops;
    private readonly ITrainingLog log;

    /// <param name="options">What is asked for.</param>
    /// <param name="ops">The device.</param>
    /// <param name="log">Who is told how it goes.</param>
    public Finetuning(FinetuneOptions options, IOps ops, ITrainingLog log)
    {
        this.options = options;
        this.ops = ops;
        this.log = log;
    }

    /// <summary>Runs it to the end; the folder then holds everything.</summary>
    /// <exception cref="InputException">Something given cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the run was saved and can be resumed.</exception>
    public void Run(CancellationToken stop)
    {
        options.Training.RequireValid();
        if (!RunFolder.Look(options.Output, options.Resume, log)) return;

        ModelConfig pretrained = ModelConfig.Load(options.Model);
        if (options.Dropout is { } rate) pretrained = pretrained.WithDropout(rate);
        Tokenizer tokenizer = Tokenizer.Load(options.Model);
        pretrained.RequireFit(tokenizer, options.Model);
        Dataset data = Dataset.Load(
            options.Data, options.Read with { Stop = stop }, options.Targets with { ModelTask = pretrained.Task }, options.SplitColumn);
        stop.ThrowIfCancellationRequested();
        bool keepHead = pretrained.Task == data.Task
            && pretrained.Labels.Order(StringComparer.Ordinal).SequenceEqual(data.Labels.Order(StringComparer.Ordinal));
        if (keepHead) data = data.WithLabels(pretrained.Labels);
        if (options.BalancedClassWeights && data.Task != TaskKind.SingleLabel)
            throw new InputException("--class-weights balanced needs a single-label task");
        Split split = Split.Make(data, options.Split with { Stop = stop });
        (int[][] molecules, TokenizationReport tokens) = Tokenize(data, tokenizer, pretrained, stop);
        stop.ThrowIfCancellationRequested();

        TargetScaling? scaling = data.Task != TaskKind.Regression ? null : keepHead ? pretrained.Scaling : ScalingOf(data, split.Train);
        BertModel model;
        LoadReport loaded;
        using (TensorFile file = Checkpoint.Open(options.Model))
        {
            ModelWeights.RequireRoom(pretrained, file);
            model = new BertModel(pretrained.WithHead(data.Task, data.Labels, scaling), HeadKind.Molecule, ops, training: true);
            loaded = ModelWeights.Load(model, file, keepHead, options.Training.Seed);
        }

        RunDescription run = new(options, model, tokenizer, tokens, data, split, loaded, keepHead);
        log.Header(run.Facts);
        foreach (string warning in run.Warnings) log.Warning(warning);

        using RunFolder folder = RunFolder.Open(options.Output, RunIdentity.Of(options, model, data, molecules, split), options.Resume);
        tokenizer.Save(options.Output);
        split.Write(folder.File("split.csv"), data);
        float[]? classWeights = options.BalancedClassWeights ? ClassWeights.Balanced(data.Classes, split.Train, data.Labels.Count) : null;
        FinetuneWork work = new(model, data, molecules, split, classWeights, options.Training);
        TrainingProgress progress = new Trainer(work, options.Training, folder, log).Run(stop);

        using (TensorFile best = Checkpoint.Open(options.Output)) ModelWeights.Load(model, best, keepHead: true, options.Training.Seed);
        Evaluation? validation = split.Validation.Length > 0 ? work.Evaluate(split.Validation, stop) : null;
        Evaluation? test = split.Test.Length > 0 ? work.Evaluate(split.Test, stop) : null;
        if (test is not null)
        {
            folder.Append(progress.BestEpoch, "test", test);
            log.Evaluated(progress.BestEpoch, "test", test, isBest: false);
        }
        new RunResults(run, progress, validation, test).Write(folder);
    }

    private (int[][] Molecules, TokenizationReport Report) Tokenize(Dataset data, Tokenizer tokenizer, ModelConfig config, CancellationToken stop)
    {
        MoleculeEncoder encoder = new(tokenizer, config.TokenLimit(options.MaxTokens), options.OnLong);
        int[][] molecules = new int[data.Count][];
        for (int i = 0; i < molecules.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            molecules[i] = encoder.Encode(data.Smiles[i], data.Rows[i]);
        }
        return (molecules, encoder.Report);
    }

    // Each target's mean and standard deviation over the rows that train.
    private static TargetScaling ScalingOf(Dataset data, int[] rows)
    {
        int k = data.Labels.Count;
        double[] mean = new double[k], deviation = new double[k];
        for (int t = 0; t < k; t++)
        {
            double[] values = [.. rows.Select(row => (double)data.Targets[(row * k) + t]).Where(double.IsFinite)];
            if (values.Length == 0)
                throw new InputException($"{data.Source}: no row of the training split has a value for target '{data.Labels[t]}'");
            mean[t] = values.Average();
            double variance = values.Average(value => (value - mean[t]) * (value - mean[t]));
            deviation[t] = variance > 0 ? Math.Sqrt(variance) : 1;
        }
        return new TargetScaling(mean, deviation);
    }
}
