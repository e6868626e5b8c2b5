namespace SmilesBert.Weights;

/// <summary>
/// A checkpoint's named tensors. Opening reads names, types and shapes alone; the values stay in the mapped file until they are asked for,
/// and go from there straight to where they are wanted. For one thread at a time. While it is open the file must not be cut short or
/// written in place (replacing it, as <see cref="AtomicFile"/> does, is harmless).
/// </summary>
public abstract class TensorFile : IDisposable
{
    protected TensorFile(string path, IReadOnlyDictionary<string, TensorInfo> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The file, or for a sharded checkpoint its index.</summary>
    public string Path { get; }

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Free text that the file carries beside its tensors; empty where the form has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The form in words, as a person would be told it.</summary>
    public abstract string Kind { get; }

    /// <summary>Reads a tensor of F32, F16, BF16 (all exact) or F64 (rounded to nearest) as floats, row-major.</summary>
    /// <exception cref="InputException">There is no such tensor, it holds another type, or its values cannot be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not as long as the tensor.</exception>
    public abstract void Read(string name, Span<float> destination);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>The tensor that a call of <see cref="Read"/> asks for, once it is known that the answer fits.</summary>
    protected TensorInfo Expect(string name, int length)
    {
        if (!Tensors.TryGetValue(name, out TensorInfo? info)) throw new InputException($"{Path} has no tensor {Shown.Text(name)}.");
        if (info.Type is not (DType.F32 or DType.F16 or DType.BF16 or DType.F64))
            throw new InputException($"{Path}: tensor {Shown.Text(name)} holds {info.Type}, where F32, F16, BF16 or F64 was expected.");
        if (info.Elements != length)
            throw new ArgumentException($"{Path}: tensor {Shown.Text(name)} {Shown.Shape(info.Shape)} does not fit a destination of {length} values.");
        return info;
    }
}
