using System.IO.Pipes;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sharded-safetensors", "safetensors in 2 shards", "model.safetensors.index.json")]
    [InlineData("sharded-bin", "pytorch pickle in 2 shards", "pytorch_model.bin.index.json")]
    public void Shards_ReadAsOne(string folder, string kind, string index)
    {
        using TensorFile file = Checkpoint.Open(Files.Golden("Weights", folder));
        Assert.Equal(kind, file.Kind);
        Assert.Equal(Files.Golden("Weights", folder, index), file.Path);
        Assert.Equal(["a.bias", "a.weight", "b.weight"], file.Tensors.Keys.Order());
        Assert.Equal([0, 1, 2, 3, 4, 5], Values(file, "a.weight"));
        Assert.Equal([0, 1], Values(file, "a.bias"));
        Assert.Equal([0, -1, -2, -3], Values(file, "b.weight"));
        if (folder == "sharded-safetensors") Assert.Equal("pt", file.Metadata["format"]);
        Assert.Throws<InputException>(() => file.Read("absent", new float[1]));
    }

    [Fact]
    public void TheForms_AreTriedInOrder()
    {
        File.Copy(Files.Golden("Weights", "sharded-bin", "pytorch_model-00001-of-00002.bin"), _folder["pytorch_model-00001-of-00002.bin"]);
        File.Copy(Files.Golden("Weights", "sharded-bin", "pytorch_model-00002-of-00002.bin"), _folder["pytorch_model-00002-of-00002.bin"]);
        File.Copy(Files.Golden("Weights", "sharded-bin", "pytorch_model.bin.index.json"), _folder["pytorch_model.bin.index.json"]);
        Assert.Equal("pytorch pickle in 2 shards", Kind());
        File.Copy(Files.Golden("Weights", "mixed.stream.bin"), _folder["pytorch_model.bin"]);
        Assert.Equal("pytorch pickle (plain stream)", Kind());
        Shard("a", "x");
        Index("""{"x":"a"}""");
        Assert.Equal("safetensors in 1 shard", Kind());
        _folder.WriteSafetensors("{}");
        Assert.Equal("safetensors", Kind());

        string Kind()
        {
            using TensorFile file = Checkpoint.Open(_folder.Path);
            return file.Kind;
        }
    }

    [Fact]
    public void NoWeights_AreSaidWithWhatWasLookedFor()
    {
        string message = Refusal();
        foreach (string name in "model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json.".Split(' '))
            Assert.Contains(name, message);
        Assert.Contains("is not a folder", Assert.Throws<InputException>(() => Checkpoint.Open(_folder["absent"])).Message);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "no weight_map")]
    [InlineData("{}", "no weight_map")]
    [InlineData("""{"weight_map":[]}""", "no weight_map")]
    [InlineData("""{"weight_map":{}}""", "no weight_map")]
    [InlineData("""{"weight_map":{"x":1}}""", "no weight_map")]
    [InlineData("""{"weight_map":{"x":"a","x":"a"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"x":"\ud800"}}""", "not valid JSON")]
    [InlineData("""{"weight_map":{"\ud800":"a"}}""", "not valid JSON")]
    public void ABrokenIndex_IsRefused(string json, string says)
    {
        File.WriteAllText(_folder["model.safetensors.index.json"], json);
        Assert.Contains(says, Refusal());
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("sub/../a")]
    [InlineData("sub/a")]
    [InlineData("..\\\\outside")]
    [InlineData("C:a")]
    [InlineData("a\\u0000b")]
    public void AShard_ByAPath_IsRefused(string shard)
    {
        Index($$"""{"x":"{{shard}}"}""");
        Assert.Contains("where a file of the same folder was expected", Refusal());
    }

    [Fact]
    public void AShard_ByAnAbsolutePath_IsRefused()
    {
        Shard("a", "x");
        Index($$"""{"x":"{{_folder["a"]}}"}""");
        Assert.Contains("where a file of the same folder was expected", Refusal());
    }

    [Fact]
    public void AShard_ThatIsALinkOut_IsRefused()
    {
        using TemporaryFolder elsewhere = new();
        elsewhere.WriteSafetensors(Header("x"), 4, "a");
        Index("""{"x":"a"}""");

        File.CreateSymbolicLink(_folder["a"], elsewhere["a"]);
        Assert.Contains("link out of the folder", Refusal());

        File.CreateSymbolicLink(elsewhere["back"], elsewhere["a"]);        // a link to a link
        File.Delete(_folder["a"]);
        File.CreateSymbolicLink(_folder["a"], elsewhere["back"]);
        Assert.Contains("link out of the folder", Refusal());

        File.Delete(_folder["a"]);
        Directory.CreateSymbolicLink(_folder["sub"], elsewhere.Path);      // through a linked folder
        File.CreateSymbolicLink(_folder["a"], "sub/a");
        Assert.Contains("link out of the folder", Refusal());

        File.Delete(_folder["a"]);
        File.CreateSymbolicLink(_folder["a"], "a");                        // round in a circle
        Assert.Contains("cannot be followed", Refusal());
    }

    [Fact]
    public void AShard_ThatIsALinkWithin_IsRead()
    {
        Shard("blob", "x");
        File.CreateSymbolicLink(_folder["a"], "blob");
        Index("""{"x":"a"}""");
        using TensorFile file = Checkpoint.Open(_folder.Path);
        Assert.Equal([0f], Values(file, "x"));
    }

    [Fact]
    public void ShardsThatContradictTheIndex_AreRefused()
    {
        Index("""{"x":"a","y":"b"}""");
        Shard("a", "x");
        Assert.Contains("does not exist", Refusal());
        Shard("b", "z");
        Assert.Contains("'y' should be in", Refusal());
        Shard("b", "x", "y");
        Assert.Contains("'x' is in two shards", Refusal());
        Shard("b", "y");
        using TensorFile file = Checkpoint.Open(_folder.Path);
        Assert.Equal("safetensors in 2 shards", file.Kind);
    }

    [Fact]
    public void AnIndex_OfMoreThanAHundredMillionBytes_IsNotRead()
    {
        string path = _folder.Write("model.safetensors.index.json", []);
        using (FileStream sparse = new(path, FileMode.Open)) sparse.SetLength(100_000_001);
        Assert.Contains("has 100000001 bytes, where an index has at most 100000000", Refusal());
        using (FileStream sparse = new(path, FileMode.Open)) sparse.SetLength(100_000_000);
        Assert.Contains("not valid JSON", Refusal());
    }

    [Fact]
    public void Metadata_OfShards_IsWhatAllOfThemSay()
    {
        _folder.WriteSafetensors("""{"__metadata__":{"format":"pt","part":"1","only":"a"},"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", name: "a");
        _folder.WriteSafetensors("""{"__metadata__":{"format":"pt","part":"2"},"y":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", name: "b");
        Index("""{"x":"a","y":"b"}""");
        using TensorFile file = Checkpoint.Open(_folder.Path);
        Assert.Equal(KeyValuePair.Create("format", "pt"), Assert.Single(file.Metadata));
    }

    [Theory]
    [InlineData("weights.safetensors", true)]
    [InlineData("WEIGHTS.SAFETENSORS", true)]
    [InlineData("a/model.safetensors.index.json", true)]
    [InlineData("other.bin", true)]
    [InlineData("other.bin.index.json", true)]
    [InlineData("config.json", false)]
    [InlineData("index.json", false)]
    [InlineData("safetensors", false)]
    [InlineData("model.safetensors.csv", false)]
    public void IsFile_GoesByTheNamesEnding(string path, bool isWeights) => Assert.Equal(isWeights, Checkpoint.IsFile(path));

    [Fact]
    public void OpenFile_ReadsWhatTheEndingSays()
    {
        Shard("odd.safetensors", "x");
        using (TensorFile file = Checkpoint.OpenFile(_folder["odd.safetensors"])) Assert.Equal("safetensors", file.Kind);
        File.Copy(Files.Golden("Weights", "mixed.zip.bin"), _folder["odd.bin"]);
        using (TensorFile file = Checkpoint.OpenFile(_folder["odd.bin"])) Assert.Equal("pytorch pickle (zip)", file.Kind);
        File.WriteAllText(_folder["odd.safetensors.index.json"], """{"weight_map":{"x":"odd.safetensors"}}""");
        using (TensorFile file = Checkpoint.OpenFile(_folder["odd.safetensors.index.json"])) Assert.Equal("safetensors in 1 shard", file.Kind);
        File.WriteAllText(_folder["odd.bin.index.json"], """{"weight_map":{"bool":"odd.bin"}}""");
        using (TensorFile file = Checkpoint.OpenFile(_folder["odd.bin.index.json"])) Assert.Equal("pytorch pickle in 1 shard", file.Kind);
    }

    private string Refusal() => Assert.Throws<InputException>(() => Checkpoint.Open(_folder.Path).Dispose()).Message;

    private static float[] Values(TensorFile file, string name)
    {
        float[] values = new float[file.Tensors[name].Elements];
        file.Read(name, values);
        return values;
    }

    private void Index(string weightMap) =>
        File.WriteAllText(_folder["model.safetensors.index.json"], $$"""{"metadata":{},"weight_map":{{weightMap}}}""");

    private void Shard(string file, params string[] tensors) => _folder.WriteSafetensors(Header(tensors), 4 * tensors.Length, file);

    private static string Header(params string[] tensors)
    {
        IEnumerable<string> entries = tensors.Select((name, i) =>
            $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{4 * i},{4 * i + 4}]}}");
        return $"{{{string.Join(",", entries)}}}";
    }

    [Fact]
    public void APipe_IsNoCheckpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc, which shows a process its pipes as files");
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        InputException error = Assert.Throws<InputException>(() => SafetensorsFile.Open(path));
        Assert.Equal($"{path} cannot be read: it is a pipe or a device, where a file was expected", error.Message);
    }
}
