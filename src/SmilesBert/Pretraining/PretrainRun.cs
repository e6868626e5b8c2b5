using System.Globalization;
using SmilesBert.Benchmarking;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Pretraining;

/// <summary>
/// A pretraining from its inputs to its finished folder: molecules, vocabulary, network, masked recovery, held-out recovery.
/// </summary>
public sealed class PretrainRun
{
    private readonly PretrainOptions options;
    private readonly IOps ops;
    private readonly ITrainingLog log;

    /// <param name="options">What is asked for.</param>
    /// <param name="ops">The device.</param>
    /// <param name="log">Who is told how it goes.</param>
    public PretrainRun(PretrainOptions options, IOps ops, ITrainingLog log)
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
        if (options.HeldOut is not (>= 0 and < 1))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--held-out {options.HeldOut}: expected a share from 0 up to but not including 1"));
        if (!RunFolder.Look(options.Output, options.Resume, log)) return;

        Corpus corpus = Corpus.Load(options.Data, options.Read with { Stop = stop });
        (ModelConfig config, Tokenizer tokenizer) = Network(corpus, stop);
        if (options.Dropout is { } rate) config = config.WithDropout(rate);
        Masking masking = new(tokenizer, options.Training.Seed);
        PretrainData data = new(corpus, new MoleculeEncoder(tokenizer, config.TokenLimit(options.MaxTokens), options.OnLong), masking, options, stop);

        (BertModel model, LoadReport? loaded) = Start(config);
        PretrainDescription run = new(options, model, tokenizer, data, loaded);
        log.Header(run.Facts);
        foreach (string warning in run.Warnings) log.Warning(warning);

        using RunFolder folder = RunFolder.Open(options.Output, Identity(model, data), options.Resume);
        tokenizer.Save(options.Output);
        AtomicFile.WriteText(folder.File("held-out.smi"), string.Concat(data.HeldOut.Select(row => corpus.Smiles[row] + "\n")));
        // Another writing may be a token or two longer: what the limit leaves of it is as good.
        MoleculeEncoder? writings = options.RandomizeSmiles ? new MoleculeEncoder(tokenizer, data.TokenLimit, LongMolecules.Truncate) : null;
        PretrainWork work = new(model, data, masking, options.Training, writings);
        TrainingProgress progress = new Trainer(work, options.Training, folder, log).Run(stop);

        using (TensorFile best = Checkpoint.Open(options.Output)) ModelWeights.Load(model, best, keepHead: true, options.Training.Seed);
        RecoveryScore? recovery = data.HeldOut.Length > 0 ? work.Recovery(stop) : null;
        PretrainResults results = new(run, progress, recovery, data.FlopsPerEpoch(config, masking) / data.Train.Length, ProductSpeed.Measure(ops));
        results.Write(folder);
        log.Message(results.Summary);
        log.Message(results.Speed);
    }

    private (ModelConfig Config, Tokenizer Tokenizer) Network(Corpus corpus, CancellationToken stop)
    {
        if (options.Start is PretrainStart.Preset preset)
        {
            Tokenizer ofPreset = Vocabulary(preset.Vocabulary, corpus, stop);
            return (ModelPreset.Config(preset.Name, ofPreset), ofPreset);
        }
        (ModelConfig config, Tokenizer tokenizer, string source) = options.Start is PretrainStart.Config given
            ? (ModelConfig.LoadFile(given.File), Vocabulary(given.Vocabulary, corpus, stop), given.File)
            : FromModel(((PretrainStart.Model)options.Start).Folder);
        config.RequireFit(tokenizer, source);
        // transformers numbers a new RoBERTa's positions by this id; what an existing model was given is its own affair.
        if (options.Start is PretrainStart.Config && config.PaddingId != tokenizer.PadId)
        {
            throw new InputException(
                $"{source}: pad_token_id is {config.PaddingId}, but the vocabulary's padding token {tokenizer.Token(tokenizer.PadId)} has the id {tokenizer.PadId}");
        }
        return (config with { Task = null, Labels = [], Scaling = null }, tokenizer);

        static (ModelConfig Config, Tokenizer Tokenizer, string Source) FromModel(string folder) =>
            (ModelConfig.Load(folder), Tokenizer.Load(folder), folder);
    }

    private Tokenizer Vocabulary(string? path, Corpus corpus, CancellationToken stop)
    {
        if (path is not null)
        {
            if (Directory.Exists(path)) return Tokenizer.Load(path);
            if (!File.Exists(path)) throw new InputException($"there is no vocabulary {path}");
            try { return Tokenizer.OfVocabulary(path, File.ReadAllBytes(path)); }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{path} cannot be read: {error.Message}", error);
            }
        }
        AtomCounts counts = new();
        for (int row = 0; row < corpus.Smiles.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            counts.Add(corpus.Smiles[row]);
            // Another writing has marks that the first may lack: ring digits, directions, the other form of a stereo centre.
            if (options.RandomizeSmiles) counts.Add(RandomWriting.Of(corpus.Smiles[row], row, epoch: 0, options.Training.Seed));
        }
        return counts.Tokenizer(options.MinTokenCount);
    }

    // New weights, or a model's; null where they are new.
    private (BertModel Model, LoadReport? Loaded) Start(ModelConfig config)
    {
        using TensorFile? file = options.Start is PretrainStart.Model from ? Checkpoint.Open(from.Folder) : null;
        if (file is not null) ModelWeights.RequireRoom(config, file);
        BertModel model = new(config, HeadKind.MaskedToken, ops, training: true);
        if (file is not null) return (model, ModelWeights.Load(model, file, keepHead: true, options.Training.Seed));
        ModelWeights.Initialise(model, options.Training.Seed);
        return (model, null);
    }

    private Dictionary<string, string> Identity(BertModel model, PretrainData data) =>
        new(RunIdentity.OfTraining(options.Training, model, options.MaxTokens))
        {
            ["task"] = "masked recovery",
            ["randomised SMILES"] = options.RandomizeSmiles ? "yes" : "no",
            ["data"] = RunIdentity.OfTexts(data.Corpus.Smiles),
            ["tokens"] = RunIdentity.OfLists(data.Molecules),
            ["rows of the split"] = RunIdentity.OfLists([data.Train, data.HeldOut]),
        };
}
