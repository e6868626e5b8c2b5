using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Model;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Pretraining;

/// <summary>What a pretraining is made of, as its header prints it and its report repeats it.</summary>
internal sealed class PretrainDescription
{
    /// <param name="options">What is asked for.</param>
    /// <param name="model">The model before the first step.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="data">The molecules.</param>
    /// <param name="loaded">Where its weights come from; null when they are new.</param>
    public PretrainDescription(PretrainOptions options, BertModel model, Tokenizer tokenizer, PretrainData data, LoadReport? loaded)
    {
        Options = options;
        Model = model;
        Tokenizer = tokenizer;
        Data = data;
        Warnings = [.. WarningsOf(data)];
        Facts = [RunFacts.Program(model), ModelFacts(loaded), DataFacts(), TrainingFacts()];
    }

    public PretrainOptions Options { get; }

    public BertModel Model { get; }

    public Tokenizer Tokenizer { get; }

    public PretrainData Data { get; }

    public IReadOnlyList<ReportFacts> Facts { get; }

    public IReadOnlyList<string> Warnings { get; }

    private static IEnumerable<string> WarningsOf(PretrainData data)
    {
        foreach (string line in data.Report.Warnings()) yield return line;
        if (data.Unknown > 0) yield return Text($"{data.Unknown} molecules are left out: the vocabulary knows none of their tokens");
        if (data.HeldOut.Length == 0) yield return "no molecules are held out: epochs are not evaluated, and the last one is kept";
    }

    private ReportFacts ModelFacts(LoadReport? loaded)
    {
        string begins = Options.Start switch
        {
            PretrainStart.Model from => from.Folder,
            PretrainStart.Config config => $"configuration {config.File}",
            PretrainStart.Preset preset => $"preset {preset.Name}",
            _ => throw new ArgumentException($"{Options.Start} is no start of a pretraining"),
        };
        return new ReportFacts("Model",
        [
            ("begins with", begins),
            .. RunFacts.Network(Model),
            ("weights", loaded is null ? "new, drawn from the seed" : Text($"{loaded.Loaded} tensors from {loaded.Source}")),
            ("left out", loaded is null || loaded.Unused.Count == 0 ? "nothing" : string.Join(", ", loaded.Unused)),
            ("tokenizer", Tokenizer.Description),
        ]);
    }

    private ReportFacts DataFacts()
    {
        TokenizationReport tokens = Data.Report;
        return new ReportFacts("Data",
        [
            .. Data.Corpus.Files.Select(static file => ("file", file)),
            .. Data.Corpus.Dropped.Select(static dropped => ("left out", Text($"{dropped.Count:N0}: {dropped.Reason} ({string.Join("; ", dropped.Examples)})"))),
            ("tokens", Text($"{tokens.Tokens:N0}, longest molecule {tokens.Longest}, {tokens.Truncated} truncated")),
            ("split", Text($"{Data.Train.Length:N0} molecules for training, {Data.HeldOut.Length:N0} held out; all writings of a molecule on one side")),
        ]);
    }

    private ReportFacts TrainingFacts() => new("Training",
    [
        .. RunFacts.Training(Options.Training),
        ("asked for", "15 % of a molecule's tokens, at least one: 80 % of them masked, 10 % replaced, 10 % as they are; drawn anew each epoch"),
        ("writing", Options.RandomizeSmiles ? "drawn anew each epoch (held-out molecules as they are written)" : "as in the data"),
    ]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
