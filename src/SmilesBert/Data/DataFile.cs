using System.Text;

namespace SmilesBert.Data;

/// <summary>A data file opened as text: gzip expanded, encoding found, and its kind (table or plain list) told by its name or first line.</summary>
internal sealed class DataFile : IDisposable
{
    private const int HeadBytes = 65536;

    // Where two delimiters stand equally often in the header, the one earlier here is taken: a tab is seldom part of a name, a bar often.
    private const string Delimiters = "\t,;|";

    private DataFile(string source, StreamReader text, bool isTable, char delimiter)
    {
        Source = source;
        Text = text;
        IsTable = isTable;
        Delimiter = delimiter;
    }

    /// <summary>The file's name for messages.</summary>
    public string Source { get; }

    public StreamReader Text { get; }

    /// <summary>Whether the file is a table with a header; otherwise it holds one molecule a line.</summary>
    public bool IsTable { get; }

    /// <summary>What stands between a table's fields.</summary>
    public char Delimiter { get; }

    /// <summary>Opens a file, or standard input for "-".</summary>
    /// <param name="path">The file.</param>
    /// <param name="stop">Ends reads of standard input, which may wait for ever.</param>
    /// <exception cref="InputException">There is no such file, it is empty, or it is not text.</exception>
    public static DataFile Open(string path, CancellationToken stop) =>
        path == "-" ? Open(new StoppableStream(Console.OpenStandardInput(), stop), "standard input") : Open(OpenFile(path), path);

    /// <summary>Opens a stream under a name; the name's ending is heeded as a file's is. The stream is closed with the result.</summary>
    public static DataFile Open(Stream bytes, string source)
    {
        Stream? open = bytes;
        try
        {
            PeekedStream raw = new(bytes);
            open = raw;
            bool gzip = raw.Peek(least: 2, most: 2) is [0x1F, 0x8B];
            PeekedStream plain = new(gzip ? new GzipReadStream(raw) : raw);
            open = plain;

            // The head is decoded by a reader of its own, so that a byte order mark counts here too.
            byte[] headBytes = plain.Peek(least: 4, most: HeadBytes).ToArray();
            string head = new StreamReader(new MemoryStream(headBytes), Encoding.UTF8).ReadToEnd();
            if (headBytes.Length < HeadBytes && string.IsNullOrWhiteSpace(head)) throw new InputException($"{source} is empty");
            if (head.Contains('\0')) throw new InputException($"{source} is not text: a CSV table or a list of SMILES is expected");

            string firstLine = head.AsSpan().TrimStart("\r\n").ToString().Split('\n', '\r')[0];
            DataFile file = new(source, new StreamReader(plain, Encoding.UTF8), IsTableFile(source, firstLine), FindDelimiter(firstLine));
            open = null;
            return file;
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{source} cannot be expanded: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new InputException($"{source} cannot be read: {e.Message}", e);
        }
        finally
        {
            open?.Dispose();
        }
    }

    public void Dispose() => Text.Dispose();

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder where a data file is expected");
        if (!File.Exists(path)) throw new InputException($"there is no file {path}");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be opened: {e.Message}", e);
        }
    }

    // A name that says nothing (standard input) leaves it to the first line: a list's first word is a molecule, a header's is not.
    private static bool IsTableFile(string source, string firstLine)
    {
        string name = source.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? source[..^3] : source;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".smi" or ".txt" => false,
            ".csv" or ".tsv" => true,
            _ => !SmilesSyntax.LooksLike(SmilesSyntax.FirstWord(firstLine)),
        };
    }

    private static char FindDelimiter(string header)
    {
        bool quoted = false;
        Span<int> counts = stackalloc int[Delimiters.Length];
        foreach (char c in header)
        {
            if (c == '"') quoted = !quoted;
            int which = quoted ? -1 : Delimiters.IndexOf(c);
            if (which >= 0) counts[which]++;
        }
        int best = Delimiters.IndexOf(',');
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] > counts[best] || (counts[i] == counts[best] && counts[i] > 0 && i < best)) best = i;
        return Delimiters[best];
    }
}
