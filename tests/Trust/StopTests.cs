using SmilesBert.Tests.Cli;

namespace SmilesBert.Tests.Trust;

/// <summary>A signal ends a command in whatever it is doing: within ten seconds, with its exit code, and with all that was done saved.</summary>
public sealed class StopTests : IDisposable
{
    private const int Many = 12_000;    // molecules that keep a tiny model busy for some seconds

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly TinyRuns runs = new();

    public StopTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent as Unix does");

    public void Dispose() => runs.Dispose();

    // Some molecules, and then a pipe that stays open and gives nothing.
    [Theory]
    [InlineData("finetune", CommandRun.SigTerm)]
    [InlineData("pretrain", CommandRun.SigInt)]
    [InlineData("study", CommandRun.SigTerm)]
    [InlineData("predict", CommandRun.SigTerm)]
    [InlineData("embed", CommandRun.SigInt)]
    [InlineData("pca", CommandRun.SigInt)]
    public void WhileItWaitsForData(string verb, int signal)
    {
        string output = runs.At("out");
        using CommandRun run = CommandRun.Start(TinyRuns.With(runs.Command(verb, output), "--data", "-"));
        run.Input.Write(SmallTable.Text);
        run.Input.Flush();
        run.WaitFor(run.IsIdle, "the end of what it was given");
        Stops(run, signal);
        Assert.False(Path.Exists(output));
        Assert.DoesNotContain(Directory.EnumerateFiles(runs.Root), TinyRuns.IsUnfinished);
    }

    [Theory]
    [InlineData("finetune", CommandRun.SigInt)]
    [InlineData("pretrain", CommandRun.SigTerm)]
    [InlineData("study", CommandRun.SigInt)]
    public async Task WhileItReads(string verb, int signal)
    {
        string output = runs.At("out");
        using CommandRun run = CommandRun.Start(TinyRuns.With(runs.Command(verb, output), "--data", "-"));
        using CancellationTokenSource enough = new();
        long written = 0;
        Task feed = Task.Run(() =>
        {
            try
            {
                run.Input.Write(SmallTable.Header + "\n");
                for (int i = 0; !enough.IsCancellationRequested; i++, Volatile.Write(ref written, i)) run.Input.WriteLine(SmallTable.Line(i % SmallTable.Rows));
            }
            catch (IOException)
            {
                // The reader is gone, as it should be.
            }
        }, TestContext.Current.CancellationToken);
        run.WaitFor(() => Volatile.Read(ref written) > 5000, "rows to be read");
        Stops(run, signal);
        await enough.CancelAsync();
        await feed;
        Assert.False(Path.Exists(output));
    }

    [Theory]
    [InlineData("validation", CommandRun.SigTerm)]
    [InlineData("test", CommandRun.SigInt)]
    public void WhileItEvaluates(string part, int signal)
    {
        // One step an epoch, and then a part to evaluate that takes long.
        string table = runs.Write("parts.csv", "smiles,kind,part\n" + string.Concat(
            Enumerable.Range(0, Many).Select(i => $"{SmallTable.Smiles(i % SmallTable.Rows)},{(i % 2 == 0 ? "a" : "b")},{(i < 8 ? "train" : part)}\n")));
        string output = runs.At("out"), history = Path.Combine(output, "history.jsonl");
        string[] command =
        [
            "finetune", "--model", runs.Model, "--data", table, "--target", "kind", "--split", "column:part", "--output", output, "--epochs", "1", "--batch-size", "8",
            "--threads", "1", "--device", "cpu",
        ];
        using (CommandRun run = CommandRun.Start(command))
        {
            // A test comes when the epoch, which has nothing to evaluate, is saved.
            string before = part == "test" ? Path.Combine(output, "state", "training.safetensors") : history;
            run.WaitFor(() => File.Exists(before) && new FileInfo(before).Length > 0, "the step");
            Stops(run, signal);
        }
        Assert.Single(File.ReadAllLines(history));
        Assert.False(File.Exists(Path.Combine(output, "metrics.json")));
        Finished resumed = CommandRun.Of([.. command, "--resume"]).Succeeded();
        Assert.Contains("resumed after step 1", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(history).Length);
    }

    [Theory]
    [InlineData("0.02", "steps")]
    [InlineData("0.999", "recovery")]
    public void WhileItPretrains(string heldOut, string phase)
    {
        string list = runs.Write("many.smi", string.Join('\n', Enumerable.Range(0, Many).Select(static i => "CCN" + Convert.ToString(i + 1, 2).Replace('1', 'O').Replace('0', 'C'))));
        string output = runs.At("out"), history = Path.Combine(output, "history.jsonl");
        string[] command =
            ["pretrain", "--data", list, "--config", runs.Config, "--output", output, "--held-out", heldOut, "--epochs", "1", "--batch-size", "16", "--threads", "1", "--device", "cpu"];
        using CommandRun run = CommandRun.Start(command);
        run.WaitFor(() => File.Exists(history) && new FileInfo(history).Length > 0, phase);
        Stops(run, CommandRun.SigTerm);
        Assert.True(File.Exists(Path.Combine(output, "state", "training.safetensors")));
    }

    [Theory]
    [InlineData("embedding", CommandRun.SigInt)]
    [InlineData("finetuning", CommandRun.SigTerm)]
    [InlineData("measuring", CommandRun.SigInt)]
    public void WhileItStudies(string phase, int signal)
    {
        string table = runs.Write("many.csv", "smiles,kind\n" + string.Concat(Enumerable.Range(0, Many / 3).Select(
            static i => $"{(i % 2 == 0 ? "CCN" : "OCC")}{Convert.ToString(i + 1, 2).Replace('1', 'O').Replace('0', 'C')},{(i % 2 == 0 ? "amine" : "alcohol")}\n")));
        string output = runs.At("out"), first = Path.Combine(output, "by-molecule", "seed-42");
        string[] command =
        [
            "study", "--model", runs.Model, "--data", table, "--target", "kind", "--output", output, "--seeds", "1", "--epochs", "1", "--batch-size", "64",
            "--threads", "1", "--device", "cpu",
        ];
        using CommandRun run = CommandRun.Start(command);
        run.WaitFor(() => phase switch
        {
            "embedding" => run.Error.Contains("embedding", StringComparison.Ordinal),
            "finetuning" => Path.Exists(Path.Combine(first, "history.jsonl")),
            _ => Path.Exists(Path.Combine(first, "metrics.json")),
        }, phase);
        Stops(run, signal);
        Assert.False(Path.Exists(Path.Combine(output, "study.json")));
        Assert.Equal(phase == "embedding", !Path.Exists(output));
    }

    // The second comes while the first is being heeded, most likely in a save.
    [Theory]
    [InlineData(CommandRun.SigInt)]
    [InlineData(CommandRun.SigTerm)]
    public void TwiceInTheMiddleOfATraining_LeavesTheLastGoodState(int signal)
    {
        CommandRun.Of(runs.Command("finetune", runs.At("whole"))).Succeeded();
        string output = runs.At("run");
        using (CommandRun run = CommandRun.Start(runs.Command("finetune", output)))
        {
            run.WaitFor(() => File.Exists(Path.Combine(output, "state", "training.safetensors")), "a saved epoch");
            run.Signal(signal);
            run.Signal(signal);
            Assert.Equal(128 + signal, run.End(Soon).ExitCode);
        }
        CommandRun.Of([.. runs.Command("finetune", output), "--resume"]).Succeeded();
        Assert.Equal(FinishedFolder.Of(runs.At("whole")), FinishedFolder.Of(output));
    }

    private static void Stops(CommandRun run, int signal)
    {
        run.Signal(signal);
        Finished stopped = run.End(Soon);
        Assert.True(stopped.ExitCode == 128 + signal, $"exit code {stopped.ExitCode}: {stopped.Error}");
        Assert.StartsWith("stopped: ", stopped.ErrorLines[^1], StringComparison.Ordinal);
    }
}
