namespace SmilesBert.Weights;

/// <summary>The few names that a pickled state dict may use, and what their arguments must be. Nothing else is known, and nothing is ever imported.</summary>
internal static class PickleGlobals
{
    public const string OrderedDict = "OrderedDict", RebuildTensor = "_rebuild_tensor_v2", RebuildParameter = "_rebuild_parameter";

    private const int MaxRank = 64;                               // as in PyTorch

    private static readonly Dictionary<string, DType> Storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = DType.F32,
        ["HalfStorage"] = DType.F16,
        ["BFloat16Storage"] = DType.BF16,
        ["DoubleStorage"] = DType.F64,
        ["LongStorage"] = DType.I64,
        ["IntStorage"] = DType.I32,
        ["ShortStorage"] = DType.I16,
        ["CharStorage"] = DType.I8,
        ["ByteStorage"] = DType.U8,
        ["BoolStorage"] = DType.BOOL,
        ["ComplexFloatStorage"] = DType.C64,
    };

    /// <exception cref="InputException">It is none of the few.</exception>
    public static PickleGlobal Find(string path, string module, string name) => module switch
    {
        "collections" when name == OrderedDict => new PickleGlobal(module, name),
        "torch._utils" when name is RebuildTensor or RebuildParameter => new PickleGlobal(module, name),
        "torch" when Storages.ContainsKey(name) => new PickleGlobal(module, name),
        _ => throw Refuse(path, module, name),
    };

    public static InputException Refuse(string path, string module, string name) =>
        new($"{path}: its pickle would have imported and run {Shown.Text($"{module}.{name}")}, none of the few names that a state dict needs; nothing was run.");

    /// <summary>The storage that a persistent id stands for: ('storage', type, key, device, elements), and in the older form None, as it is no view.</summary>
    public static PickleStorage Storage(string path, object? id)
    {
        object?[]? parts = id as object?[];
        if (parts is [.. object?[] first, null]) parts = first;
        if (parts is not ["storage", PickleGlobal { Module: "torch" } type, string key, string, long elements])
            throw new InputException($"{path}: its pickle has a persistent id that is not a tensor's storage.");
        if (elements < 0 || elements > long.MaxValue / 8)
            throw new InputException($"{path}: storage {Shown.Text(key)} has {elements} elements, which cannot be.");
        return new PickleStorage(key, Storages[type.Name], elements);
    }

    /// <summary>The view that _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks) describes, inside its storage.</summary>
    public static PickleTensor Tensor(string path, object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, object?[] shape, object?[] strides, bool, PickleOrderedDict { Count: 0 }])
            throw new InputException($"{path}: its pickle has a call of {RebuildTensor} with arguments other than those of a dense tensor.");
        if (shape.Length > MaxRank || strides.Length != shape.Length)
            throw new InputException(
                $"{path}: its pickle has a tensor of {shape.Length} sizes and {strides.Length} strides, where as many of both, at most {MaxRank}, were expected.");

        PickleTensor tensor = new(storage, offset, Naturals(path, shape), Naturals(path, strides));
        try
        {
            long elements = 1, last = offset;
            for (int d = 0; d < shape.Length; d++) elements = checked(elements * tensor.Shape[d]);
            for (int d = 0; d < shape.Length && elements > 0; d++) last = checked(last + (tensor.Shape[d] - 1) * tensor.Strides[d]);
            if (offset >= 0 && offset <= storage.Elements && (elements == 0 || last < storage.Elements)) return tensor;
        }
        catch (OverflowException)
        {
            // Far outside, then.
        }
        throw new InputException(
            $"{path}: its pickle has a tensor of shape {Shown.Shape(tensor.Shape)}, strides {Shown.Shape(tensor.Strides)} and offset {offset} "
            + $"that reaches outside its storage {Shown.Text(storage.Key)} of {storage.Elements} elements.");
    }

    private static long[] Naturals(string path, object?[] values)
    {
        long[] result = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
            result[i] = values[i] is long value && value >= 0 ? value
                : throw new InputException($"{path}: its pickle has a tensor with a size or stride that is not a natural number.");
        return result;
    }
}
