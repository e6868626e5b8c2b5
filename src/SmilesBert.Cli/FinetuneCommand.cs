using System.CommandLine;
using System.Globalization;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>finetune: train a head and encoder on a table of molecules.</summary>
internal static class FinetuneCommand
{
    public static Command Create()
    {
        TrainingOptions usual = new();
        Option<string> model = SharedOptions.Model(), data = SharedOptions.Data(), device = SharedOptions.Device();
        Option<string> output = new("--output") { Description = "Folder for the finetuned model, its metrics and pictures", Required = true, HelpName = "DIR" };
        Option<string[]> target = SharedOptions.Target(required: true);
        Option<string?> smiles = SharedOptions.Smiles();
        Option<char?> separator = SharedOptions.Separator();
        Option<TaskKind?> task = SharedOptions.Task();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<int?> minCount = new("--min-count") { Description = "Leave out classes of fewer rows", HelpName = "N" };
        Option<int?> maxCount = new("--max-count") { Description = "Leave out classes of more rows", HelpName = "N" };
        Option<int?> top = new("--top") { Description = "Keep only the N largest classes", HelpName = "N" };
        Option<string> split = new("--split")
        {
            Description = "How rows are divided: group keeps all rows of a molecule together; random|stratified|column:NAME",
            DefaultValueFactory = static _ => "group",
            HelpName = "KIND",
        };
        Option<string> sizes = new("--split-sizes") { Description = "Shares of training, validation and test", DefaultValueFactory = static _ => "0.8,0.1,0.1", HelpName = "T,V,T" };
        Option<int> epochs = SharedOptions.Number("--epochs", "Passes over the training split", usual.Epochs, least: 1);
        Option<int> batchSize = SharedOptions.Number("--batch-size", "Molecules per step", usual.BatchSize, least: 1);
        Option<float> learningRate = Positive("--learning-rate", "AdamW's learning rate, falling linearly to 0", usual.LearningRate);
        Option<float> weightDecay = NotNegative("--weight-decay", "AdamW's decay of weights (none on biases and layer norms)", usual.WeightDecay);
        Option<double> warmup = new("--warmup") { Description = "Warm-up: a share of all steps below 1, else a number of steps", DefaultValueFactory = _ => usual.Warmup, HelpName = "X" };
        Option<float> clip = NotNegative("--clip", "Largest norm of the gradient; 0 does not clip", usual.Clip);
        Option<bool> shuffle = new("--shuffle") { Description = "Whether each epoch has an order of its own", DefaultValueFactory = _ => usual.Shuffle, HelpName = "true|false" };
        Option<bool> classWeights = SharedOptions.Choice("--class-weights", "Whether rare classes weigh more", false, ("none", false), ("balanced", true));
        Option<int?> patience = new("--patience") { Description = "End after N epochs without a better validation score", HelpName = "N" };
        Option<float?> dropout = new("--dropout") { Description = "One rate for all dropouts [default: the model's own]", HelpName = "P" };
        dropout.Validators.Add(static result => { if (result.GetValueOrDefault<float?>() is not (>= 0 and < 1)) result.AddError("--dropout: expected a share from 0 up to but not including 1"); });
        Option<string> precision = SharedOptions.Choice("--precision", "Arithmetic; the cpu device has fp32", "fp32", ("fp32", "fp32"));
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<Tokenization.LongMolecules> onLong = SharedOptions.OnLong();
        Option<bool> resume = new("--resume") { Description = "Go on with the run that --output holds" };
        Option<ulong> seed = new("--seed") { Description = "What all randomness is keyed by", DefaultValueFactory = _ => usual.Seed, HelpName = "N" };
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        Command command = new("finetune", "Train a head and the encoder on a table of molecules; keep the best epoch; test it at the end.")
        {
            model, data, target, output, smiles, separator, task, onBadRow, minCount, maxCount, top, split, sizes, epochs, batchSize, learningRate, weightDecay,
            warmup, clip, shuffle, classWeights, patience, dropout, precision, maxTokens, onLong, resume, seed, device, threads, json,
        };
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            (SplitKind kind, string? splitColumn) = ParseSplit(given.GetValue(split)!);
            double[] shares = ParseShares(given.GetValue(sizes)!);
            ulong runSeed = given.GetValue(seed);
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
                Split = new SplitOptions(kind, runSeed) { Train = shares[0], Validation = shares[1], Test = shares[2] },
                SplitColumn = splitColumn,
                Training = new TrainingOptions
                {
                    Epochs = given.GetValue(epochs),
                    BatchSize = given.GetValue(batchSize),
                    LearningRate = given.GetValue(learningRate),
                    WeightDecay = given.GetValue(weightDecay),
                    Warmup = given.GetValue(warmup),
                    Clip = given.GetValue(clip),
                    Shuffle = given.GetValue(shuffle),
                    Patience = given.GetValue(patience),
                    Seed = runSeed,
                },
                BalancedClassWeights = given.GetValue(classWeights),
                Dropout = given.GetValue(dropout),
                MaxTokens = given.GetValue(maxTokens),
                OnLong = given.GetValue(onLong),
                Resume = given.GetValue(resume),
            };
            using IOps ops = SharedOptions.Open(given.GetValue(device)!, given.GetValue(threads));
            new Finetuning(options, ops, new ConsoleLog(options.Output)).Run(stop);
            if (given.GetValue(json)) Console.Out.Write(File.ReadAllText(Path.Combine(options.Output, "metrics.json")));
            return 0;
        }
    }

    private static (SplitKind Kind, string? Column) ParseSplit(string text)
    {
        const string Column = "column:";
        if (text.StartsWith(Column, StringComparison.Ordinal) && text.Length > Column.Length) return (SplitKind.Column, text[Column.Length..]);
        return text switch
        {
            "group" => (SplitKind.Group, null),
            "random" => (SplitKind.Random, null),
            "stratified" => (SplitKind.Stratified, null),
            _ => throw new InputException($"--split '{text}': expected group, random, stratified or column:NAME"),
        };
    }

    private static double[] ParseShares(string text)
    {
        string[] parts = text.Split(',');
        double[] shares = [.. parts.Select(static part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) ? share : double.NaN)];
        return shares.Length == 3 && shares.All(double.IsFinite) ? shares
            : throw new InputException($"--split-sizes '{text}': expected three shares such as 0.8,0.1,0.1");
    }

    private static Option<float> Positive(string name, string description, float otherwise)
    {
        Option<float> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = "X" };
        option.Validators.Add(result => { if (!(result.GetValueOrDefault<float>() > 0)) result.AddError($"{name}: expected a number above 0"); });
        return option;
    }

    private static Option<float> NotNegative(string name, string description, float otherwise)
    {
        Option<float> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = "X" };
        option.Validators.Add(result => { if (!(result.GetValueOrDefault<float>() >= 0)) result.AddError($"{name}: expected a number of 0 or more"); });
        return option;
    }
}
