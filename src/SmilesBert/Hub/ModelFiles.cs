using SmilesBert.Tokenization;
using SmilesBert.Weights;

namespace SmilesBert.Hub;

/// <summary>
/// Which files of a repository this program reads: its configuration, its tokenizer, and its weights in the first form that is there.
/// </summary>
internal static class ModelFiles
{
    public const string Config = "config.json";

    /// <summary>
    /// The files in the order to get them in: what is small and may be refused comes first. Of sharded weights it is the index alone.
    /// </summary>
    /// <exception cref="InputException">The repository holds no configuration or no weights that this program reads.</exception>
    public static IReadOnlyList<HubFile> Choose(HubRepository repository, IDownloadLog log)
    {
        bool Has(string name) => repository.Files.ContainsKey(name);
        if (!Has(Config)) throw new InputException($"{repository.Title} has no {Config}; it is no model of the kind that transformers loads");
        string weights = Checkpoint.FileNames.FirstOrDefault(Has)
            ?? throw new InputException($"{repository.Title} has no weights that can be read: looked for {string.Join(", ", Checkpoint.FileNames)}");
        IReadOnlyList<string> tokenizer = TokenizerFolder.FilesRead(Has);
        if (tokenizer.Count == 0) log.Warning($"{repository.Title} has no tokenizer that can be read; the model needs one");
        string[] names = IsIndex(weights) ? [Config, weights, .. tokenizer] : [Config, .. tokenizer, weights];
        return [.. names.Select(name => repository.Files[name])];
    }

    /// <summary>Whether a file lists the shards of the weights.</summary>
    public static bool IsIndex(string name) => name.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The shards that an index names.</summary>
    /// <exception cref="InputException">The index is broken, or names what is no file of its own folder or not in the repository.</exception>
    public static IEnumerable<HubFile> Shards(HubRepository repository, string indexPath) =>
        ShardedFile.ShardNames(indexPath).Select(name => repository.Files.GetValueOrDefault(name)
            ?? throw new InputException($"{indexPath}: names the shard {Shown.Text(name)}, which {repository.Title} does not have"));
}
