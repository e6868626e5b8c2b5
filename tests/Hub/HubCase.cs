using System.Net;
using SmilesBert.Hub;
using SmilesBert.Tests.Cli;
using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Hub;

/// <summary>A hub with a model of some 80 kB, and a folder to download it to.</summary>
internal sealed class HubCase : IDownloadLog, IDisposable
{
    public const string Weights = "model.safetensors", Config = "config.json", Vocabulary = "vocab.txt";

    public static readonly string[] Wanted = [Config, Weights, Vocabulary];

    private readonly DataFolder folder = new();

    // A machine's proxy does not know the servers of this process.
    static HubCase() => HttpClient.DefaultProxy = new WebProxy();

    public HubCase()
    {
        string source = TinyModel.Write(folder.At("source"));
        foreach (string path in Directory.EnumerateFiles(source)) Hub.Files[Path.GetFileName(path)] = File.ReadAllBytes(path);
        Hub.Files["README.md"] = "# A model"u8.ToArray();
        Hub.Files["pytorch_model.bin"] = new byte[1000];
        Hub.Files["tf_model.h5"] = new byte[1000];
    }

    public HubServer Hub { get; } = new();

    public string Root => folder.Root;

    public string Output => folder.At("model");

    public List<string> Messages { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Called for each piece that comes.</summary>
    public Action<DownloadProgress> OnReceived { get; set; } = static _ => { };

    public string? Token { get; set; }

    public CancellationToken Stop { get; set; } = TestContext.Current.CancellationToken;

    /// <summary>How long a server may be silent.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(20);

    public string PartOfWeights => Path.Combine(Output, $".{Weights}.{HubServer.Sha256Of(Hub.Files[Weights])}.part");

    public async Task<DownloadResult> DownloadAsync(string model = HubServer.Model) =>
        await new ModelDownload(HubReference.Parse(model), Output, Options(Hub.Address), this).RunAsync(Stop);

    /// <summary>It ends in one sentence with these parts.</summary>
    public async Task<string> RefusedAsync(params string[] parts)
    {
        string message = (await Assert.ThrowsAsync<InputException>(() => DownloadAsync())).Message;
        Assert.All(parts, part => Assert.Contains(part, message));
        Assert.DoesNotContain('\n', message);
        return message;
    }

    public HubOptions Options(Uri endpoint) =>
        new() { Endpoint = endpoint, Token = Token, FirstPause = TimeSpan.FromMilliseconds(1), Silence = Silence };

    /// <summary>The folder holds what the hub has of these files, and nothing else.</summary>
    public void HoldsExactly(params string[] names)
    {
        Assert.Equal(names.Order(), Directory.EnumerateFileSystemEntries(Output).Select(static path => Path.GetFileName(path)).Order());
        Assert.All(names, name => Assert.Equal(Hub.Files[name], File.ReadAllBytes(Path.Combine(Output, name))));
    }

    public void Message(string text) => Messages.Add(text);

    public void Warning(string text) => Warnings.Add(text);

    public void Received(in DownloadProgress progress) => OnReceived(progress);

    public void Dispose()
    {
        Hub.Dispose();
        folder.Dispose();
    }
}
