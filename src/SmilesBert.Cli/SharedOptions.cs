using System.CommandLine;
using System.Globalization;
using SmilesBert.Data;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>Options that several commands have, each with one text and one meaning.</summary>
internal static class SharedOptions
{
    public static Option<string> Model() => Text("--model", "DIR", "Folder of the model: config.json, weights, tokenizer", required: true)!;

    public static Option<Pooling> Pooling() => OptionReader.Choice(
        "--pooling", "How tokens become one vector: cls is the first token's last hidden state, mean is over all tokens",
        Training.Pooling.Cls, ("cls", Training.Pooling.Cls), ("mean", Training.Pooling.Mean));

    public static Option<string> Data() => Text(
        "--data", "FILE", "CSV with a header (.gz too), one SMILES per line (.smi, .txt), or - for standard input", required: true)!;

    public static Option<string> Output(string helpName, string description) => Text("--output", helpName, description, required: true)!;

    public static Option<string?> Smiles() => Text("--smiles", "COL", "Column that holds SMILES (default: found by content)", required: false);

    public static Option<string[]> Target(string description, bool required) => new("--target")
    {
        Description = description,
        Required = required,
        HelpName = "COL",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<TaskKind?> Task(string description) => OptionReader.Optional<TaskKind>(
        "--task", "single-label|multi-label|regression", description, "single-label, multi-label or regression", static text => text switch
        {
            "single-label" => TaskKind.SingleLabel,
            "multi-label" => TaskKind.MultiLabel,
            "regression" => TaskKind.Regression,
            _ => null,
        });

    public static Option<char?> Separator() => OptionReader.Optional<char>(
        "--separator", "C", "Character that splits the one target column into a set of labels",
        "one character", static text => text.Length == 1 ? text[0] : null);

    public static Option<int?> MinCount() => OptionReader.Number("--min-count", "Leave out classes of fewer rows", least: 1);

    public static Option<int?> MaxCount() => OptionReader.Number("--max-count", "Leave out classes of more rows", least: 1);

    public static Option<int?> Top() => OptionReader.Number("--top", "Keep only the N largest classes", least: 1);

    public static Option<BadRows> OnBadRow() => OptionReader.Choice(
        "--on-bad-row", "What happens at a row that cannot be read: the run fails, or the row is left out and counted",
        BadRows.Error, ("error", BadRows.Error), ("skip", BadRows.Skip));

    public static Option<LongMolecules> OnLong() => OptionReader.Choice(
        "--on-long", "What happens to a longer molecule: it is cut and counted, or the run fails",
        LongMolecules.Truncate, ("truncate", LongMolecules.Truncate), ("refuse", LongMolecules.Refuse));

    public static Option<int?> MaxTokens() => OptionReader.Number(
        "--max-tokens", "Longest molecule in tokens, the two at its ends included (default: what the model's position table holds)", least: 3);

    public static Option<double?> Dropout() => OptionReader.Optional<double>(
        "--dropout", "P", "One rate for all dropouts (default: the model's own rates)", "a share from 0 up to but not including 1",
        static text => OptionReader.Real(text) is { } rate and >= 0 and < 1 ? rate : null);

    public static Option<ulong> Seed(string drawn) => OptionReader.Value(
        "--seed", "N", $"{drawn} (default {new TrainingOptions().Seed})", new TrainingOptions().Seed, "a whole number of 0 or more",
        static text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null);

    public static Option<string> Device() => OptionReader.Word(
        "--device", "auto|cpu|cuda[:N]|simulator|ilgpu", "Where the arithmetic runs; auto takes a graphics card where there is one", DeviceChoice.Auto,
        "auto, cpu, cuda, cuda:N (a number from 0), simulator or ilgpu", DeviceChoice.IsName);

    public static Option<int> Threads() => OptionReader.Number(
        "--threads", "Threads of the cpu device; the results are the same for any number", Environment.ProcessorCount, least: 1, most: 1024);

    public static Option<bool> Json(string what) => new("--json") { Description = $"Print {what} on standard output, as JSON" };

    /// <summary>
    /// Refuses early where no file can be put: a finished file is renamed to its name, which over a folder fails after hours of work, and which
    /// would put a file in the place of /dev/null for all programs of the machine.
    /// </summary>
    public static string OutputFile(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder, and --output needs the name of a file");
        if (!OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            throw new InputException($"{path} is a device, and --output needs the name of a file");
        return path;
    }

    /// <summary>Refuses early where no folder can be made.</summary>
    public static string OutputFolder(string path) =>
        File.Exists(path) ? throw new InputException($"{path} is a file, and --output needs the name of a folder") : path;

    /// <summary>A text, as it is given.</summary>
    public static Option<string?> Text(string name, string helpName, string description, bool required) =>
        new(name) { Description = description, Required = required, HelpName = helpName, Arity = ArgumentArity.ExactlyOne };
}
