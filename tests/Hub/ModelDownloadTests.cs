using System.Text.Json.Nodes;
using SmilesBert.Hub;

namespace SmilesBert.Tests.Hub;

/// <summary>What is downloaded, from where, and into which folders.</summary>
public sealed class ModelDownloadTests : IDisposable
{
    private readonly HubCase hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task Download_IsTheFilesThatAreRead()
    {
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(hub.Hub.Commit, result.Commit);
        Assert.All(result.Files, static file => Assert.False(file.WasThere));
        Assert.Equal(result.TotalBytes, result.ReceivedBytes);
        Assert.Empty(hub.Warnings);
        // Large files have the SHA-256 that LFS states, small ones git's name.
        Assert.Equal(
            [ContentHashKind.GitSha1, ContentHashKind.GitSha1, ContentHashKind.Sha256],
            [.. result.Files.Select(static file => file.File.Hash.Kind).Order().Reverse()]);
    }

    [Fact]
    public async Task Download_IsOfOneCommit()
    {
        // The branch moves on as soon as it has been asked for.
        string commit = hub.Hub.Commit;
        await hub.DownloadAsync();
        Assert.Single(hub.Hub.Requests, static request => request.Path.Contains("/revision/main", StringComparison.Ordinal));
        Assert.All(
            hub.Hub.Requests.Where(static request => request.Path.Contains("/resolve/", StringComparison.Ordinal)),
            request => Assert.Contains($"/resolve/{commit}/", request.Path));
    }

    [Fact]
    public async Task Again_OnlyChecks()
    {
        await hub.DownloadAsync();
        hub.Hub.Requests.Clear();
        DownloadResult again = await hub.DownloadAsync();
        Assert.All(again.Files, static file => Assert.True(file.WasThere));
        Assert.Equal(0, again.ReceivedBytes);
        Assert.DoesNotContain(hub.Hub.Requests, static request => request.Path.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tokenizer.json,vocab.json,merges.txt,vocab.txt,tokenizer_config.json", "tokenizer.json,tokenizer_config.json")]
    [InlineData("vocab.json,merges.txt,vocab.txt,special_tokens_map.json", "vocab.json,merges.txt,special_tokens_map.json")]
    [InlineData("vocab.txt,merges.txt", "vocab.txt")]
    public async Task Tokenizer_IsTheOneThatWouldBeRead(string there, string wanted)
    {
        hub.Hub.Files.Remove(HubCase.Vocabulary, out _);
        // An empty file is a file: some models' merges.txt is.
        foreach (string name in there.Split(',')) hub.Hub.Files[name] = name == "merges.txt" ? [] : "{}"u8.ToArray();
        await hub.DownloadAsync();
        hub.HoldsExactly([HubCase.Config, HubCase.Weights, .. wanted.Split(',')]);
    }

    [Fact]
    public async Task Weights_AreTheFirstFormThatIsThere()
    {
        hub.Hub.Files.Remove(HubCase.Weights, out _);
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Config, HubCase.Vocabulary, "pytorch_model.bin");
    }

    [Fact]
    public async Task Shards_AreThoseOfTheIndex()
    {
        hub.Hub.Files.Remove(HubCase.Weights, out byte[]? bytes);
        string[] shards = ["model-1.safetensors", "model-2.safetensors"];
        foreach (string name in shards) hub.Hub.Files[name] = [.. bytes!, (byte)name[6]];
        hub.Hub.Large.UnionWith(shards);
        hub.Hub.Files["model-3.safetensors"] = [1];
        Index(("a", shards[0]), ("b", shards[1]), ("c", shards[0]));
        await hub.DownloadAsync();
        hub.HoldsExactly([HubCase.Config, HubCase.Vocabulary, "model.safetensors.index.json", .. shards]);
    }

    [Theory]
    [InlineData("../evil.safetensors")]
    [InlineData("/tmp/evil.safetensors")]
    [InlineData("sub/evil.safetensors")]
    [InlineData("..\\evil.safetensors")]
    [InlineData("C:evil.safetensors")]
    [InlineData("..")]
    [InlineData("absent.safetensors")]
    public async Task Shard_OfAHostileIndex(string name)
    {
        hub.Hub.Files.Remove(HubCase.Weights, out _);
        Index(("a", name));
        hub.Hub.MoreEntries.Add(Entry(name));
        if (name == "absent.safetensors") hub.Hub.MoreEntries.Clear();
        await hub.RefusedAsync("model.safetensors.index.json", "names the shard", name);
        Assert.Equal(["model", "source"], Directory.EnumerateFileSystemEntries(hub.Root).Select(static path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task Listing_WithHostileNames_LeadsNowhere()
    {
        foreach (string name in (string[])["../config.json", "/etc/evil", "..", "a\\b", "\u0000"]) hub.Hub.MoreEntries.Add(Entry(name));
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(["model", "source"], Directory.EnumerateFileSystemEntries(hub.Root).Select(static path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public async Task Listing_OfSeveralPages()
    {
        hub.Hub.FilesPerPage = 2;
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
    }

    [Fact]
    public async Task Token_GoesToTheHubAlone()
    {
        using HubServer storage = new();
        storage.Files[HubCase.Weights] = hub.Hub.Files[HubCase.Weights];
        hub.Hub.Storage = new Uri(storage.Address.AbsoluteUri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        hub.Token = "hf_secret";
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.All(hub.Hub.Requests, static request => Assert.Equal("Bearer hf_secret", request.Authorization));
        Assert.Single(storage.Requests);
        Assert.All(storage.Requests, static request => Assert.DoesNotContain("hf_secret", string.Concat(request.Headers.Values)));
        Assert.DoesNotContain("hf_secret", string.Join('\n', [.. hub.Messages, .. hub.Warnings]));
    }

    [Fact]
    public async Task Token_StaysWithinItsPort()
    {
        // The same host by name: another port is another server.
        using HubServer storage = new();
        storage.Files[HubCase.Weights] = hub.Hub.Files[HubCase.Weights];
        hub.Hub.Storage = storage.Address;
        hub.Token = "hf_secret";
        await hub.DownloadAsync();
        Assert.Null(Assert.Single(storage.Requests).Authorization);
    }

    [Fact]
    public async Task Folder_WithSomethingElse_IsRefusedAndLeft()
    {
        Directory.CreateDirectory(hub.Output);
        string note = Path.Combine(hub.Output, "notes.txt");
        File.WriteAllText(note, "mine");
        await hub.RefusedAsync(note, "is not of lab/tiny at commit aaaaaaa", "--output needs a new folder");
        Assert.Equal("mine", File.ReadAllText(Assert.Single(Directory.EnumerateFileSystemEntries(hub.Output))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Folder_OfAnotherCommit_IsRefusedAndLeft(bool sameSize)
    {
        await hub.DownloadAsync();
        byte[] weights = hub.Hub.Files[HubCase.Weights];
        hub.Hub.Files[HubCase.Weights] = sameSize ? [.. weights[..^1], (byte)(weights[^1] ^ 1)] : [.. weights, 0];
        hub.Hub.Commit = new string('b', 40);
        await hub.RefusedAsync(HubCase.Weights, "is not of lab/tiny at commit bbbbbbb");
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(hub.Output, HubCase.Weights)));
    }

    [Fact]
    public async Task Network_ThatWeDoNotHave_IsRefusedBeforeItsWeights()
    {
        hub.Hub.Files[HubCase.Config] = """{"model_type":"gpt2"}"""u8.ToArray();
        await hub.RefusedAsync("config.json", "model_type is 'gpt2'");
        Assert.Empty(hub.Hub.Contents(HubCase.Weights));
    }

    [Fact]
    public async Task Repository_WithoutAModel()
    {
        hub.Hub.Files.Remove(HubCase.Weights, out _);
        hub.Hub.Files.Remove("pytorch_model.bin", out _);
        await hub.RefusedAsync("lab/tiny at commit aaaaaaa has no weights", "model.safetensors, model.safetensors.index.json, pytorch_model.bin");
        hub.Hub.Files.Remove(HubCase.Config, out _);
        await hub.RefusedAsync("has no config.json");
        Assert.False(Directory.Exists(hub.Output));
    }

    [Fact]
    public async Task Repository_WithoutATokenizer_IsWarnedOf()
    {
        hub.Hub.Files.Remove(HubCase.Vocabulary, out _);
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Config, HubCase.Weights);
        Assert.Contains("no tokenizer", Assert.Single(hub.Warnings));
    }

    private void Index(params (string Tensor, string File)[] entries) => hub.Hub.Files["model.safetensors.index.json"] =
        System.Text.Encoding.UTF8.GetBytes(new JsonObject
        {
            ["weight_map"] = new JsonObject(entries.Select(static entry => KeyValuePair.Create(entry.Tensor, (JsonNode?)entry.File))),
        }.ToJsonString());

    private static JsonObject Entry(string path) => new() { ["type"] = "file", ["path"] = path, ["size"] = 1, ["oid"] = new string('c', 40) };
}
