using System.Formats.Tar;
using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>
/// FooDB's tables as they are downloaded (.tar.gz, .tgz, .tar) or unpacked (a folder of .csv or .csv.gz files, whichever are there).
/// A table's name is its file's, whatever the case.
/// </summary>
internal sealed class FooDbTables
{
    private static readonly string[] Endings = [".csv", ".csv.gz"];

    private readonly string path;

    /// <exception cref="InputException">There is neither such a folder nor such an archive.</exception>
    public FooDbTables(string path)
    {
        this.path = path;
        if (Directory.Exists(path)) return;
        if (!File.Exists(path)) throw new InputException($"there is no folder or file {path}");
        if (!IsArchive(path))
            throw new InputException($"{path} is a file; expected FooDB's folder of CSV files, or its archive as downloaded (.tar.gz, .tgz or .tar)");
    }

    /// <summary>
    /// Hands the wanted tables to <paramref name="read"/> as they come, an archive in one pass; returns the names of all tables seen.
    /// The reader closes its stream.
    /// </summary>
    /// <param name="wanted">The tables' names.</param>
    /// <param name="read">Given a table's name, its bytes, and what messages call it.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InputException">The archive or a file cannot be read, or holds a table twice.</exception>
    public IReadOnlySet<string> Read(IEnumerable<string> wanted, Action<string, Stream, string> read, CancellationToken stop)
    {
        HashSet<string> names = new(wanted, StringComparer.OrdinalIgnoreCase), seen = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            if (Directory.Exists(path)) ReadFolder(names, seen, read, stop);
            else ReadArchive(names, seen, read, stop);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
        return seen;
    }

    private void ReadFolder(HashSet<string> wanted, HashSet<string> seen, Action<string, Stream, string> read, CancellationToken stop)
    {
        foreach (string file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            if (TableOf(file, seen) is not { } name || !wanted.TryGetValue(name, out string? table)) continue;
            read(table, new StoppableStream(File.OpenRead(file), stop), file);
        }
    }

    private void ReadArchive(HashSet<string> wanted, HashSet<string> seen, Action<string, Stream, string> read, CancellationToken stop)
    {
        using FileStream file = File.OpenRead(path);
        bool plain = path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);
        using Stream bytes = plain ? file : new GzipReadStream(new StoppableStream(file, stop));
        using TarReader archive = new(bytes);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data || TableOf(entry.Name, seen) is not { } name || !wanted.TryGetValue(name, out string? table)) continue;
            read(table, data, $"{path}, {Path.GetFileName(entry.Name)}");
        }
    }

    private string? TableOf(string file, HashSet<string> seen)
    {
        string name = Path.GetFileName(file);
        // macOS archives carry a "._Compound.csv" of attributes beside each file.
        string? ending = name.StartsWith('.') ? null : Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        if (ending is null) return null;
        string table = name[..^ending.Length];
        return seen.Add(table) ? table : throw new InputException($"{path} holds the table {table} twice: {name} is the second");
    }

    private static bool IsArchive(string path) =>
        new[] { ".tar.gz", ".tgz", ".tar" }.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
