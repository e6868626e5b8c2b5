namespace SmilesBert.Weights;

/// <summary>Finds the weights of a HuggingFace folder, whatever form they have.</summary>
public static class Checkpoint
{
    // The first that is there is taken: transformers looks in this order too.
    private static readonly (string Name, Func<string, TensorFile> Open)[] Forms =
    [
        ("model.safetensors", SafetensorsFile.Open),
        ("model.safetensors.index.json", path => ShardedFile.Open(path, "safetensors", SafetensorsFile.Open)),
        ("pytorch_model.bin", PickleFile.Open),
        ("pytorch_model.bin.index.json", path => ShardedFile.Open(path, "pytorch pickle", PickleFile.Open)),
    ];

    /// <summary>The files that hold weights or list their shards, the one that is taken first at the head.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [.. Forms.Select(static form => form.Name)];

    /// <summary>The weights of a folder.</summary>
    /// <exception cref="InputException">The folder is absent or has no weights, or these are broken or hostile.</exception>
    public static TensorFile Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder} is not a folder, where one with a checkpoint was expected.");
        foreach ((string name, Func<string, TensorFile> open) in Forms)
            if (File.Exists(Path.Combine(folder, name))) return open(Path.Combine(folder, name));
        throw new InputException($"{folder} has no weights: looked for {string.Join(", ", FileNames)}.");
    }

    /// <summary>Whether a file is weights, or the index of weights in several files, by its name's ending.</summary>
    public static bool IsFile(string path) => FormOf(path) is not null;

    /// <summary>The weights that a file holds, or that an index says where to find.</summary>
    /// <param name="path">Such a file.</param>
    /// <exception cref="InputException">It is absent, broken or hostile.</exception>
    public static TensorFile OpenFile(string path) => FormOf(path)!(path);

    private static Func<string, TensorFile>? FormOf(string path) => Array.Find(
        Forms, form => path.EndsWith(form.Name[form.Name.IndexOf('.', StringComparison.Ordinal)..], StringComparison.OrdinalIgnoreCase)).Open;
}
