using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Cli;

/// <summary>What a signal does: save, say so, and end with 130 (SIGINT) or 143 (SIGTERM).</summary>
public sealed class SignalTests : IDisposable
{
    private const int LeastLineLength = 80;     // of history.jsonl

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly DataFolder folder = new();
    private readonly string model, table;

    public SignalTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent as Unix does");
        model = TinyModel.Write(folder.At("model"));
        table = folder.Write("data.csv", SmallTable.Text);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Finetune_StoppedTwice_EndsAsTheUninterruptedRun()
    {
        string whole = folder.At("whole"), broken = folder.At("broken");
        CommandRun.Of(Arguments(whole)).Succeeded();

        StopAfter(steps: 20, CommandRun.SigInt, 130, Arguments(broken));
        StopAfter(steps: 60, CommandRun.SigTerm, 143, [.. Arguments(broken), "--resume"]);
        Finished resumed = CommandRun.Of([.. Arguments(broken), "--resume"]).Succeeded();
        Assert.Contains("resumed after step", resumed.Error);

        foreach (string name in (string[])["model.safetensors", "history.jsonl", "predictions.csv", "split.csv", "curves.svg"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(Path.Combine(broken, name)));

        void StopAfter(int steps, int signal, int code, string[] arguments)
        {
            using CommandRun run = CommandRun.Start(arguments);
            FileInfo history = new(Path.Combine(broken, "history.jsonl"));
            run.WaitFor(() => { history.Refresh(); return history.Exists && history.Length > steps * LeastLineLength; }, $"step {steps}");
            run.Signal(signal);
            Finished stopped = run.End(Soon);
            Assert.Equal(code, stopped.ExitCode);
            Assert.Equal("", stopped.Output);
            Assert.Equal("stopped: the run is saved, and the same command with --resume goes on with it", stopped.ErrorLines[^1]);
            Assert.False(File.Exists(Path.Combine(broken, "metrics.json")));
        }
    }

    [Fact]
    public void Resume_WithNothingSaved_StartsFromTheBeginning()
    {
        Finished run = CommandRun.Of([.. Arguments(folder.At("run"), epochs: 1), "--resume"]).Succeeded();
        Assert.Contains("nothing is saved yet", run.Error);
        Assert.True(File.Exists(Path.Combine(folder.At("run"), "metrics.json")));
    }

    [Theory]
    [InlineData("predict", CommandRun.SigTerm, 143)]
    [InlineData("embed", CommandRun.SigInt, 130)]
    public async Task Inference_LeavesNoFile(string command, int signal, int code)
    {
        using CommandRun run = CommandRun.Start(command, "--model", model, "--data", "-", "--output", folder.At("out"));
        // Molecules without end: the file under way grows until the signal comes.
        using CancellationTokenSource enough = new();
        Task feed = Task.Run(() =>
        {
            try
            {
                for (int i = 0; !enough.IsCancellationRequested; i++) run.Input.WriteLine(SmallTable.Smiles(i % SmallTable.Rows));
            }
            catch (IOException)
            {
                // The reader is gone, as it should be.
            }
        }, TestContext.Current.CancellationToken);
        run.WaitFor(() => new DirectoryInfo(folder.Root).EnumerateFiles("*out*").Any(static file => file.Length > 0), "output");
        run.Signal(signal);
        Finished stopped = run.End(Soon);
        await enough.CancelAsync();
        Assert.Equal(code, stopped.ExitCode);
        Assert.Equal("stopped: nothing was written", stopped.ErrorLines[^1]);
        Assert.Equal(["data.csv"], Directory.EnumerateFiles(folder.Root).Select(static path => Path.GetFileName(path)));
        await feed;
    }

    private string[] Arguments(string output, int epochs = 40) =>
    [
        "finetune", "--model", model, "--data", table, "--target", "kind", "--task", "single-label", "--output", output,
        "--epochs", $"{epochs}", "--batch-size", "8", "--learning-rate", "1e-4", "--threads", "1",
    ];
}
