using System.CommandLine;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>finetune: train a head and encoder on a table of molecules.</summary>
internal static class FinetuneCommand
{
    private const string ByColumn = "column:";

    private readonly record struct Kind(SplitKind Of, string? Column);

    private readonly record struct Shares(double Train, double Validation, double Test);

    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data();
        Option<string> output = SharedOptions.Output("DIR", "Folder for the finetuned model, its metrics and pictures");
        Option<string[]> target = SharedOptions.Target("Column to learn; several make several labels or values", required: true);

        Option<string?> smiles = SharedOptions.Smiles();
        Option<TaskKind?> task = SharedOptions.Task(
            "What is learned (default: what the model's folder says, else chosen by what the column holds, saying so)");
        Option<char?> separator = SharedOptions.Separator();
        Option<int?> minCount = SharedOptions.MinCount(), maxCount = SharedOptions.MaxCount(), top = SharedOptions.Top();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();

        Option<Kind> split = OptionReader.Value(
            "--split", "KIND", "How rows are divided: group (all rows of a molecule stay together), random, stratified (by class), "
            + "scaffold (all rows of a Bemis-Murcko scaffold stay together, the largest go to training first; no seed), "
            + "or column:NAME, a column that says train, validation or test (default group)",
            new Kind(SplitKind.Group, null), "group, random, stratified, scaffold or column:NAME", ReadKind);
        Option<Shares> sizes = OptionReader.Value(
            "--split-sizes", "A,B,C", "Shares of training, validation and test (default 0.8,0.1,0.1)",
            new Shares(0.8, 0.1, 0.1), "three shares that add up to 1, with some for training, such as 0.8,0.1,0.1", ReadShares);

        TrainingChoices training = new("What the split, a new head, the order of rows and dropout are drawn from", new TrainingOptions());
        Option<string> classWeights = OptionReader.Word(
            "--class-weights", "Whether rare classes weigh more, so that all weigh alike", "none or balanced", "none", "balanced");
        Option<double?> dropout = SharedOptions.Dropout();

        Option<bool> resume = new("--resume") { Description = "Go on with the run that --output holds" };
        Option<string> device = SharedOptions.Device();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("metrics.json");

        Verb command = new(
            "finetune", "Train a head and the encoder on a table of molecules, evaluate after each epoch, keep the best, test it at the end.",
            new OptionGroup("Needed", model, data, target, output),
            new OptionGroup("Data", smiles, task, separator, minCount, maxCount, top, onBadRow, maxTokens, onLong),
            new OptionGroup("Split", split, sizes),
            new OptionGroup("Training", [.. training.Options, classWeights, dropout]),
            new OptionGroup("Run", resume, training.Seed, device, precision, threads, json))
        {
            WhenStopped = "the run is saved, and the same command with --resume goes on with it",
        };
        command.Validators.Add(result =>
        {
            // The tokens as given: a value that could not be read is reported by its option.
            bool byColumn = result.GetResult(split)?.Tokens is [{ Value: { } kind }] && kind.StartsWith(ByColumn, StringComparison.Ordinal);
            if (byColumn && result.GetResult(sizes) is { Implicit: false })
                result.AddError("--split-sizes: the column that --split names says which rows are in which part");
        });
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            Kind kind = given.GetValue(split);
            Shares shares = given.GetValue(sizes);
            FinetuneOptions options = new()
            {
                Model = given.GetValue(model)!,
                Data = given.GetValue(data)!,
                Output = given.GetValue(output)!,
                Read = new ReadOptions { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow) },
                Targets = new TargetOptions
                {
                    Columns = given.GetValue(target)!,
                    Separator = given.GetValue(separator),
                    Task = given.GetValue(task),
                    MinCount = given.GetValue(minCount),
                    MaxCount = given.GetValue(maxCount),
                    Top = given.GetValue(top),
                },
                Split = new SplitOptions(kind.Of, given.GetValue(training.Seed)) { Train = shares.Train, Validation = shares.Validation, Test = shares.Test },
                SplitColumn = kind.Column,
                Training = training.Read(given),
                BalancedClassWeights = given.GetValue(classWeights) == "balanced",
                Dropout = (float?)given.GetValue(dropout),
                MaxTokens = given.GetValue(maxTokens),
                OnLong = given.GetValue(onLong),
                Resume = given.GetValue(resume),
            };
            using IOps ops = DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads), given.GetValue(precision));
            ConsoleLog log = new();
            new Finetuning(options, ops, log).Run(stop);
            log.Finish(options.Output, given.GetValue(json) ? "metrics.json" : null);
            return 0;
        }
    }

    private static Kind? ReadKind(string text)
    {
        bool byColumn = text.StartsWith(ByColumn, StringComparison.Ordinal) && text.Length > ByColumn.Length;
        if (byColumn) return new Kind(SplitKind.Column, text[ByColumn.Length..]);
        return text switch
        {
            "group" => new Kind(SplitKind.Group, null),
            "random" => new Kind(SplitKind.Random, null),
            "stratified" => new Kind(SplitKind.Stratified, null),
            "scaffold" => new Kind(SplitKind.Scaffold, null),
            _ => null,
        };
    }

    private static Shares? ReadShares(string text)
    {
        double?[] shares = [.. text.Split(',').Select(OptionReader.Real)];
        return shares is [> 0 and { } train, >= 0 and { } validation, >= 0 and { } test] && Math.Abs(train + validation + test - 1) <= 1e-6
            ? new Shares(train, validation, test) : null;
    }
}
