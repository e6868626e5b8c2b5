namespace SmilesBert.Data;

/// <summary>Passes text on, and ends a row that goes on and on before it fills the memory.</summary>
/// <param name="source">The text; not closed here.</param>
/// <param name="most">Characters that a row may have, give or take what its reader fetches ahead.</param>
internal sealed class RowLimit(TextReader source, int most) : TextReader
{
    private int inRow;

    /// <summary>A row begins: what was read so far counts no more.</summary>
    public void BeginRow() => inRow = 0;

    /// <exception cref="Exceeded">The row is over the limit.</exception>
    public override int Read(char[] buffer, int index, int count)
    {
        if (inRow > most) throw new Exceeded();
        int read = source.Read(buffer, index, count);
        inRow += read;
        return read;
    }

    public sealed class Exceeded : Exception;
}
