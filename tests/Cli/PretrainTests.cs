using System.Text.Json.Nodes;
using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Cli;

/// <summary>pretrain as its users run it.</summary>
public sealed class PretrainTests : IDisposable
{
    private readonly DataFolder folder = new();
    private readonly string molecules;

    public PretrainTests() => molecules = folder.Write("data.csv", SmallTable.Text);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pretrain_ThenEvaluate()
    {
        string more = folder.Write("more.smi", "CCO\nCCN\nCCO\n"), output = folder.At("run");
        Finished run = CommandRun.Of("pretrain", "--data", molecules, more, "--preset", "tiny", "--output", output, "--epochs", "1", "--held-out", "0.1", "--json",
            "--threads", "1", "--device", "cpu").Succeeded();
        JsonObject metrics = JsonNode.Parse(run.Output)!.AsObject();
        Assert.Equal(62, (int)metrics["train"]!["molecules"]! + (int)metrics["validation"]!["molecules"]!);
        Assert.Contains("always naming the commonest token would recover", run.Error, StringComparison.Ordinal);
        Assert.Contains("GFLOP/s that a large matrix product alone reaches here", run.Error, StringComparison.Ordinal);

        Finished evaluated = CommandRun.Of("evaluate", "--model", output, "--data", Path.Combine(output, "held-out.smi"), "--json", "--device", "cpu").Succeeded();
        Assert.InRange((double)JsonNode.Parse(evaluated.Output)!["top1_recovery"]!, 0, 1);
        CommandRun.Of("inspect", output).Succeeded();
    }

    [Fact]
    public void Pretrain_StoppedBySignal_EndsAsTheUninterruptedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent as Unix does");
        string whole = folder.At("whole"), broken = folder.At("broken");
        CommandRun.Of(Arguments(whole)).Succeeded();
        using (CommandRun run = CommandRun.Start(Arguments(broken)))
        {
            FileInfo history = new(Path.Combine(broken, "history.jsonl"));
            run.WaitFor(() => { history.Refresh(); return history.Exists && history.Length > 500; }, "some steps");
            run.Signal(CommandRun.SigInt);
            Finished stopped = run.End(TimeSpan.FromSeconds(30));
            Assert.Equal(130, stopped.ExitCode);
            Assert.Equal("stopped: the run is saved, and the same command with --resume goes on with it", stopped.ErrorLines[^1]);
        }
        Assert.Contains("resumed after step", CommandRun.Of([.. Arguments(broken), "--resume"]).Succeeded().Error, StringComparison.Ordinal);
        foreach (string name in (string[])["model.safetensors", "history.jsonl", "curves.svg", "vocab.txt"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(Path.Combine(broken, name)));
    }

    [Theory]
    [InlineData("--data d --output o", "one of --preset, --config and --model is needed")]
    [InlineData("--data d --output o --preset tiny --model m", "one of --preset, --config and --model is needed")]
    [InlineData("--data d --output o --preset large", "--preset 'large': expected tiny, small, base")]
    [InlineData("--data d --output o --model m --vocab v", "--vocab does not go with --model")]
    [InlineData("--data d --output o --preset tiny --vocab v --min-token-count 2", "--min-token-count is for a vocabulary that is made of the data")]
    [InlineData("--data d --output o --preset tiny --held-out 1", "--held-out '1'")]
    [InlineData("--output o --preset tiny", "'--data' is required")]
    public void WrongUsage_IsExitCode2(string line, string part) => CommandRun.Of(["pretrain", .. line.Split(' ')]).WasUsageError(part);

    private string[] Arguments(string output) =>
    [
        "pretrain", "--data", molecules, "--preset", "tiny", "--output", output, "--epochs", "12", "--batch-size", "4", "--gradient-accumulation", "2",
        "--randomize-smiles", "--held-out", "0.1", "--threads", "1", "--device", "cpu",
    ];
}
