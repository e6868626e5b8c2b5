using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace SmilesBert.Analysis;

/// <summary>A matrix read from NumPy's .npy: version 1 or 2, '&lt;f4' or '&lt;f8' (rounded to float), C order, two dimensions; anything else is refused.</summary>
public sealed partial class NpyFile
{
    private NpyFile(int rows, int columns, float[] values)
    {
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>(Rows,Columns), row after row.</summary>
    public float[] Values { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InputException">There is no such file, or it is not such a matrix.</exception>
    public static NpyFile Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static NpyFile Read(FileStream stream, string path)
    {
        Header header = ReadHeader(stream, path);
        int width = header.Type switch
        {
            "<f4" => sizeof(float),
            "<f8" => sizeof(double),
            _ => throw new InputException($"{path}: holds values of type '{header.Type}'; expected '<f4' or '<f8'"),
        };
        if (header.FortranOrder) throw new InputException($"{path}: is in Fortran order; expected C order (numpy.ascontiguousarray)");
        long[] shape = header.Shape;
        if (shape.Length != 2) throw new InputException($"{path}: has {shape.Length} dimensions; expected 2 (rows, columns)");
        if (shape[0] > int.MaxValue || shape[1] > int.MaxValue || shape[0] * shape[1] > Array.MaxLength)
            throw new InputException($"{path}: a {shape[0]} by {shape[1]} matrix is more than memory can hold in one piece");
        long expected = stream.Position + (shape[0] * shape[1] * width);
        if (stream.Length != expected)
            throw new InputException(
                $"{path}: is {stream.Length} bytes long; a {shape[0]} by {shape[1]} matrix of '{header.Type}' takes {expected} with its header");

        float[] values = new float[shape[0] * shape[1]];
        if (width == sizeof(float)) stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        else ReadDoubles(stream, values);
        return new NpyFile((int)shape[0], (int)shape[1], values);
    }

    private static void ReadDoubles(FileStream stream, Span<float> values)
    {
        double[] block = new double[Math.Min(values.Length, 8192)];
        while (!values.IsEmpty)
        {
            Span<double> read = block.AsSpan(0, Math.Min(block.Length, values.Length));
            stream.ReadExactly(MemoryMarshal.AsBytes(read));
            for (int i = 0; i < read.Length; i++) values[i] = (float)read[i];
            values = values[read.Length..];
        }
    }

    // "\x93NUMPY", major, minor, the header's length in 2 (version 1) or 4 bytes (version 2), a Python dictionary (numpy.lib.format).
    private static Header ReadHeader(FileStream stream, string path)
    {
        Span<byte> preamble = stackalloc byte[8];
        if (stream.ReadAtLeast(preamble, preamble.Length, throwOnEndOfStream: false) < preamble.Length || !preamble.StartsWith("\u0093NUMPY"u8[1..]))
            throw new InputException($"{path}: is not a .npy file (its first bytes are not \\x93NUMPY)");
        int major = preamble[6];
        if (major is not (1 or 2)) throw new InputException($"{path}: is a .npy file of version {major}; expected 1 or 2");

        Span<byte> length = stackalloc byte[major == 1 ? sizeof(ushort) : sizeof(uint)];
        const int longest = 1 << 20;
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length) throw Truncated(path);
        long headerLength = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (headerLength > longest) throw new InputException($"{path}: its header claims {headerLength} bytes; expected at most {longest}");
        byte[] bytes = new byte[headerLength];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Truncated(path);
        return Parse(Encoding.Latin1.GetString(bytes), path);
    }

    private static Header Parse(string text, string path)
    {
        Match match = Dictionary().Match(text);
        if (!match.Success || match.Groups["entry"].Captures.Count != 3) throw Unreadable();
        string? type = null;
        bool? fortranOrder = null;
        long[]? shape = null;
        foreach (Capture entry in match.Groups["entry"].Captures)
        {
            int colon = entry.Value.IndexOf(':', StringComparison.Ordinal);
            string key = entry.Value[..colon].Trim().Trim('\'', '"'), value = entry.Value[(colon + 1)..].Trim();
            if (key == "descr" && type is null) type = value.Trim('\'', '"');
            else if (key == "fortran_order" && fortranOrder is null && value is "True" or "False") fortranOrder = value == "True";
            else if (key == "shape" && shape is null && value.StartsWith('(')) shape = Sizes(value);
            else throw Unreadable();
        }
        return new Header(type!, fortranOrder!.Value, shape!);

        long[] Sizes(string tuple) =>
            [.. tuple.Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(size =>
                long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : throw Unreadable())];

        InputException Unreadable() => new($"{path}: its header is not a plain dictionary of 'descr', 'fortran_order' and 'shape'");
    }

    private static InputException Truncated(string path) => new($"{path}: ends within its header");

    // {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } in any order, with either quote; matched in one way only, so in linear time.
    [GeneratedRegex("""^\{\s*((?<entry>['"]\w+['"]\s*:\s*(['"][^'"]*['"]|True|False|\([\d,\s]*\)))\s*(,\s*|(?=\})))*\}\s*$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Dictionary();

    private readonly record struct Header(string Type, bool FortranOrder, long[] Shape);
}
