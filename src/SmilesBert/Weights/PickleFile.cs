namespace SmilesBert.Weights;

/// <summary>
/// A pytorch_model.bin: a pickled state dict in either of torch.save's forms, read without the means to run anything (<see cref="PickleMachine"/>).
/// Tensors may share a storage, and lie in it through any strides.
/// </summary>
public sealed class PickleFile : TensorFile
{
    private readonly MappedFile _file;
    private readonly PickleArchive _archive;
    private readonly Dictionary<string, PickleTensor> _views;

    private PickleFile(MappedFile file, PickleArchive archive, Dictionary<string, PickleTensor> views)
        : base(file.Path, Describe(views), new Dictionary<string, string>())
    {
        _file = file;
        _archive = archive;
        _views = views;
    }

    public override string Kind => _archive.Kind;

    /// <exception cref="InputException">The file is absent, holds something else than a state dict, is damaged, or asks for code to be run.</exception>
    public static PickleFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            PickleArchive archive = PickleArchive.Open(file);
            if (archive.Root is not Dictionary<string, object?> root)
                throw new InputException($"{path}: holds something else than a state dict, a dictionary of tensors by name.");
            Dictionary<string, PickleTensor> views = new(StringComparer.Ordinal);
            foreach ((string name, object? value) in root)
                views.Add(name, value as PickleTensor
                    ?? throw new InputException($"{path}: entry {Shown.Text(name)} is no tensor, where a state dict holds nothing else."));
            return new PickleFile(file, archive, views);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override void Read(string name, Span<float> destination)
    {
        TensorInfo info = Expect(name, destination.Length);
        PickleTensor view = _views[name];
        try
        {
            using Stream storage = _archive.Open(view.Storage);
            Skip(storage, view.Offset * view.Storage.ElementBytes);
            if (view.IsContiguous) FloatConversion.Convert(info.Type, storage, destination);
            else ReadThroughStrides(view, storage, destination);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new InputException($"{Path}: the values of tensor {Shown.Text(name)} cannot be read: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _archive.Dispose();
        _file.Dispose();
    }

    private static Dictionary<string, TensorInfo> Describe(Dictionary<string, PickleTensor> views) =>
        views.ToDictionary(pair => pair.Key, pair => new TensorInfo(pair.Key, pair.Value.Storage.Type, pair.Value.Shape), StringComparer.Ordinal);

    // A stored entry of a zip can be sought; a deflated one must be read through.
    private static void Skip(Stream stream, long bytes)
    {
        if (stream.CanSeek)
        {
            stream.Position += bytes;
            return;
        }
        byte[] buffer = new byte[Math.Min(bytes, 1 << 16)];
        for (; bytes > 0; bytes -= buffer.Length)
        {
            if (bytes < buffer.Length) buffer = new byte[bytes];
            stream.ReadExactly(buffer);
        }
    }

    private void ReadThroughStrides(PickleTensor view, Stream storage, Span<float> destination)
    {
        int size = view.Storage.ElementBytes;
        if (view.Extent > Array.MaxLength / size)
            throw new InputException($"{Path}: a tensor of shape {Shown.Shape(view.Shape)} is spread over {view.Extent} elements, too far to be gathered.");
        byte[] extent = new byte[view.Extent * size];
        storage.ReadExactly(extent);

        // Row by row of the last dimension; the others count up like an odometer.
        int last = view.Shape.Length - 1, columns = (int)view.Shape[last];
        byte[] row = new byte[columns * size];
        long[] index = new long[last];
        long start = 0;
        for (int done = 0; done < destination.Length; done += columns)
        {
            for (int c = 0; c < columns; c++)
                extent.AsSpan((int)(start + c * view.Strides[last]) * size, size).CopyTo(row.AsSpan(c * size));
            FloatConversion.Convert(view.Storage.Type, row, destination.Slice(done, columns));

            for (int d = last - 1; d >= 0; d--)
            {
                start += view.Strides[d];
                if (++index[d] < view.Shape[d]) break;
                start -= index[d] * view.Strides[d];
                index[d] = 0;
            }
        }
    }
}
