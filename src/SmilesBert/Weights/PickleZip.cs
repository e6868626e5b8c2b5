using System.IO.Compression;

namespace SmilesBert.Weights;

/// <summary>
/// The form that torch.save writes since 1.6: a zip with NAME/data.pkl, the raw bytes of each storage under NAME/data/KEY, and,
/// from newer versions, NAME/byteorder.
/// </summary>
internal sealed class PickleZip : PickleArchive
{
    private const long MaxInflation = 1032;                       // deflate cannot pack tighter: a larger claim is false

    private readonly string _path;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _prefix;

    public PickleZip(MappedFile file)
    {
        _path = file.Path;
        try
        {
            _zip = new ZipArchive(file.OpenStream(0, file.Length), ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in _zip.Entries)
                if (!_entries.TryAdd(entry.FullName, entry))
                    throw new InputException($"{_path}: its zip has the entry {Shown.Text(entry.FullName)} twice.");
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{_path}: is a damaged zip, perhaps cut short.", e);
        }

        string[] pickles = [.. _entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal))];
        if (pickles.Length != 1) throw new InputException($"{_path}: is a zip with {pickles.Length} data.pkl, where a PyTorch checkpoint has one.");
        _prefix = pickles[0][..^"data.pkl".Length];

        if (_entries.ContainsKey(_prefix + "byteorder") && !ReadAll(_prefix + "byteorder", 16).AsSpan().SequenceEqual("little"u8))
            throw new InputException($"{_path}: was written on a big-endian machine, where little-endian values were expected.");
        (Root, IReadOnlyDictionary<string, PickleStorage> storages, _) = PickleMachine.Run(_path, ReadAll(pickles[0], PickleMachine.MaxBytes));
        foreach (PickleStorage storage in storages.Values) Check(storage);
    }

    public override string Kind => "pytorch pickle (zip)";

    public override object? Root { get; }

    public override Stream Open(PickleStorage storage) => Entry(storage).Open();

    public override void Dispose() => _zip.Dispose();

    private ZipArchiveEntry Entry(PickleStorage storage) =>
        _entries.GetValueOrDefault($"{_prefix}data/{storage.Key}")
        ?? throw new InputException($"{_path}: its zip lacks the storage {Shown.Text(storage.Key)}.");

    private void Check(PickleStorage storage)
    {
        ZipArchiveEntry entry = Entry(storage);
        if (entry.Length != storage.Bytes)
            throw new InputException(
                $"{_path}: storage {Shown.Text(storage.Key)} has {entry.Length} bytes in the zip, where {storage.Bytes} were expected.");
        CheckPlausible(entry, $"storage {Shown.Text(storage.Key)}");
    }

    private void CheckPlausible(ZipArchiveEntry entry, string what)
    {
        if (entry.Length / MaxInflation > entry.CompressedLength)
            throw new InputException($"{_path}: {what} claims {entry.Length} bytes, more than its {entry.CompressedLength} packed ones can hold.");
    }

    private byte[] ReadAll(string name, int limit)
    {
        ZipArchiveEntry entry = _entries[name];
        if (entry.Length > limit)
            throw new InputException($"{_path}: {Shown.Text(name)} claims {entry.Length} bytes, where at most {limit} were expected.");
        CheckPlausible(entry, Shown.Text(name));
        try
        {
            byte[] bytes = new byte[entry.Length];
            using Stream stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new InputException($"{_path}: {Shown.Text(name)} in its zip cannot be read.", e);
        }
    }
}
