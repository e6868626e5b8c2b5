using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmilesBert.Weights;

/// <summary>
/// A checkpoint cut into several files beside an index, {"weight_map": {"tensor": "shard file", ...}, ...}. Each shard is a file
/// of the folder itself: a name with a path in it, or a link that leads elsewhere, is refused.
/// </summary>
internal sealed class ShardedFile : TensorFile
{
    private const long MaxIndex = 100_000_000;

    private readonly Dictionary<string, TensorFile> _shards;      // by file name
    private readonly Dictionary<string, TensorFile> _homes;       // by tensor
    private readonly string _shardKind;

    private ShardedFile(string path, Dictionary<string, TensorFile> shards, Dictionary<string, TensorFile> homes, string shardKind)
        : base(
            path,
            homes.ToDictionary(home => home.Key, home => home.Value.Tensors[home.Key], StringComparer.Ordinal),
            CommonMetadata(shards.Values))
    {
        _shards = shards;
        _homes = homes;
        _shardKind = shardKind;
    }

    public override string Kind => $"{_shardKind} in {_shards.Count} {(_shards.Count == 1 ? "shard" : "shards")}";

    /// <summary>Opens every shard. A tensor that a shard holds and the index leaves out counts too, as it does for transformers.</summary>
    /// <exception cref="InputException">The index or a shard is absent or broken, or they contradict one another.</exception>
    public static ShardedFile Open(string path, string shardKind, Func<string, TensorFile> openShard)
    {
        Dictionary<string, string> weightMap = ReadWeightMap(path);
        Dictionary<string, TensorFile> shards = new(StringComparer.Ordinal), homes = new(StringComparer.Ordinal);
        try
        {
            foreach (string name in weightMap.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                TensorFile shard = openShard(Inside(path, name));
                shards.Add(name, shard);
                foreach (string tensor in shard.Tensors.Keys)
                    if (!homes.TryAdd(tensor, shard))
                        throw new InputException($"{path}: tensor {Shown.Text(tensor)} is in two shards, {homes[tensor].Path} and {shard.Path}.");
            }
            foreach ((string tensor, string name) in weightMap)
                if (!shards[name].Tensors.ContainsKey(tensor))
                    throw new InputException($"{path}: tensor {Shown.Text(tensor)} should be in {shards[name].Path}, which does not have it.");
            return new ShardedFile(path, shards, homes, shardKind);
        }
        catch
        {
            foreach (TensorFile shard in shards.Values) shard.Dispose();
            throw;
        }
    }

    /// <summary>The files that an index names, which need not be there yet; each is a file of the index's own folder.</summary>
    /// <exception cref="InputException">The index is absent or broken, or names a file elsewhere.</exception>
    public static IReadOnlyList<string> ShardNames(string path)
    {
        string[] names = [.. ReadWeightMap(path).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (string name in names) RequirePlain(path, name);
        return names;
    }

    public override void Read(string name, Span<float> destination)
    {
        Expect(name, destination.Length);
        _homes[name].Read(name, destination);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (TensorFile shard in _shards.Values) shard.Dispose();
    }

    private static Dictionary<string, string> ReadWeightMap(string path)
    {
        try
        {
            using MappedFile file = MappedFile.Open(path);
            if (file.Length > MaxIndex) throw new InputException($"{path}: has {file.Length} bytes, where an index has at most {MaxIndex}.");
            if (StrictJson.Parse(file.Span(0, (int)file.Length)) is not JsonObject index
                || index["weight_map"] is not JsonObject { Count: > 0 } map
                || map.Any(entry => entry.Value?.GetValueKind() != JsonValueKind.String))
                throw new InputException($"{path}: has no weight_map from tensor names to file names.");
            return map.ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>(), StringComparer.Ordinal);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>The full path of a shard, once it is sure that it is a file of the index's own folder.</summary>
    private static string Inside(string indexPath, string name)
    {
        RequirePlain(indexPath, name);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(indexPath))!;
        string path = System.IO.Path.Combine(folder, name);
        if (LinkTarget(path) is string target && System.IO.Path.GetDirectoryName(target) != folder)
            throw new InputException(
                $"{indexPath}: its shard {Shown.Text(name)} is a link out of the folder, where a file of the folder itself was expected.");
        return path;
    }

    private static void RequirePlain(string indexPath, string name)
    {
        // Both separators whatever the system, and the colon of a drive or stream: an index is read alike everywhere.
        if (name is "" or "." or ".." || name.AsSpan().ContainsAny("/\\:\0"))
            throw new InputException($"{indexPath}: names the shard {Shown.Text(name)}, where a file of the same folder was expected.");
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} does not exist or cannot be followed.", e);
        }
    }

    private static Dictionary<string, string> CommonMetadata(IEnumerable<TensorFile> shards) =>
        shards.Select(shard => shard.Metadata.AsEnumerable())
            .Aggregate((common, next) => common.Intersect(next))
            .ToDictionary(StringComparer.Ordinal);
}
