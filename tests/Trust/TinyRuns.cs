using SmilesBert.Tests.Cli;
using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Trust;

/// <summary>A folder with a tiny model and table, and command lines of runs that take a second; gone when the test ends.</summary>
internal sealed class TinyRuns : IDisposable
{
    private readonly DataFolder folder = new();

    public TinyRuns()
    {
        Model = TinyModel.Write(At("model"));
        Table = folder.Write("data.csv", SmallTable.Text);
        Config = At("network.json");
        File.Copy(Files.Golden("Model", "bert-mlm", "config.json"), Config);
    }

    public string Root => folder.Root;

    public string Model { get; }

    public string Table { get; }

    /// <summary>config.json of a network for masked recovery.</summary>
    public string Config { get; }

    public string At(params string[] parts) => Path.Combine([folder.Root, .. parts]);

    public string Write(string name, string text) => folder.Write(name, text);

    /// <summary>The command line of a run: 60 steps of 10 epochs (finetune), 35 of 5 epochs, saved every third (pretrain), or four finetunings (study).</summary>
    public string[] Command(string verb, string output, int? epochs = null) => verb switch
    {
        "finetune" =>
        [
            verb, "--model", Model, "--data", Table, "--target", "kind", "--task", "single-label", "--output", output, "--epochs", $"{epochs ?? 10}", "--batch-size", "8",
            "--learning-rate", "1e-3", "--threads", "1", "--device", "cpu",
        ],
        "pretrain" =>
        [
            verb, "--data", Table, "--config", Config, "--output", output, "--epochs", $"{epochs ?? 5}", "--batch-size", "8", "--held-out", "0.1", "--randomize-smiles",
            "--save-every", "3", "--threads", "1", "--device", "cpu",
        ],
        "study" =>
        [
            verb, "--model", Model, "--data", Table, "--target", "kind", "--output", output, "--seeds", "1", "--epochs", $"{epochs ?? 2}", "--min-count", "2",
            "--threads", "1", "--device", "cpu",
        ],
        "predict" or "embed" => [verb, "--model", Model, "--data", Table, "--output", output, "--threads", "1", "--device", "cpu"],
        "pca" => [verb, "--model", Model, "--data", Table, "--color", "kind", "--output", output, "--threads", "1", "--device", "cpu"],
        "kernels" => [verb, "--output", output],
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "no command that writes"),
    };

    /// <summary>A command line with another value of an option that it has.</summary>
    public static string[] With(string[] command, string option, string value)
    {
        string[] changed = [.. command];
        changed[Array.IndexOf(command, option) + 1] = value;
        return changed;
    }

    /// <summary>Whether a file is the hidden beginning of one that a process did not finish.</summary>
    public static bool IsUnfinished(string path) => Path.GetFileName(path) is ['.', ..] && path.EndsWith(".partial", StringComparison.Ordinal);

    public void Dispose() => folder.Dispose();
}
