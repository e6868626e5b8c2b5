using System.Text;
using System.Text.Json.Nodes;
using SmilesBert.Tests.Data;
using SmilesBert.Tests.Weights;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Cli;

public sealed class InspectTests(FinetunedRuns runs) : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ModelFolder_ShowsAllItsParts()
    {
        string model = runs.Of("single-label").Folder;
        JsonNode found = JsonNode.Parse(CommandRun.Of("inspect", model, "--json").Succeeded().Output)!;
        Assert.Equal("bert", (string?)found["network"]!["kind"]);
        Assert.Equal(["aromatic", "chain", "ring"], found["network"]!["labels"]!.AsArray().Select(static label => (string?)label));
        Assert.Equal("[CLS] (2)", (string?)found["tokenizer"]!["beginning"]);
        Assert.Equal("F32 (41,32)", (string?)found["weights"]!["tensors"]!["bert.embeddings.word_embeddings.weight"]);
        Assert.Equal(41, (int)found["fit"]!["tensors_in_place"]!);
        Assert.Null(found["problems"]);

        string text = CommandRun.Of("inspect", model).Succeeded().Output;
        Assert.Contains("    bert.embeddings.word_embeddings.weight ", text);
        Assert.Contains("  hidden size               32", text);
    }

    [Fact]
    public void BrokenFolder_ShowsEveryProblem()
    {
        string model = TinyModel.Write(folder.At("model"));
        File.WriteAllText(Path.Combine(model, "vocab.txt"), "[PAD]\n[CLS]\n[SEP]\nC\n");
        File.WriteAllText(Path.Combine(model, "model.safetensors"), "no weights");
        Finished command = CommandRun.Of("inspect", model);
        Assert.Equal((1, ""), (command.ExitCode, command.Error));
        Assert.Contains("hidden size", command.Output);
        string problems = command.Output[command.Output.IndexOf("problems", StringComparison.Ordinal)..];
        Assert.Contains("vocab.txt", problems);
        Assert.Contains("model.safetensors", problems);
    }

    [Fact]
    public void WeightsThatDoNotFit_AreAProblem()
    {
        string model = TinyModel.Write(folder.At("model"));
        File.Copy(Files.Golden("Model", "albert-single-label", "model.safetensors"), Path.Combine(model, "model.safetensors"), overwrite: true);
        Finished command = CommandRun.Of("inspect", model, "--json");
        Assert.Equal(1, command.ExitCode);
        JsonNode? problem = Assert.Single(JsonNode.Parse(command.Output)!["problems"]!.AsArray());
        Assert.Contains("lacks bert.embeddings.word_embeddings.weight", (string?)problem);
    }

    [Fact]
    public void FilesOfAModel_EachByItself()
    {
        string model = TinyModel.Write(folder.At("model"));
        Assert.Equal("safetensors", (string?)Inspect(Path.Combine(model, "model.safetensors"))["weights"]!["kind"]);
        Assert.Equal(TinyModel.HiddenSize, (int)Inspect(Path.Combine(model, "config.json"))["network"]!["hidden_size"]!);
        Assert.Equal("[UNK] (1)", (string?)Inspect(Path.Combine(model, "vocab.txt"))["tokenizer"]!["unknown"]);
        File.Delete(Path.Combine(model, "model.safetensors"));
        File.Delete(Path.Combine(model, "config.json"));
        Assert.Equal(["tokenizer"], Inspect(model).Select(static part => part.Key));
    }

    [Fact]
    public void DataFile_ShowsItsColumns()
    {
        JsonNode data = Inspect(folder.Write("data.csv", SmallTable.Text))["data"]!;
        Assert.Equal(60, (int)data["molecules"]!);
        Assert.Contains("column 2 of 6 ('smiles')", (string?)data["smiles"]);
        Assert.Equal("60 filled, 3 distinct", (string?)data["columns"]!["kind"]);
        Assert.Equal("51 filled, 2 distinct", (string?)data["columns"]!["flag_b"]);
    }

    [Fact]
    public void DataFileWithBadRows_SaysWhichAndFails()
    {
        Finished command = CommandRun.Of(Encoding.UTF8.GetBytes("smiles,y\nCCO,1\nCC!,2\nCCN,1\n"), ["inspect", "-"]);
        Assert.Equal(1, command.ExitCode);
        Assert.Contains("rows that cannot be read: 1", command.Output);
        Assert.Contains("standard input, line 3", command.Output);
    }

    [Fact]
    public void MoreNumbersThanCanBeCounted_AreAProblem()
    {
        // One stored number, twice spread over 2^62 places by strides of 0.
        long[] shape = [1L << 31, 1L << 31], strides = [0, 0];
        byte[] pickle = new PickleBytes().EmptyDict().Mark().Text("a").Tensor("0", 1, shape, strides).Text("b").Tensor("0", 1, shape, strides)
            .Op(PickleOp.SETITEMS).Stop();
        byte[] keys = new PickleBytes().Op(PickleOp.EMPTY_LIST).Text("0").Op(PickleOp.APPEND).Stop();
        string path = folder.WriteBytes("pytorch_model.bin", [.. PickleBytes.Preamble, .. pickle, .. keys, .. BitConverter.GetBytes(1L), 0, 0, 0, 0]);
        Finished command = CommandRun.Of("inspect", path);
        Assert.Equal((1, ""), (command.ExitCode, command.Error));
        Assert.Contains($"{path}: its 2 tensors have more numbers together than 63 bits can count.", command.Output);
    }

    [Theory]
    [InlineData("absent", "there is no file or folder")]
    [InlineData("", "is no model folder")]
    public void Nothing_SaysSo(string name, string part)
    {
        Finished command = CommandRun.Of("inspect", folder.At(name));
        Assert.Equal(1, command.ExitCode);
        Assert.Contains(part, command.Output);
    }

    private static JsonObject Inspect(string path) => JsonNode.Parse(CommandRun.Of("inspect", path, "--json").Succeeded().Output)!.AsObject();
}
