using System.Buffers.Binary;
using System.Text.Unicode;

namespace SmilesBert.Weights;

// A safetensors file: 8 bytes header length N (little-endian), N bytes of JSON, then the tensors' bytes, end to end.
//
//   {"__metadata__": {"format": "pt"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
//
// Offsets count from the end of the header. The checks and their order are those of the format's reference reader;
// duplicate names and unknown fields, which it lets pass, are refused as well.

/// <summary>A safetensors file, mapped into memory and checked in full before anything of it is used.</summary>
public sealed class SafetensorsFile : TensorFile
{
    /// <summary>The longest header that is read, in bytes.</summary>
    private const ulong MaxHeader = 100_000_000;

    private readonly MappedFile _file;
    private readonly Dictionary<string, long> _starts;            // of each tensor, in bytes from the start of the file

    private SafetensorsFile(MappedFile file, Dictionary<string, TensorInfo> tensors, Dictionary<string, long> starts, Dictionary<string, string> metadata)
        : base(file.Path, tensors, metadata)
    {
        _file = file;
        _starts = starts;
    }

    public override string Kind => "safetensors";

    /// <exception cref="InputException">The file is absent or breaks a rule of the format; the message says which.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            ReadOnlySpan<byte> header = Header(file);
            if (!Utf8.IsValid(header)) throw new InputException($"{path}: the header is not UTF-8.");
            (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(path, header);

            long data = 8 + header.Length;
            Dictionary<string, TensorInfo> tensors = new(entries.Count, StringComparer.Ordinal);
            Dictionary<string, long> starts = new(entries.Count, StringComparer.Ordinal);
            ulong end = 0;
            foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
            {
                CheckPlace(path, entry, end);
                tensors.Add(entry.Name, new TensorInfo(entry.Name, entry.Type, [.. entry.Shape.Select(size => (long)size)]));
                starts.Add(entry.Name, data + (long)entry.Begin);
                end = entry.End;
            }
            if (end != (ulong)(file.Length - data))
                throw new InputException($"{path}: its tensors end after {end} bytes of data, but the file has {file.Length - data}.");
            return new SafetensorsFile(file, tensors, starts, metadata);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override void Read(string name, Span<float> destination) =>
        FloatConversion.Convert(Expect(name, destination.Length).Type, _file, _starts[name], destination);

    protected override void Dispose(bool disposing) => _file.Dispose();

    private static ReadOnlySpan<byte> Header(MappedFile file)
    {
        if (file.Length < 8) throw new InputException($"{file.Path}: has {file.Length} bytes, where a safetensors file has at least 8.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, 8));
        if (length > long.MaxValue) throw new InputException($"{file.Path}: the header length {length} does not fit 63 bits.");
        if (length > MaxHeader) throw new InputException($"{file.Path}: the header length {length} is over the limit of {MaxHeader}.");
        if ((long)length > file.Length - 8)
            throw new InputException($"{file.Path}: the header length {length} goes past the end of the file of {file.Length} bytes.");
        return file.Span(8, (int)length);
    }

    /// <summary>Refuses a tensor that does not begin where the one before it ended, or whose bytes are not those of its shape.</summary>
    private static void CheckPlace(string path, SafetensorsEntry entry, ulong previousEnd)
    {
        string where = $"{path}: tensor {Shown.Text(entry.Name)}";
        if (entry.Begin != previousEnd || entry.End < entry.Begin)
            throw new InputException(
                $"{where} has the data_offsets [{entry.Begin}, {entry.End}], where a begin of {previousEnd} and an end not before it were expected.");

        ulong bits = (ulong)entry.Type.Bits();
        try
        {
            ulong elements = 1;
            foreach (ulong size in entry.Shape) elements = checked(elements * (ulong)checked((long)size));
            bits = checked(elements * bits);
        }
        catch (OverflowException e)
        {
            throw new InputException($"{where} has the shape {Shown.Shape(entry.Shape)}, whose size overflows 64 bits.", e);
        }
        if (bits % 8 != 0)
            throw new InputException($"{where} of {entry.Type} and shape {Shown.Shape(entry.Shape)} has {bits} bits, not a whole number of bytes.");
        if (entry.End - entry.Begin != bits / 8)
            throw new InputException(
                $"{where} of {entry.Type} and shape {Shown.Shape(entry.Shape)} needs {bits / 8} bytes, but its data_offsets span {entry.End - entry.Begin}.");
    }
}
