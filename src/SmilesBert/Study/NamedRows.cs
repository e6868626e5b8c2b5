using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>A CSV table read by its column names; rows that do not fit the header go to the log of what was left out.</summary>
internal sealed class NamedRows : IDisposable
{
    private readonly RowParser parser;
    private readonly string source;
    private readonly string[] header;
    private readonly DropLog drops;

    /// <exception cref="InputException">The table is empty or no text.</exception>
    public NamedRows(Stream stream, string source, DropLog drops)
    {
        this.source = source;
        this.drops = drops;
        parser = new RowParser(DataFile.Open(stream, source));
        if (!parser.Next(out ParsedRow first)) throw new InputException($"{source} is empty");
        header = [.. first.Fields.Select(static name => name.Trim())];
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="InputException">There is none of that name, or several.</exception>
    public int Column(string name) => ColumnFinder.Named(source, header, name);

    /// <summary>The place of a column that need not be there; -1 where it is not.</summary>
    public int Find(string name) => Array.IndexOf(header, name);

    /// <summary>The rows that fit, with the line where each begins.</summary>
    public IEnumerable<(long Line, string[] Fields)> Rows()
    {
        while (parser.Next(out ParsedRow row))
        {
            if (row.BrokenQuotes) drops.Add("a quoted field is broken", DropLog.Place(source, row.Line));
            else if (row.Fields.Length != header.Length)
                drops.Add("not as many fields as the header", $"{DropLog.Place(source, row.Line)}: {row.Fields.Length} instead of {header.Length}");
            else yield return (row.Line, row.Fields);
        }
    }

    public void Dispose() => parser.Dispose();
}
