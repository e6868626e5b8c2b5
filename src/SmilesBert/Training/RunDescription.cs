using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Tokenization;

namespace SmilesBert.Training;

/// <summary>What a run is made of, as its header prints it and its report repeats it.</summary>
internal sealed class RunDescription
{
    public RunDescription(
        FinetuneOptions options, BertModel model, Tokenizer tokenizer, TokenizationReport tokens, Dataset data, Split split,
        LoadReport loaded, bool keptHead)
    {
        Options = options;
        Model = model;
        Data = data;
        Split = split;
        Warnings = [.. WarningsOf(tokens, data, split)];
        Facts = [RunFacts.Program(model), ModelFacts(tokenizer, loaded, keptHead), DataFacts(tokens), TrainingFacts()];
    }

    public FinetuneOptions Options { get; }

    public BertModel Model { get; }

    public Dataset Data { get; }

    public Split Split { get; }

    public IReadOnlyList<ReportFacts> Facts { get; }

    public IReadOnlyList<string> Warnings { get; }

    private static IEnumerable<string> WarningsOf(TokenizationReport tokens, Dataset data, Split split)
    {
        foreach (string line in tokens.Warnings()) yield return line;
        if (split.Validation.Length == 0) yield return "the validation part is empty: epochs are not evaluated, and the last one is kept";
        if (split.Test.Length == 0) yield return "the test part is empty: there is no test";
        if (split.TestMoleculesInTraining > 0)
        {
            yield return $"{split.TestMoleculesInTraining} of {split.TestMolecules} test molecules are also in training: "
                + "the test measures memory too; --split group keeps them apart";
        }
        if (data.Task == TaskKind.SingleLabel)
        {
            HashSet<int> trained = [.. split.Train.Select(row => data.Classes[row])];
            string[] unseen = [.. data.Labels.Where((_, k) => !trained.Contains(k)).Select(static name => $"'{name}'")];
            if (unseen.Length > 0) yield return $"no molecule of the training split is of class {string.Join(", ", unseen)}";
        }
    }

    private ReportFacts ModelFacts(Tokenizer tokenizer, LoadReport loaded, bool keptHead) => new("Model",
    [
        ("folder", Options.Model),
        .. RunFacts.Network(Model),
        ("weights", Text($"{loaded.Loaded} tensors from {loaded.Source}")),
        ("head", keptHead ? "the folder's own" : $"new: {string.Join(", ", loaded.Fresh)}"),
        ("left out", loaded.Unused.Count == 0 ? "nothing" : string.Join(", ", loaded.Unused)),
        ("tokenizer", tokenizer.Description),
    ]);

    private ReportFacts DataFacts(TokenizationReport tokens)
    {
        List<(string, string)> facts =
        [
            ("file", Data.Source),
            ("SMILES", Data.SmilesColumnChoice),
            ("same molecule", Data.IdentityChoice),
            ("task", Data.TaskReason),
            ("labels", Labels()),
            ("rows", Text($"{Data.Count:N0} used")),
        ];
        facts.AddRange(Data.Dropped.Select(static dropped => ("left out", Text($"{dropped.Count:N0}: {dropped.Reason} ({string.Join("; ", dropped.Examples)})"))));
        facts.AddRange(Data.Notes.Select(static note => ("note", note)));
        facts.Add(("tokens", Text($"{tokens.Tokens:N0}, longest molecule {tokens.Longest}, {tokens.Truncated} truncated")));
        facts.Add(("split", Split.Description));
        return new ReportFacts("Data", facts);
    }

    private ReportFacts TrainingFacts() => new("Training",
    [
        .. RunFacts.Training(Options.Training),
        ("class weights", Options.BalancedClassWeights ? "balanced" : "none"),
    ]);

    private string Labels()
    {
        const int Shown = 12;
        string[] names = Data.Task == TaskKind.SingleLabel
            ? [.. Data.Labels.Select((name, k) => Text($"{name} ({Data.Classes.Count(c => c == k)})"))]
            : [.. Data.Labels];
        return Text($"{names.Length}: {string.Join(", ", names.Take(Shown))}{(names.Length > Shown ? ", ..." : "")}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
