namespace SmilesBert.Data;

/// <summary>
/// Reads molecules row by row, in constant memory, from a CSV table with a header, from a list of one SMILES a line (.smi, .txt; a name
/// may follow after white space), or from standard input ("-", told apart by its first line). Gzip is expanded on the way.
/// Commas, semicolons, tabs and bars are recognised between fields; quoted fields may span lines.
/// </summary>
public sealed class MoleculeReader : IDisposable
{
    private const int SampleRows = 1000, KeptMessages = 5;
    private static readonly string[] ListHeader = ["smiles", "name"];

    private readonly RowParser parser;
    private readonly Queue<ParsedRow> sample = [];      // rows looked at to find columns, still to be handed out
    private readonly BadRows onBadRow;
    private readonly List<string> messages = [];
    private readonly bool isTable;
    private bool read;

    private MoleculeReader(DataFile file, ReadOptions options)
    {
        Source = file.Source;
        isTable = file.IsTable;
        onBadRow = options.OnBadRow;
        Stop = options.Stop;
        parser = new RowParser(file);
        try
        {
            Header = isTable ? ReadHeader() : ListHeader;
            while (sample.Count < SampleRows && parser.Next(out ParsedRow row)) sample.Enqueue(row);
            if (sample.Count == 0) throw new InputException($"{Source} has a header and no row");

            ParsedRow[] whole = [.. sample.Where(row => row.Fields.Length == Header.Count && !row.BrokenQuotes)];
            if (isTable && whole.Length == 0)
            {
                ParsedRow first = sample.Peek();
                throw new InputException($"{Source}, line {first.Line}: {FindProblem(first, first.Fields)}");
            }
            (SmilesColumn, SmilesColumnChoice) = ChooseSmiles(options.SmilesColumn, whole);
            InChIKeyColumn = isTable ? ColumnFinder.InChIKey(Header.Count, whole) : null;
        }
        catch
        {
            parser.Dispose();
            throw;
        }
    }

    /// <summary>The file's name, as given.</summary>
    public string Source { get; }

    /// <summary>The column names, trimmed; of a list, "smiles" and "name".</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The column that holds SMILES, from 0.</summary>
    public int SmilesColumn { get; }

    /// <summary>A sentence: which column that is, and whether it was named or found.</summary>
    public string SmilesColumnChoice { get; }

    /// <summary>The column that holds InChIKeys, from 0, found by content; null where there is none.</summary>
    public int? InChIKeyColumn { get; }

    /// <summary>A row's InChIKey, trimmed; null where the table has none or the field is not one.</summary>
    public string? InChIKeyOf(MoleculeRow row) =>
        InChIKeyColumn is int column && row.Fields[column].Trim() is string field && InChIKeys.IsOne(field) ? field : null;

    /// <summary>What ends the reading before its end.</summary>
    internal CancellationToken Stop { get; }

    /// <summary>How many rows could not be read and were left out, so far.</summary>
    public long BadRowCount { get; private set; }

    /// <summary>Where and why, for the first few of them.</summary>
    public IReadOnlyList<string> BadRowMessages => messages;

    /// <summary>Opens a file ("-" for standard input) and finds its columns.</summary>
    /// <exception cref="InputException">The file is missing, empty or no text, or lacks the named column or any that reads as SMILES.</exception>
    public static MoleculeReader Open(string path, ReadOptions options) => new(DataFile.Open(path, options.Stop), options);

    /// <summary>Reads from a stream under a name, whose ending says what it is as a file's does; the stream is closed with the reader.</summary>
    internal static MoleculeReader Open(Stream stream, string source, ReadOptions options) => new(DataFile.Open(stream, source), options);

    /// <summary>The readable rows in the file's order; to be enumerated once.</summary>
    /// <exception cref="InputException">A row cannot be read and <see cref="ReadOptions.OnBadRow"/> does not skip it, or no row can.</exception>
    public IEnumerable<MoleculeRow> Rows()
    {
        if (read) throw new InvalidOperationException("the rows of a stream can be read once");
        read = true;
        return ReadRows();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => parser.Dispose();

    /// <summary>Notes a row that cannot be read: counted, or the end.</summary>
    /// <exception cref="InputException">Bad rows are not skipped.</exception>
    internal void Refuse(long line, string problem)
    {
        string message = $"{Source}, line {line}: {problem}";
        if (onBadRow == BadRows.Error) throw new InputException(message);
        BadRowCount++;
        if (messages.Count < KeptMessages) messages.Add(InputException.OneLine(message));
    }

    private IEnumerable<MoleculeRow> ReadRows()
    {
        long number = 0, good = 0;
        while (sample.TryDequeue(out ParsedRow parsed) || parser.Next(out parsed))
        {
            Stop.ThrowIfCancellationRequested();
            number++;
            string[] fields = isTable ? parsed.Fields : NameApart(parsed.Fields[0]);
            string? problem = FindProblem(parsed, fields);
            if (problem is not null)
            {
                Refuse(parsed.Line, problem);
                continue;
            }
            good++;
            yield return new MoleculeRow(number, parsed.Line, fields[SmilesColumn].Trim(), fields);
        }
        if (good == 0) throw new InputException($"none of the {number} rows of {Source} can be read; the first: {messages[0]}");
    }

    private string? FindProblem(ParsedRow parsed, string[] fields)
    {
        if (parsed.BrokenQuotes) return "a quoted field is not closed, or goes on behind its closing quote";
        if (!isTable && parsed.Fields.Length > 1) return "a control character";
        if (fields.Length != Header.Count) return $"{fields.Length} fields where the header has {Header.Count}";
        string? problem = SmilesSyntax.Problem(fields[SmilesColumn].AsSpan().Trim());
        return problem is not null && !isTable && parsed.Line == 1 ? problem + " (a table with a header must be named .csv or .tsv)" : problem;
    }

    private string[] ReadHeader()
    {
        if (!parser.Next(out ParsedRow header)) throw new InputException($"{Source} is empty");
        if (header.BrokenQuotes) throw new InputException($"{Source}, line {header.Line}: a quote in the header is never closed");
        return [.. header.Fields.Select(name => name.Trim())];
    }

    private (int Column, string Choice) ChooseSmiles(string? named, ParsedRow[] whole)
    {
        if (named is not null)
        {
            int column = ColumnFinder.Named(Source, Header, named);
            return (column, $"SMILES are in column {column + 1} of {Header.Count} ('{named}'), as asked");
        }
        return isTable ? ColumnFinder.Smiles(Source, Header, whole) : (0, "SMILES are each line's first word");
    }

    private static string[] NameApart(string line)
    {
        ReadOnlySpan<char> smiles = SmilesSyntax.FirstWord(line);
        return [smiles.ToString(), line.AsSpan().TrimStart()[smiles.Length..].Trim().ToString()];
    }
}
