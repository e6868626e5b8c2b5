using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace SmilesBert.Weights;

/// <summary>
/// The form that torch.save wrote before 1.6: five pickles end to end (a magic number, the protocol version, the machine's byte order, the value,
/// the storages' keys), then for each key in turn its count of elements in 8 bytes and its raw values, up to the end of the file.
/// </summary>
internal sealed class PickleStreams : PickleArchive
{
    private const long Protocol = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly MappedFile _file;
    private readonly Dictionary<string, long> _starts = new(StringComparer.Ordinal);
    private long _position;

    public PickleStreams(MappedFile file)
    {
        _file = file;
        if (Next(out _) is not BigInteger magic || magic != Magic) throw Refuse("is a pickle, but not one that torch.save wrote");
        if (Next(out _) is not Protocol) throw Refuse($"is a PyTorch checkpoint of another protocol than {Protocol}");
        if (Next(out _) is not Dictionary<string, object?> system || system.GetValueOrDefault("little_endian") is not true)
            throw Refuse("was written on a big-endian machine, where little-endian values were expected");
        Root = Next(out IReadOnlyDictionary<string, PickleStorage> storages);
        if (Next(out _) is not List<object?> keys) throw Refuse("has no list of its storages");
        Locate(storages, keys);
    }

    public override string Kind => "pytorch pickle (plain stream)";

    public override object? Root { get; }

    public override Stream Open(PickleStorage storage) => _file.OpenStream(_starts[storage.Key], storage.Bytes);

    private object? Next(out IReadOnlyDictionary<string, PickleStorage> storages)
    {
        ReadOnlySpan<byte> rest = _file.Span(_position, (int)Math.Min(_file.Length - _position, PickleMachine.MaxBytes));
        (object? value, storages, int length) = PickleMachine.Run(_file.Path, rest);
        _position += length;
        return value;
    }

    private void Locate(IReadOnlyDictionary<string, PickleStorage> storages, List<object?> keys)
    {
        foreach (object? listed in keys)
        {
            if (listed is not string key || !storages.TryGetValue(key, out PickleStorage? storage) || _starts.ContainsKey(key))
                throw Refuse("lists a storage twice, or one that no tensor uses");
            if (_file.Length - _position < sizeof(long)) throw Refuse($"ends before its storage {Shown.Text(key)}");
            long elements = BinaryPrimitives.ReadInt64LittleEndian(_file.Span(_position, sizeof(long)));
            _position += sizeof(long);
            if (elements != storage.Elements)
                throw Refuse($"stores {elements} elements under {Shown.Text(key)}, where its pickle says {storage.Elements}");
            if (storage.Bytes > _file.Length - _position) throw Refuse($"ends within its storage {Shown.Text(key)}");
            _starts.Add(key, _position);
            _position += storage.Bytes;
        }
        if (storages.Keys.FirstOrDefault(key => !_starts.ContainsKey(key)) is string absent) throw Refuse($"lacks the storage {Shown.Text(absent)}");
        if (_position != _file.Length) throw Refuse($"has {_file.Length - _position} bytes after its last storage, where the end was expected");
    }

    private InputException Refuse(string what) => new($"{_file.Path}: {what}.");
}
