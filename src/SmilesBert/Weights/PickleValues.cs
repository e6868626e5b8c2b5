namespace SmilesBert.Weights;

// What a pickled state dict is made of. Integers are long (BigInteger past 64 bits), text string, tuples object?[], lists List<object?>,
// dictionaries Dictionary<string, object?>; None is null. The rest:

/// <summary>A name that the pickle asks Python to import: here only a name, one of the few known to be harmless.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A collections.OrderedDict. BUILD may give it attributes (torch's _metadata), which are of no use here and dropped.</summary>
internal sealed class PickleOrderedDict : Dictionary<string, object?>;

/// <summary>Where values lie: a run of elements of one type, stored outside the pickle under a key.</summary>
internal sealed record PickleStorage(string Key, DType Type, long Elements)
{
    /// <summary>Of the whole run; checked not to overflow where the storage is made.</summary>
    public long Bytes => Elements * ElementBytes;

    public int ElementBytes => Type.Bits() / 8;
}

/// <summary>A view of a storage: element (i, j, ...) lies at Offset + i * Strides[0] + j * Strides[1] + ..., checked to be inside.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Elements from the first to the last that the view touches; 0 for a view of none.</summary>
    public long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>Whether the elements lie in row-major order without gaps. A dimension of one element may have any stride.</summary>
    public bool IsContiguous
    {
        get
        {
            if (Shape.Contains(0)) return true;
            long expected = 1;
            for (int d = Shape.Length - 1; d >= 0; d--)
            {
                if (Shape[d] != 1 && Strides[d] != expected) return false;
                expected *= Shape[d];
            }
            return true;
        }
    }
}
