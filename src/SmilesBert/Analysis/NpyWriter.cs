using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SmilesBert.Analysis;

/// <summary>
/// Writes a float32 matrix as NumPy's .npy (version 1.0, '&lt;f4', C order), a few rows at a time: memory does not grow with the rows.
/// </summary>
public sealed class NpyWriter
{
    // The header is written twice, before and after the rows are known, so it has one length whatever their count.
    private const int HeaderLength = 128;

    private readonly Stream stream;
    private readonly int columns;

    /// <summary>Begins a matrix.</summary>
    /// <param name="stream">Where it goes, from here on; it can be sought in.</param>
    /// <param name="columns">Values a row.</param>
    public NpyWriter(Stream stream, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        this.stream = stream;
        this.columns = columns;
        stream.Write(Header(0, columns));
    }

    /// <summary>Rows appended so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Appends whole rows.</summary>
    /// <param name="rows">(any number of rows, columns), row after row.</param>
    public void Append(ReadOnlySpan<float> rows)
    {
        if (rows.Length % columns != 0) throw new ArgumentException($"{rows.Length} values are not rows of {columns}", nameof(rows));
        stream.Write(MemoryMarshal.AsBytes(rows));
        Rows += rows.Length / columns;
    }

    /// <summary>Writes the row count into the header: without it the matrix has no rows.</summary>
    public void Complete()
    {
        long end = stream.Position;
        stream.Position = end - HeaderLength - (Rows * columns * sizeof(float));
        stream.Write(Header(Rows, columns));
        stream.Position = end;
    }

    // Magic, version 1.0, the length of what follows, a Python dictionary, spaces to the fixed length, a line end (numpy.lib.format).
    private static byte[] Header(long rows, int columns)
    {
        ReadOnlySpan<byte> preamble = [0x93, .. "NUMPY"u8, 1, 0, HeaderLength - 10, 0];
        string dictionary = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        byte[] header = new byte[HeaderLength];
        preamble.CopyTo(header);
        Encoding.ASCII.GetBytes(dictionary.PadRight(HeaderLength - preamble.Length - 1) + "\n", header.AsSpan(preamble.Length));
        return header;
    }
}
