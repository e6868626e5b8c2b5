namespace SmilesBert.Weights;

/// <summary>What the two forms of pytorch_model.bin have in common: a pickled value, and the storages that it mentions, checked to be there in full.</summary>
internal abstract class PickleArchive : IDisposable
{
    public abstract string Kind { get; }

    /// <summary>What was pickled: in a checkpoint of use to us, a dictionary of tensors.</summary>
    public abstract object? Root { get; }

    /// <summary>The storage's bytes, from the first on.</summary>
    public abstract Stream Open(PickleStorage storage);

    public virtual void Dispose() { }

    /// <exception cref="InputException">The file has neither form, or breaks a rule of its own.</exception>
    public static PickleArchive Open(MappedFile file)
    {
        if (file.Length >= 2 && file.Span(0, 2).SequenceEqual("PK"u8)) return new PickleZip(file);
        if (file.Length >= 1 && file.Span(0, 1)[0] == (byte)PickleOp.PROTO) return new PickleStreams(file);
        throw new InputException($"{file.Path}: has neither form of a PyTorch checkpoint, a zip with a data.pkl or a stream of pickles.");
    }
}
