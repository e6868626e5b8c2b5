using System.Text;
using System.Text.Json.Nodes;
using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Cli;

/// <summary>predict, embed and evaluate: what they write, from every kind of input.</summary>
public sealed class InferenceTests(FinetunedRuns runs) : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("single-label", "prediction", "probability_aromatic", "probability_chain", "probability_ring")]
    [InlineData("multi-label", "probability_flag_a", "probability_flag_b")]
    [InlineData("regression", "prediction_value")]
    public void Predict_KeepsTheOrderAndAgreesWithTheRun(string task, params string[] columns)
    {
        FinetunedRuns.Run run = runs.Of(task);
        Finished command = Predict(run, run.Table).Succeeded();
        Assert.Equal("", command.Output);
        Csv predicted = Csv.Read(folder.At("out.csv"));
        Assert.Equal(["smiles", .. columns], predicted.Header);
        Assert.Equal(Enumerable.Range(0, SmallTable.Rows).Select(SmallTable.Smiles), predicted.Column("smiles"));

        // The run's own predictions of its test rows, by the same weights, to the last digit.
        Csv tested = Csv.Read(run.At("predictions.csv"));
        int[] rows = [.. tested.Column("row").Select(static row => int.Parse(row) - 1)];
        Assert.All(columns, column => Assert.Equal(tested.Column(column), rows.Select(row => predicted.Column(column)[row])));
    }

    [Fact]
    public void Predict_ReadsEveryKindOfInputAlike()
    {
        string model = runs.Of("single-label").Folder;
        string[] smiles = [.. Enumerable.Range(0, 5).Select(SmallTable.Smiles)];
        string list = string.Join('\n', smiles) + "\n", table = "id;structure\n" + string.Concat(smiles.Select(static (s, i) => $"{i};{s}\n"));
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(table)];
        string expected = Predict(folder.Write("plain.smi", list));

        Assert.Equal(expected, Predict(folder.Write("plain.txt", list)));
        Assert.Equal(expected, Predict(folder.WriteBytes("list.smi.gz", DataFolder.Gzip(Encoding.UTF8.GetBytes(list)))));
        Assert.Equal(expected, Predict(folder.WriteBytes("table.csv", marked)));
        Assert.Equal(expected, Predict(folder.WriteBytes("table.csv.gz", DataFolder.Gzip(marked))));
        Assert.Equal(expected, Predict("-", Encoding.UTF8.GetBytes(list)));
        Assert.Equal(expected, Predict("-", DataFolder.Gzip(marked)));

        string Predict(string data, params byte[] input)
        {
            CommandRun.Of(input, ["predict", "--model", model, "--data", data, "--output", folder.At("out.csv")]).Succeeded();
            return File.ReadAllText(folder.At("out.csv"));
        }
    }

    [Fact]
    public void Predict_CountsWhatItSkipsAndCuts()
    {
        string longest = new('C', TinyModel.MaxTokens);     // with its two ends, two tokens too many
        string table = folder.Write("rows.csv", $"smiles\nCCO\nC1CC(\n{longest}\nCN\n");
        Finished command = Predict(runs.Of("single-label"), table, "--on-bad-row", "skip", "--json").Succeeded();
        Assert.Equal(["CCO", longest, "CN"], Csv.Read(folder.At("out.csv")).Column("smiles"));
        JsonNode summary = JsonNode.Parse(command.Output)!;
        Assert.Equal((3, 1, 1), ((int)summary["molecules"]!, (int)summary["skipped_rows"]!, (int)summary["truncated_molecules"]!));
        Assert.Contains("rows.csv, line 3: 'C1CC('", command.Error);
        Assert.Contains("truncated", command.Error);

        folder.Write("out.csv", "what was there before");
        Predict(runs.Of("single-label"), table).FailedSaying("rows.csv, line 3", "'C1CC('");
        Assert.Equal("what was there before", File.ReadAllText(folder.At("out.csv")));
        Assert.Equal([folder.At("out.csv"), table], Directory.EnumerateFileSystemEntries(folder.Root).Order());
    }

    [Fact]
    public void Embed_WritesARowOfFloatsForEachMolecule()
    {
        FinetunedRuns.Run run = runs.Of("single-label");
        float[][] read = [.. ((string[])["cls", "mean"]).Select(pooling =>
        {
            Finished command = CommandRun.Of(
                "embed", "--model", run.Folder, "--data", run.Table, "--output", folder.At("e.npy"), "--pooling", pooling, "--json").Succeeded();
            Assert.Equal("""[60,32]""", JsonNode.Parse(command.Output)!["shape"]!.ToJsonString());
            byte[] bytes = File.ReadAllBytes(folder.At("e.npy"));
            string header = Encoding.ASCII.GetString(bytes, 10, 118);
            Assert.Contains("'<f4'", header);
            Assert.Contains("(60, 32)", header);
            Assert.Equal(128 + (60 * 32 * sizeof(float)), bytes.Length);
            return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(128)).ToArray();
        })];
        Assert.All(read, static values => Assert.All(values, static value => Assert.True(float.IsFinite(value))));
        Assert.NotEqual(read[0], read[1]);
    }

    [Theory]
    [InlineData("single-label")]
    [InlineData("multi-label")]
    [InlineData("regression")]
    public void Evaluate_OfTheTestRows_GivesTheRunsTestFigures(string task)
    {
        FinetunedRuns.Run run = runs.Of(task);
        int[] rows = [.. Csv.Read(run.At("predictions.csv")).Column("row").Select(static row => int.Parse(row) - 1)];
        string table = folder.Write("test.csv", string.Join('\n', [SmallTable.Header, .. rows.Select(SmallTable.Line)]) + "\n");
        string[] arguments = ["evaluate", "--model", run.Folder, "--data", table, .. run.TargetArguments, "--threads", "1"];
        JsonNode evaluated = JsonNode.Parse(CommandRun.Of([.. arguments, "--json"]).Succeeded().Output)!;
        JsonNode expected = JsonNode.Parse(run.Text("metrics.json"))!["test"]!;
        Assert.True(JsonNode.DeepEquals(expected, evaluated), $"expected {expected}, got {evaluated}");
    }

    [Fact]
    public void Evaluate_PrintsAFigureALine()
    {
        FinetunedRuns.Run run = runs.Of("single-label");
        Finished command = CommandRun.Of("evaluate", "--model", run.Folder, "--data", run.Table, "--target", "kind", "--threads", "1").Succeeded();
        Assert.Matches(@"(?m)^rows +60\r?$", command.Output);
        Assert.Matches(@"(?m)^macro F1 +0[.\d]*\r?$", command.Output);
        CommandRun.Of("evaluate", "--model", run.Folder, "--data", run.Table).RefusedSaying(run.Folder, "--target");
        CommandRun.Of("evaluate", "--model", run.Folder, "--data", run.Table, "--target", "sort").RefusedSaying("no column 'sort'", "'kind'");
    }

    [Fact]
    public void Evaluate_OfAPretrainedModel_MeasuresRecovery()
    {
        string model = TinyModel.Write(folder.At("model"), "bert-mlm");
        Finished command = CommandRun.Of("CCO\nCCN\n"u8.ToArray(), ["evaluate", "--model", model, "--data", "-", "--json"]).Succeeded();
        JsonNode result = JsonNode.Parse(command.Output)!;
        Assert.Equal((2, 6), ((int)result["molecules"]!, (int)result["masked_tokens"]!));
        Assert.InRange((double)result["top1_recovery"]!, 0, 1);
    }

    private Finished Predict(FinetunedRuns.Run run, string data, params string[] more) =>
        CommandRun.Of(["predict", "--model", run.Folder, "--data", data, "--output", folder.At("out.csv"), "--threads", "1", .. more]);
}
