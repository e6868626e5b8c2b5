using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Cli;

/// <summary>Every bad input ends in exit code 1 and one sentence, and leaves nothing behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly DataFolder folder = new();
    private readonly string model;

    public BadInputTests() => model = TinyModel.Write(folder.At("model"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NoSuchFile() => Refused("none.csv", "y", "there is no file", "none.csv");

    [Fact]
    public void NoSuchColumn() => Refused(Table("smiles,y\nCC,a\nCN,b\n"), "z", "no column 'z'", "'smiles', 'y'");

    [Fact]
    public void NoColumnOfSmiles() =>
        Refused(Table("name,y\nethanol and more,a\nmethanol and more,b\n"), "y", "no column that reads as SMILES", "'name', 'y'");

    [Fact]
    public void EmptyFile() => Refused(Table(""), "y", "data.csv is empty");

    [Fact]
    public void HeaderOnly() => Refused(Table("smiles,y\n"), "y", "data.csv has a header and no row");

    [Fact]
    public void TargetOfOneClass() => Refused(Table("smiles,y\nCCC,a\nCCN,a\nCCO,a\n"), "y", "'y'", "one class, 'a'");

    [Fact]
    public void RowWithoutSmiles() => Refused(Table("smiles,y\nCCC,a\n,b\nCCO,a\n"), "y", "data.csv, line 3", "the SMILES is empty");

    [Fact]
    public void RowWithAnUnreadableSmiles() =>
        Refused(Table("smiles,y\nCCC,a\nCC!,b\nCCO,a\n"), "y", "data.csv, line 3", "'CC!' is no SMILES", "'!' is no atom and no bond (character 3)");

    [Fact]
    public void RowWithAFieldTooMany() => Refused(Table("smiles,y\nCCC,a\nCCN,b,c\n"), "y", "data.csv, line 3", "3 fields where the header has 2");

    [Fact]
    public void ConfigThatContradictsTheTensors()
    {
        Edit("config.json", "\"intermediate_size\": 48", "\"intermediate_size\": 64");
        Refused(SmallFile(), "kind", "bert.encoder.layer.0.intermediate.dense.weight is (48,32), expected (64,32)");
        Edit("config.json", "\"intermediate_size\": 64", "\"intermediate_size\": 48");
        Edit("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
        Refused(SmallFile(), "kind", "lacks bert.encoder.layer.2.attention.self.query.weight");
    }

    [Fact]
    public void ConfigOfAnUnknownNetwork()
    {
        Edit("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"");
        Refused(SmallFile(), "kind", "config.json", "model_type is 'gpt2'");
    }

    [Fact]
    public void TruncatedWeights()
    {
        string path = Path.Combine(model, "model.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        Refused(SmallFile(), "kind", "model.safetensors");
    }

    [Fact]
    public void VocabularyWithoutUnknownToken()
    {
        Edit("vocab.txt", "[UNK]", "[C]");
        Refused(SmallFile(), "kind", "vocab.txt", "[UNK]");
    }

    [Fact]
    public void FolderWithoutAModel()
    {
        Directory.CreateDirectory(folder.At("nothing"));
        Embed(folder.At("nothing"), SmallFile()).RefusedSaying("nothing", "no config.json");
    }

    [Fact]
    public void MoleculeLongerThanThePositionTable()
    {
        string table = Table($"smiles,kind\nCCC,a\n{new string('C', TinyModel.MaxTokens - 1)},b\nCCO,a\n");
        Finetune(table, folder.At("run"), "--on-long", "refuse").RefusedSaying("2: the molecule has 49 tokens", "at most 48");
        Assert.False(Path.Exists(folder.At("run")));
        Embed(model, table, "--max-tokens", "49").RefusedSaying("--max-tokens 49", "from 3 to 48");
    }

    [Fact]
    public void OutputFolderThatHoldsAModel() =>
        Finetune(SmallFile(), model).RefusedSaying("already holds a run", "config.json");

    [Fact]
    public void ModelWithoutAFinetunedHead()
    {
        TinyModel.Write(model, "bert-mlm");
        CommandRun.Of("predict", "--model", model, "--data", SmallFile(), "--output", folder.At("p.csv")).RefusedSaying(model, "no finetuned head");
        Assert.False(Path.Exists(folder.At("p.csv")));
    }

    [Fact]
    public void OutputThatCannotBeWritten()
    {
        string beneathAFile = Path.Combine(SmallFile(), "out"), data = SmallFile();
        Finetune(data, beneathAFile).FailedSaying(beneathAFile);
        CommandRun.Of("predict", "--model", model, "--data", data, "--output", beneathAFile).FailedSaying(beneathAFile);
        CommandRun.Of("embed", "--model", model, "--data", data, "--output", beneathAFile).FailedSaying(beneathAFile);
        CommandRun.Of("embed", "--model", model, "--data", data, "--output", folder.Root).RefusedSaying(folder.Root, "is a folder");
    }

    // A name that no device has: were it not refused, the file would do no harm there.
    [Theory]
    [InlineData("/dev/smilesbert-test.csv")]
    [InlineData("/tmp/../dev/smilesbert-test.csv")]
    public void OutputAmongDevices(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no /dev here");
        try
        {
            CommandRun.Of("predict", "--model", model, "--data", SmallFile(), "--output", path).RefusedSaying(path, "is a device");
            CommandRun.Of("embed", "--model", model, "--data", SmallFile(), "--output", path).RefusedSaying(path, "is a device");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void LossThatIsNoNumber_StopsTheRun()
    {
        Finetune(SmallFile(), folder.At("run"), "--learning-rate", "1e30", "--clip", "0").FailedSaying("step ", "epoch 1", "rows ");
        Assert.False(File.Exists(Path.Combine(folder.At("run"), "metrics.json")));
    }

    [Fact]
    public void SkippedRows_AreCounted()
    {
        string table = Table(SmallTable.Text + "x,CC!,ring,1,1,1\ny,,ring,1,1,1\n");
        Finished command = Finetune(table, folder.At("run"), "--on-bad-row", "skip", "--epochs", "1").Succeeded();
        Assert.Contains("2: cannot be read", command.Error);
        Assert.Contains("data.csv, line 62: 'CC!'", command.Error);
        Assert.Equal(60, Csv.Read(Path.Combine(folder.At("run"), "split.csv")).Rows.Length);
    }

    private string Table(string text) => folder.Write("data.csv", text);

    private string SmallFile() => Table(SmallTable.Text);

    private void Edit(string name, string was, string now)
    {
        string path = Path.Combine(model, name), text = File.ReadAllText(path);
        Assert.Contains(was, text);
        File.WriteAllText(path, text.Replace(was, now));
    }

    private Finished Finetune(string table, string output, params string[] more) => CommandRun.Of(
        ["finetune", "--model", model, "--data", table, "--target", "kind", "--task", "single-label", "--output", output, "--threads", "1", .. more]);

    private Finished Embed(string from, string table, params string[] more) =>
        CommandRun.Of(["embed", "--model", from, "--data", table, "--output", folder.At("e.npy"), "--threads", "1", .. more]);

    private void Refused(string data, string target, params string[] parts)
    {
        string[] before = [.. Directory.EnumerateFileSystemEntries(folder.Root).Order()];
        CommandRun.Of(
            "finetune", "--model", model, "--data", Path.Combine(folder.Root, data), "--target", target, "--task", "single-label",
            "--output", folder.At("run"), "--threads", "1").RefusedSaying(parts);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(folder.Root).Order());
    }
}
