using SmilesBert.Tests.Cli;

namespace SmilesBert.Tests.Trust;

/// <summary>One seed, one result: in another process, on other threads, stopped and gone on with.</summary>
public sealed class SameBytesTests : IDisposable
{
    private readonly TinyRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Theory]
    [InlineData("finetune")]
    [InlineData("pretrain")]
    public void OnOneThreadAndTwo_InThreeProcesses_AndAfterAStop(string verb)
    {
        Run("one", 1);
        Run("again", 1);
        Run("two", 2);
        Assert.Equal(FinishedFolder.Of(runs.At("one")), FinishedFolder.Of(runs.At("again")));
        Dictionary<string, string> expected = FinishedFolder.Of(runs.At("one"), device: false);
        Assert.Equal(expected, FinishedFolder.Of(runs.At("two"), device: false));

        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent as Unix does");
        string output = runs.At("stopped");
        using (CommandRun run = CommandRun.Start(Command("stopped", 2)))
        {
            run.WaitFor(() => File.Exists(Path.Combine(output, "state", "training.safetensors")), "a saved state");
            run.Signal(CommandRun.SigInt);
            Assert.Equal(130, run.End().ExitCode);
        }
        CommandRun.Of([.. Command("stopped", 1), "--resume"]).Succeeded();
        Assert.Equal(expected, FinishedFolder.Of(output, device: false));

        void Run(string name, int threads) => CommandRun.Of(Command(name, threads)).Succeeded();

        // Batches large enough that two threads share the work.
        string[] Command(string name, int threads)
        {
            string[] command = TinyRuns.With(TinyRuns.With(runs.Command(verb, runs.At(name)), "--threads", $"{threads}"), "--batch-size", "32");
            return verb == "pretrain" ? TinyRuns.With(command, "--save-every", "1") : command;
        }
    }
}
