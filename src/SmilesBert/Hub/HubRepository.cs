using System.Globalization;
using System.Text.Json;

namespace SmilesBert.Hub;

/// <summary>A model's repository at one commit: what lies at its root, and where to get it.</summary>
internal sealed class HubRepository
{
    private const int Sha1Digits = 40, Sha256Digits = 64, ShownDigits = 7, MostPages = 100;

    private readonly HubConnection hub;

    private HubRepository(HubConnection hub, string commit, IReadOnlyDictionary<string, HubFile> files)
    {
        this.hub = hub;
        Commit = commit;
        Files = files;
    }

    /// <summary>The commit that the revision names, in full.</summary>
    public string Commit { get; }

    /// <summary>The files at the root by name.</summary>
    public IReadOnlyDictionary<string, HubFile> Files { get; }

    /// <summary>The repository and commit as messages name them.</summary>
    public string Title => $"{hub.Reference.Repository} at commit {Commit[..ShownDigits]}";

    /// <summary>Asks once which commit a revision is, and reads the listing of that commit: what comes later is of the same commit.</summary>
    /// <exception cref="InputException">There is no such repository or revision, or the hub cannot be reached or understood.</exception>
    public static async Task<HubRepository> OpenAsync(HubConnection hub, CancellationToken stop)
    {
        string api = $"api/models/{hub.Reference.Repository}";
        (JsonElement about, _) = await hub.ReadJsonAsync(
            hub.Address($"{api}/revision/{Uri.EscapeDataString(hub.Reference.Revision)}"), "the revision's commit", stop);
        string commit = Understood(hub, about, static root => Hex(root.GetProperty("sha"), Sha1Digits));

        Dictionary<string, HubFile> files = new(StringComparer.Ordinal);
        Uri? page = hub.Address($"{api}/tree/{commit}");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MostPages) throw hub.Strange($"a listing of more than {MostPages} pages");
            (JsonElement listing, page) = await hub.ReadJsonAsync(page, "the listing of files", stop);
            foreach (HubFile file in Understood(hub, listing, static root => root.EnumerateArray().Select(ReadFile).OfType<HubFile>().ToArray()))
                files[file.Name] = file;
        }
        return new HubRepository(hub, commit, files);
    }

    public Uri AddressOf(HubFile file) => hub.Address($"{hub.Reference.Repository}/resolve/{Commit}/{Uri.EscapeDataString(file.Name)}");

    // {"type":"file","path":"config.json","size":515,"oid":"<git's name>"}, and for a large file "lfs":{"oid":"<sha256>","size":...} too.
    private static HubFile? ReadFile(JsonElement entry)
    {
        string name = entry.GetProperty("path").GetString() ?? throw new FormatException("a path that is null");
        if (entry.GetProperty("type").GetString() != "file" || name.Contains('/')) return null;
        JsonElement content = entry.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : entry;
        bool isLarge = lfs.ValueKind == JsonValueKind.Object;
        long size = content.GetProperty("size").GetInt64();
        if (size < 0) throw new FormatException($"a size of {size.ToString(CultureInfo.InvariantCulture)}");
        return new HubFile(name, size, new ContentHash(
            isLarge ? ContentHashKind.Sha256 : ContentHashKind.GitSha1, Hex(content.GetProperty("oid"), isLarge ? Sha256Digits : Sha1Digits)));
    }

    private static string Hex(JsonElement value, int digits)
    {
        string text = value.GetString() ?? "";
        return text.Length == digits && text.All(char.IsAsciiHexDigitLower) ? text
            : throw new FormatException($"no {digits} hexadecimal digits where a hash was expected");
    }

    private static T Understood<T>(HubConnection hub, JsonElement root, Func<JsonElement, T> read)
    {
        try
        {
            return read(root);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw hub.Strange(error is FormatException ? error.Message : "JSON of another form", error);
        }
    }
}
