using SmilesBert.Tests.Cli;
using SmilesBert.Tests.Model;

namespace SmilesBert.Tests.Trust;

/// <summary>finetune, killed.</summary>
public sealed class KilledFinetuneTests : IDisposable
{
    private readonly TinyRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void KilledAtThirtyMoments_EndsAsTheRunLeftAlone() => KilledRuns.EndAsTheWholeOne(runs, "finetune", epochs: 30, seed: 20261122);

    // The comparison above can tell: with a state that lacks one of its counters the run ends otherwise.
    [Theory]
    [InlineData("\"Step\"", "state/training.safetensors")]
    [InlineData("\"HistoryBytes\"", "history.jsonl")]
    [InlineData("\"nothing\"", null)]
    public void WithoutASavedCounter_EndsOtherwise(string counter, string? differs)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent as Unix does");
        CommandRun.Of(runs.Command("finetune", runs.At("whole"))).Succeeded();
        string output = runs.At("run");
        using (CommandRun run = CommandRun.Start(runs.Command("finetune", output)))
        {
            run.WaitFor(() => File.Exists(Path.Combine(output, "model.safetensors")), "the first epoch");
            run.Signal(CommandRun.SigTerm);
            Assert.Equal(143, run.End().ExitCode);
        }
        CheckpointEdit.Rewrite(
            Path.Combine(output, "state", "training.safetensors"), static (_, _) => { }, progress => progress.Replace(counter, "\"Unknown\"", StringComparison.Ordinal));
        CommandRun.Of([.. runs.Command("finetune", output), "--resume"]).Succeeded();

        Dictionary<string, string> expected = FinishedFolder.Of(runs.At("whole")), found = FinishedFolder.Of(output);
        if (differs is null) Assert.Equal(expected, found);
        else Assert.NotEqual(expected[differs], found[differs]);
    }
}
