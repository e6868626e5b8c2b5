using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SmilesBert.Analysis;

/// <summary>
/// Writes a float32 matrix as NumPy's .npy (version 1.0, '&lt;f4', C order), a few rows at a time: memory does not grow with the rows.
/// The file appears under its name only when <see cref="Complete"/> is called; disposed before, it leaves nothing.
/// </summary>
public sealed class NpyWriter : IDisposable
{
    // The header is written twice, before and after the rows are known, so it has one length whatever their count.
    private const int HeaderLength = 128;

    private readonly string _path;
    private readonly int _columns;
    private FileStream? _stream;

    /// <summary>Opens a file beside <paramref name="path"/>.</summary>
    /// <param name="path">Where the finished file will be; one that is there is replaced.</param>
    /// <param name="columns">Values a row.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public NpyWriter(string path, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        _path = path;
        _columns = columns;
        try
        {
            _stream = new FileStream(PartialPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            _stream.Write(Header(0, columns));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Abandoned(e);
        }
    }

    /// <summary>Rows appended so far.</summary>
    public long Rows { get; private set; }

    private string PartialPath => _path + ".partial";

    private FileStream Open => _stream ?? throw new InvalidOperationException("the file is closed");

    /// <summary>Appends whole rows.</summary>
    /// <param name="rows">(any number of rows, columns), row after row.</param>
    /// <exception cref="InputException">The disk is full, or the file cannot be written; nothing is left of it.</exception>
    public void Append(ReadOnlySpan<float> rows)
    {
        if (rows.Length % _columns != 0) throw new ArgumentException($"{rows.Length} values are not rows of {_columns}", nameof(rows));
        try
        {
            Open.Write(MemoryMarshal.AsBytes(rows));
        }
        catch (IOException e)
        {
            throw Abandoned(e);
        }
        Rows += rows.Length / _columns;
    }

    /// <summary>Writes the row count into the header and gives the file its name.</summary>
    /// <exception cref="InputException">The disk is full, or the file cannot be written; nothing is left of it.</exception>
    public void Complete()
    {
        try
        {
            Open.Position = 0;
            Open.Write(Header(Rows, _columns));
            Open.Flush(flushToDisk: true);
            Open.Dispose();
            File.Move(PartialPath, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Abandoned(e);
        }
        _stream = null;
    }

    /// <summary>Deletes the file if it was not completed.</summary>
    public void Dispose()
    {
        if (_stream is null) return;
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // What a full disk kept in the buffer is thrown away with the rest.
        }
        _stream = null;
        File.Delete(PartialPath);
    }

    private InputException Abandoned(Exception cause)
    {
        Dispose();
        return new InputException($"{_path}: cannot be written: {cause.Message}", cause);
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
