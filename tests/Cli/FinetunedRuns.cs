using SmilesBert.Tests.Cli;

[assembly: AssemblyFixture(typeof(FinetunedRuns))]

namespace SmilesBert.Tests.Cli;

/// <summary>One finished run of each task, made when a test first asks for it and shared by all.</summary>
public sealed class FinetunedRuns : IDisposable
{
    public const int Epochs = 2, BatchSize = 8;

    private readonly string root = Directory.CreateTempSubdirectory("smilesbert-runs-").FullName;
    private readonly Dictionary<string, Lazy<Run>> runs;

    public FinetunedRuns() => runs = new Dictionary<string, Lazy<Run>>
    {
        ["single-label"] = new(() => Make("single-label", "bert-single-label", ["kind"])),
        ["multi-label"] = new(() => Make("multi-label", "albert-single-label", ["flag_a", "flag_b"])),
        ["regression"] = new(() => Make("regression", "roberta-single-label", ["value"])),
    };

    /// <summary>A run's folder, the table that it was made from, the target columns, and what the command printed.</summary>
    internal sealed record Run(string Folder, string Table, string[] Targets, Finished Command)
    {
        public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

        public string Text(string name) => File.ReadAllText(At(name));

        /// <summary>--target COL for each.</summary>
        public string[] TargetArguments => [.. Targets.SelectMany(static target => (string[])["--target", target])];
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    internal Run Of(string task) => runs[task].Value;

    private Run Make(string task, string network, string[] targets)
    {
        string table = Path.Combine(root, task + ".csv"), folder = Path.Combine(root, task);
        File.WriteAllText(table, SmallTable.Text);
        Run run = new(folder, table, targets, null!);
        Finished command = CommandRun.Of(
        [
            "finetune", "--model", TinyModel.Write(folder + "-pretrained", network), "--data", table, .. run.TargetArguments, "--task", task,
            "--output", folder, "--epochs", $"{Epochs}", "--batch-size", $"{BatchSize}", "--learning-rate", "1e-3", "--threads", "1", "--json",
        ]);
        return run with { Command = command.Succeeded() };
    }
}
