using System.Text.Json.Nodes;
using SmilesBert.Tests.Data;
using SmilesBert.Tests.Hub;

namespace SmilesBert.Tests.Cli;

/// <summary>The download command in a process of its own, from a small hub of ours.</summary>
public sealed class DownloadTests : IDisposable
{
    private const string Token = "hf_secretSecretSecret";

    private readonly DataFolder folder = new();
    private readonly HubServer hub = new();

    public void Dispose()
    {
        hub.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Download_OfTheModelThatShips_IsThatModel()
    {
        string shipped = Files.Repository("weights", "smilesbert-tiny-untrained"), output = folder.At("model");
        foreach (string path in Directory.EnumerateFiles(shipped)) hub.Files[Path.GetFileName(path)] = File.ReadAllBytes(path);

        Finished command = Download(HubServer.Model, output, "--json").Succeeded();
        JsonNode result = JsonNode.Parse(command.Output)!;
        Assert.Equal(HubServer.Model, (string?)result["repository"]);
        Assert.Equal("main", (string?)result["revision"]);
        Assert.Equal(hub.Commit, (string?)result["commit"]);
        Assert.Equal(
            ["config.json", "vocab.txt", "model.safetensors"], result["files"]!.AsArray().Select(static file => (string?)file!["name"]));
        JsonNode weights = result["files"]![2]!;
        Assert.Equal(HubServer.Sha256Of(hub.Files["model.safetensors"]), (string?)weights["sha256"]);
        Assert.Equal(hub.Files["model.safetensors"].Length, (long)weights["bytes"]!);
        Assert.Contains("3 files, 0.39 MB, sizes and hashes checked", command.ErrorLines[^1]);

        string data = folder.Write("data.smi", "CCO\nc1ccccc1\nCC(=O)O\n");
        Assert.Equal(Embedded(shipped, data), Embedded(output, data));

        Finished again = Download(HubServer.Model, output).Succeeded();
        Assert.Equal("", again.Output);
        Assert.Contains("3 files, 3 of them there already", again.ErrorLines[^1]);
    }

    [Fact]
    public void CtrlC_KeepsWhatCame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent as Unix does");
        HasTinyModel();
        hub.Answer("/content/model.safetensors", hub.Content("model.safetensors") with { StallAfter = 5000 });
        string output = folder.At("model");
        FileInfo part = new(Path.Combine(output, $".model.safetensors.{HubServer.Sha256Of(hub.Files["model.safetensors"])}.part"));
        using (CommandRun run = Start(HubServer.Model, output))
        {
            run.WaitFor(() => { part.Refresh(); return part.Exists && part.Length == 5000; }, "some bytes");
            run.Signal(CommandRun.SigInt);
            Finished stopped = run.End(TimeSpan.FromSeconds(10));
            Assert.Equal(130, stopped.ExitCode);
            Assert.Equal("stopped: what has come is kept, and the same command goes on with it", stopped.ErrorLines[^1]);
        }
        part.Refresh();
        Assert.Equal(5000, part.Length);

        Download(HubServer.Model, output).Succeeded();
        Assert.Equal("bytes=5000-", hub.Contents("model.safetensors").Last().Range);
        Assert.Equal(hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(output, "model.safetensors")));
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(output).Count());
    }

    [Fact]
    public void BadNames_AreRefused()
    {
        Download("a/b/c", folder.At("model")).RefusedSaying("'a/b/c' is no name of a repository", "OWNER/NAME");
        Download("a/b@..", folder.At("model")).RefusedSaying("'..' is no name of a revision");
        Download("no/body", folder.At("model")).RefusedSaying("has no model no/body, or it is private", "HF_TOKEN's account");
        Download("lab/tiny@v9", folder.At("model")).RefusedSaying("has no revision 'v9'");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public void BadFolder_IsRefused()
    {
        HasTinyModel();
        Download(HubServer.Model, folder.Write("file", "")).RefusedSaying("is a file, and --output needs the name of a folder");
        Directory.CreateDirectory(folder.At("mine"));
        folder.Write(Path.Combine("mine", "notes.txt"), "mine");
        Download(HubServer.Model, folder.At("mine")).RefusedSaying("notes.txt is not of lab/tiny", "--output needs a new folder");
    }

    [Fact]
    public void BadEnvironment_IsRefusedWithoutShowingIt()
    {
        Run("http://h/?x", Token).RefusedSaying("HF_ENDPOINT is no address of a hub");
        Run("huggingface.co", Token).RefusedSaying("HF_ENDPOINT is no address of a hub");
        Run(hub.Address.AbsoluteUri, $"{Token}\nX-Evil: 1").RefusedSaying("HF_TOKEN holds characters that no token has");
        Run("http://127.0.0.1:9", Token).RefusedSaying("127.0.0.1:9 cannot be reached", "is there a network?");
        Assert.Empty(hub.Requests);

        Finished Run(string endpoint, string token)
        {
            using CommandRun run = CommandRun.StartIn(Environment(endpoint, token), "download", "lab/tiny", "--output", folder.At("model"));
            Finished end = run.End();
            Assert.DoesNotContain(Token, end.Error);
            return end;
        }
    }

    [Fact]
    public void WrongChecksum_IsRefused()
    {
        HasTinyModel();
        byte[] other = [.. hub.Files["model.safetensors"]];
        other[^1] ^= 1;
        hub.Answer("/content/model.safetensors", new HubReply(200, other));
        Download(HubServer.Model, folder.At("model")).FailedSaying("model.safetensors has come with the sha256", "it was not kept");
        IEnumerable<string> kept = Directory.EnumerateFileSystemEntries(folder.At("model")).Select(static path => Path.GetFileName(path));
        Assert.Equal(["config.json", "vocab.txt"], kept.Order());
    }

    private void HasTinyModel()
    {
        string source = TinyModel.Write(folder.At("source"));
        foreach (string path in Directory.EnumerateFiles(source)) hub.Files[Path.GetFileName(path)] = File.ReadAllBytes(path);
    }

    private byte[] Embedded(string model, string data)
    {
        CommandRun.Of("embed", "--model", model, "--data", data, "--output", folder.At("e.npy"), "--threads", "1").Succeeded();
        return File.ReadAllBytes(folder.At("e.npy"));
    }

    private static (string Name, string Value)[] Environment(string endpoint, string token) =>
        [("HF_ENDPOINT", endpoint), ("HF_TOKEN", token), ("NO_PROXY", "127.0.0.1")];

    private CommandRun Start(string model, string output, params string[] more) => CommandRun.StartIn(
        Environment(hub.Address.AbsoluteUri, Token), ["download", model, "--output", output, .. more]);

    private Finished Download(string model, string output, params string[] more)
    {
        using CommandRun run = Start(model, output, more);
        Finished end = run.End();
        Assert.DoesNotContain(Token, end.Error + end.Output);
        // Whoever else answered, only the hub has heard the token.
        Assert.All(hub.Requests, static request => Assert.Equal($"Bearer {Token}", request.Authorization));
        return end;
    }
}
