namespace SmilesBert.Tests.Cli;

public sealed class UsageTests
{
    private static readonly string[] Commands =
        ["finetune", "pretrain", "evaluate", "predict", "embed", "pca", "download", "inspect", "devices", "bench", "kernels"];

    [Theory]
    [InlineData("", "a command is missing", "finetune")]
    [InlineData("fintune", "there is no command 'fintune'")]
    [InlineData("devices --frob", "--frob")]
    [InlineData("devices --threads 0", "--threads '0'", "a whole number from 1 to 1024")]
    [InlineData("bench --device gpu --threads 0 --seconds 1", "--device 'gpu'", "--threads '0'", "'--seconds'")]
    [InlineData("predict --model m", "'--data' is required", "'--output' is required", "smilesbert predict --help")]
    [InlineData("inspect", "inspect")]
    [InlineData("download", "'download'", "'--output' is required")]
    [InlineData("pca --data d --color c --output o", "--embeddings and --model: one of the two is needed")]
    [InlineData("pca --data d --color c --output o --embeddings e --model m", "--embeddings and --model: give only one of the two")]
    [InlineData("pca --data d --color c --output o --model m --components 1", "--components '1'", "a whole number of 2 or more")]
    public void WrongUsage_IsExitCode2(string line, params string[] parts) => CommandRun.Of(Words(line)).WasUsageError(parts);

    [Theory]
    [InlineData("--epochs", "--epochs")]
    [InlineData("--epochs 1.5", "--epochs '1.5'", "a whole number of 1 or more")]
    [InlineData("--epochs 1 --epochs 2", "--epochs", "single")]
    [InlineData("--epochs 0 --learning-rate 0", "--epochs '0'", "--learning-rate '0': expected a number above 0")]
    [InlineData("--weight-decay -1 --warmup nan --clip inf", "--weight-decay '-1'", "--warmup 'nan'", "--clip 'inf': expected a number of 0 or more")]
    [InlineData("--dropout 1 --patience 0 --seed -1", "--dropout '1'", "--patience '0'", "--seed '-1'")]
    [InlineData("--min-count 0 --top x --max-tokens 2", "--min-count '0'", "--top 'x'", "--max-tokens '2'")]
    [InlineData("--split scafold --split-sizes 0.8,0.3,0.1", "--split 'scafold'", "column:NAME", "--split-sizes '0.8,0.3,0.1'", "add up to 1")]
    [InlineData("--split column:part --split-sizes 0.8,0.1,0.1", "--split-sizes", "column")]
    [InlineData("--device cuda:one --precision fp16", "--device 'cuda:one'", "cuda:N (a number from 0)", "--precision 'fp16'", "fp32 or tf32 or bf16")]
    [InlineData("--task classes --separator || --on-long cut", "--task 'classes'", "--separator '||'", "one character", "truncate or refuse")]
    [InlineData("--class-weights some --shuffle", "--class-weights 'some'", "none or balanced", "--shuffle")]
    public void ValueThatCannotBe_IsExitCode2(string options, params string[] parts) =>
        CommandRun.Of(Words("finetune --model m --data d --target t --output o " + options)).WasUsageError(parts);

    // Read to the end: what is left to say is that there is no such model.
    [Theory]
    [InlineData("--task regression --separator | --min-count 3 --max-count 9 --top 2 --on-bad-row skip --max-tokens 99 --on-long refuse")]
    [InlineData("--split stratified --split-sizes 0.5,0.5,0 --epochs 3 --batch-size 4 --learning-rate 1E-3 --weight-decay 0 --warmup 0.1")]
    [InlineData("--clip 0 --shuffle false --class-weights balanced --patience 2 --dropout 0 --seed 18446744073709551615")]
    [InlineData("--split column:a:b --smiles @c --device cpu --precision fp32 --threads 64 --json --resume")]
    [InlineData("--target u v --target w")]
    public void ValueThatCanBe_IsRead(string options) =>
        CommandRun.Of(Words("finetune --model nowhere --data d --target t --output o " + options)).FailedSaying("nowhere: no config.json");

    [Fact]
    public void Help_OfTheProgramNamesEveryCommand()
    {
        Finished help = CommandRun.Of("--help").Succeeded();
        Assert.All(Commands, command => Assert.Contains($"\n  {command} ", help.Output));
        Assert.Equal("", help.Error);
    }

    [Fact]
    public void Help_ShowsDefaultsWithinTheLine()
    {
        string help = CommandRun.Of("finetune", "--help").Succeeded().Output;
        Assert.Contains("smilesbert finetune --model DIR --data FILE --target COL... --output DIR [options]", help);
        Assert.All(help.Split('\n'), static line => Assert.True(line.Length <= 110, line));
        string flat = string.Join(' ', help.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        // As cli.md has them.
        foreach ((string option, string usual) in (ReadOnlySpan<(string, string)>)
        [
            ("--split KIND", "group"), ("--split-sizes A,B,C", "0.8,0.1,0.1"), ("--epochs N", "5"), ("--batch-size N", "16"),
            ("--learning-rate X", "2e-5"), ("--weight-decay X", "0.01"), ("--warmup X", "0"), ("--clip X", "1"), ("--shuffle true|false", "true"),
            ("--class-weights none|balanced", "none"), ("--on-bad-row error|skip", "error"), ("--on-long truncate|refuse", "truncate"),
            ("--seed N", "42"), ("--device auto|cpu|cuda[:N]|simulator|ilgpu", "auto"),
        ])
        {
            string text = flat[flat.IndexOf(option, StringComparison.Ordinal)..];
            Assert.Contains($"(default {usual})", text[..(text.IndexOf(')', text.IndexOf("(default", StringComparison.Ordinal)) + 1)]);
        }
    }

    [Theory]
    [InlineData("pretrain")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("embed")]
    [InlineData("pca")]
    [InlineData("download")]
    [InlineData("inspect")]
    [InlineData("devices")]
    [InlineData("bench")]
    [InlineData("kernels")]
    public void Help_OfEachCommand(string command) =>
        Assert.Contains($"  smilesbert {command} ", CommandRun.Of(command, "--help").Succeeded().Output);

    [Fact]
    public void Version_IsOneLine() =>
        Assert.Matches(@"^smilesbert \d+\.\d+\.\d+[^\n]*\n$", CommandRun.Of("--version").Succeeded().Output.ReplaceLineEndings("\n"));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
