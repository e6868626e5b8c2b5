using System.CommandLine;
using SmilesBert.Data;
using SmilesBert.Ops;
using SmilesBert.Pretraining;
using SmilesBert.Tokenization;

namespace SmilesBert.Cli;

/// <summary>pretrain: masked recovery on molecules without labels.</summary>
internal static class PretrainCommand
{
    private const string MadeOfData = "auto";

    public static Command Create()
    {
        Option<string[]> data = new("--data")
        {
            Description = "CSVs with a header (.gz too), lists of one SMILES per line (.smi, .txt), or - for standard input",
            Required = true,
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> output = SharedOptions.Output("DIR", "Folder for the model, its metrics and its curve");

        string presets = string.Join('|', ModelPreset.Names);
        Option<string?> preset = SharedOptions.Text("--preset", presets, "Size of a new network: 2 layers x 128, 4 x 256 or 12 x 768", required: false);
        Option<string?> config = SharedOptions.Text("--config", "FILE", "config.json of a new network", required: false);
        Option<string?> model = SharedOptions.Text("--model", "DIR", "Folder of a model to go on from, with its own tokenizer", required: false);
        Option<string?> vocabulary = SharedOptions.Text(
            "--vocab", "FILE|auto", "A new network's vocabulary: vocab.txt, a tokenizer's folder, or auto, the tokens of the data (default auto)",
            required: false);
        Option<int?> minTokenCount = OptionReader.Number(
            "--min-token-count", "With --vocab auto, leave out tokens that occur less often (default 1)", least: 1);

        Option<string?> smiles = SharedOptions.Smiles();
        Option<BadRows> onBadRow = SharedOptions.OnBadRow();
        Option<double> heldOut = OptionReader.Value(
            "--held-out", "X", "Share of the molecules to evaluate on, not to train on; 0 evaluates nothing (default 0.02)", 0.02,
            "a share from 0 up to but not including 1", static text => OptionReader.Real(text) is { } share and >= 0 and < 1 ? share : null);
        Option<bool> randomize = new("--randomize-smiles") { Description = "Write each molecule anew in each epoch: from a drawn atom, branches in a drawn order" };
        Option<int?> maxTokens = SharedOptions.MaxTokens();
        Option<LongMolecules> onLong = SharedOptions.OnLong();

        TrainingChoices training = new("What new weights, masks, writings, the held-out part, the order of rows and dropout are drawn from", PretrainOptions.UsualTraining);
        Option<double?> dropout = SharedOptions.Dropout();
        Option<int> saveEvery = OptionReader.Number(
            "--save-every", "Steps after which the run is saved, beside the end of each epoch", PretrainOptions.UsualTraining.SaveEvery, least: 1);

        Option<bool> resume = new("--resume") { Description = "Go on with the run that --output holds" };
        Option<string> device = SharedOptions.Device();
        Option<Precision> precision = SharedOptions.Precision();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json("metrics.json");

        Verb command = new(
            "pretrain", "Train a network on molecules without labels: it learns to name the tokens that are masked.",
            new OptionGroup("Needed", data, output),
            new OptionGroup("Network (one of the first three)", preset, config, model, vocabulary, minTokenCount),
            new OptionGroup("Data", smiles, onBadRow, heldOut, randomize, maxTokens, onLong),
            new OptionGroup("Training", [.. training.Options, dropout]),
            new OptionGroup("Run", resume, saveEvery, training.Seed, device, precision, threads, json))
        {
            WhenStopped = "the run is saved, and the same command with --resume goes on with it",
        };
        command.Validators.Add(result =>
        {
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            string? Word(Option option) => result.GetResult(option) is { Implicit: false, Tokens: [{ Value: string text }] } ? text : null;
            Option[] networks = [preset, config, model];
            if (networks.Count(Given) != 1) result.AddError("one of --preset, --config and --model is needed");
            if (Word(preset) is { } name && !ModelPreset.Names.Contains(name))
                result.AddError($"--preset '{name}': expected {string.Join(", ", ModelPreset.Names)}");
            if (Given(model) && Given(vocabulary)) result.AddError("--vocab does not go with --model, whose own tokenizer is kept");
            if (Given(minTokenCount) && (Given(model) || Word(vocabulary) is not (null or MadeOfData)))
                result.AddError("--min-token-count is for a vocabulary that is made of the data: --vocab auto");
        });
        command.SetAction((given, stop) => Task.FromResult(Run(given, stop)));
        return command;

        int Run(ParseResult given, CancellationToken stop)
        {
            string? words = given.GetValue(vocabulary) is { } text and not MadeOfData ? text : null;
            PretrainOptions options = new()
            {
                Data = given.GetValue(data)!,
                Output = given.GetValue(output)!,
                Start = given.GetValue(model) is { } folder ? new PretrainStart.Model(folder)
                    : given.GetValue(config) is { } file ? new PretrainStart.Config(file, words)
                    : new PretrainStart.Preset(given.GetValue(preset)!, words),
                Read = new ReadOptions { SmilesColumn = given.GetValue(smiles), OnBadRow = given.GetValue(onBadRow) },
                MinTokenCount = given.GetValue(minTokenCount) ?? 1,
                HeldOut = given.GetValue(heldOut),
                RandomizeSmiles = given.GetValue(randomize),
                Training = training.Read(given) with { SaveEvery = given.GetValue(saveEvery) },
                Dropout = (float?)given.GetValue(dropout),
                MaxTokens = given.GetValue(maxTokens),
                OnLong = given.GetValue(onLong),
                Resume = given.GetValue(resume),
            };
            using IOps ops = DeviceChoice.Open(given.GetValue(device)!, given.GetValue(threads), given.GetValue(precision));
            ConsoleLog log = new();
            new PretrainRun(options, ops, log).Run(stop);
            log.Finish(options.Output, given.GetValue(json) ? "metrics.json" : null);
            return 0;
        }
    }
}
