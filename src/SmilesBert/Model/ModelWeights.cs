using SmilesBert.Kernels;
using SmilesBert.Weights;

namespace SmilesBert.Model;

/// <summary>What loading a checkpoint did, for the program's header.</summary>
/// <param name="Source">The kind of file that was read.</param>
/// <param name="Loaded">Tensors taken from it.</param>
/// <param name="Fresh">Tensors that it lacks and that were drawn anew: a new head's.</param>
/// <param name="Unused">Tensors that it holds and that this network has no place for: another head's.</param>
public sealed record LoadReport(string Source, int Loaded, IReadOnlyList<string> Fresh, IReadOnlyList<string> Unused);

/// <summary>
/// Between a checkpoint's tensors and a model's table. Names are HuggingFace's; old spellings, and bodies saved without their prefix, are understood.
/// </summary>
public static class ModelWeights
{
    private const uint InitialisationStream = 0x494E4954;   // "INIT": keeps these draws apart from dropout's and the shuffle's

    /// <summary>
    /// Fills the model's parameters from a checkpoint.
    /// </summary>
    /// <param name="model">The model; what is missing of its head is drawn from <paramref name="seed"/>.</param>
    /// <param name="file">The checkpoint.</param>
    /// <param name="keepHead">Whether the checkpoint's classifier is this model's: then it must be complete. Otherwise a new one is drawn.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InputException">Tensors of the body (or of a head to keep) are missing, of another shape or unknown, and all are named;
    /// or one holds a number that is not finite.</exception>
    public static LoadReport Load(BertModel model, TensorFile file, bool keepHead, ulong seed)
    {
        Dictionary<string, TensorInfo> found = Canonical(model, file);
        List<string> missing = [], misshaped = [], fresh = [];
        int loaded = 0;
        for (int index = 0; index < model.Parameters.Tensors.Count; index++)
        {
            NamedTensor tensor = model.Parameters.Tensors[index];
            bool isNewHead = IsClassifier(tensor.Name) && !keepHead;
            if (isNewHead || !found.TryGetValue(tensor.Name, out TensorInfo? info))
            {
                if (!isNewHead && !(IsPooler(model, tensor.Name) && !keepHead)) missing.Add($"{tensor.Name} {Sizes(tensor.Shape)}");
                fresh.Add(tensor.Name);
                Draw(model, tensor, index, seed);
            }
            else if (!info.Shape.SequenceEqual(tensor.Shape.Select(static size => (long)size)))
            {
                misshaped.Add($"{info.Name} is {Sizes(info.Shape)}, expected {Sizes(tensor.Shape)}");
            }
            else
            {
                Copy(model, file, info, tensor);
                loaded++;
            }
        }

        HashSet<string> known = [.. model.Parameters.Tensors.Select(static tensor => tensor.Name)];
        List<string> unused = [.. found.Keys.Where(name => !known.Contains(name) || (IsClassifier(name) && !keepHead)).Order(StringComparer.Ordinal)];
        string body = model.Config.BodyPrefix;
        List<string> unexpected = [.. unused.Where(name => name.StartsWith(body, StringComparison.Ordinal) && !IsPooler(model, name))];
        Refuse(
            file, ("lacks", missing), ("has other shapes than config.json states:", misshaped),
            ("holds tensors that config.json has no place for:", unexpected));
        return new LoadReport(file.Kind, loaded, fresh, unused);
    }

    /// <summary>
    /// Refuses a configuration that describes far more numbers than the checkpoint holds, before a model takes memory for them.
    /// Smaller differences are left to <see cref="Load"/>, which tells them tensor by tensor.
    /// </summary>
    /// <exception cref="InputException">It does.</exception>
    public static void RequireRoom(ModelConfig config, TensorFile file)
    {
        const double Spare = 1_000_000;                     // of numbers: heads, and networks too small to harm
        double c = config.HiddenSize, e = config.EmbeddingSize, f = config.FeedForwardSize;
        double layers = config.Architecture == Architecture.Albert ? 1 : config.Layers;
        double described = (((double)config.VocabularySize + config.PositionRows + config.TokenTypes) * e) + (e * c) + (layers * ((4 * c * c) + (2 * c * f)));
        double held = file.Tensors.Values.Sum(static tensor => (double)tensor.Elements);
        if (described > (4 * held) + Spare)
            throw new InputException($"{file.Path}: holds {held:0} numbers, where the network that config.json describes has some {described:0}");
    }

    /// <summary>Draws every parameter anew: weights normal with the configuration's deviation, biases 0, layer norms' scales 1.</summary>
    public static void Initialise(BertModel model, ulong seed)
    {
        for (int index = 0; index < model.Parameters.Tensors.Count; index++) Draw(model, model.Parameters.Tensors[index], index, seed);
    }

    /// <summary>Writes config.json and model.safetensors into a folder, each beside and renamed.</summary>
    public static void Save(BertModel model, string folder)
    {
        model.Config.Save(folder, model.HeadKind);
        IReadOnlyList<NamedTensor> tensors = model.Parameters.Tensors;
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            [.. tensors.Select(static tensor => (tensor.Name, tensor.Shape.ToArray()))],
            (index, destination) => model.Ops.Read(destination, model.Parameters.Values.Slice(tensors[index].Offset, tensors[index].Length)),
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    // The checkpoint's tensors under the names that the table uses.
    private static Dictionary<string, TensorInfo> Canonical(BertModel model, TensorFile file)
    {
        string prefix = model.Config.BodyPrefix;
        Dictionary<string, TensorInfo> found = new(StringComparer.Ordinal);
        foreach (TensorInfo info in file.Tensors.Values)
        {
            string name = info.Name;
            if (name.EndsWith("position_ids", StringComparison.Ordinal)) continue;          // a buffer of 0, 1, 2...
            if (name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal)) name = name[..^"gamma".Length] + "weight";
            if (name.EndsWith("LayerNorm.beta", StringComparison.Ordinal)) name = name[..^"beta".Length] + "bias";
            if (name.StartsWith("embeddings.", StringComparison.Ordinal) || name.StartsWith("encoder.", StringComparison.Ordinal)
                || name.StartsWith("pooler.", StringComparison.Ordinal)) name = prefix + name;
            if (!found.TryAdd(name, info)) throw new InputException($"{file.Path}: {found[name].Name} and {info.Name} are two names of one tensor");
        }
        return found;
    }

    private static void Copy(BertModel model, TensorFile file, TensorInfo info, NamedTensor tensor)
    {
        float[] values = new float[tensor.Length];
        file.Read(info.Name, values);
        int bad = Array.FindIndex(values, static value => !float.IsFinite(value));
        if (bad >= 0) throw new InputException($"{file.Path}: {info.Name} holds {values[bad]} at element {bad}; expected finite numbers");
        model.Ops.Write(model.Parameters.Values.Slice(tensor.Offset, tensor.Length), values);
    }

    private static void Draw(BertModel model, NamedTensor tensor, int index, ulong seed)
    {
        float[] values = new float[tensor.Length];
        if (tensor.Decay)
        {
            for (int i = 0; i < values.Length; i += 2)
            {
                // Box-Muller: two words give two independent normal numbers.
                Philox.Words words = Philox.Generate((uint)(i / 2), (uint)index, 0, InitialisationStream, (uint)seed, (uint)(seed >> 32));
                double radius = Math.Sqrt(-2 * Math.Log(1 - Philox.ToUnit(words.A))) * model.Config.InitializerRange;
                double angle = 2 * Math.PI * Philox.ToUnit(words.B);
                values[i] = (float)(radius * Math.Cos(angle));
                if (i + 1 < values.Length) values[i + 1] = (float)(radius * Math.Sin(angle));
            }
        }
        else if (IsNormScale(tensor.Name))
        {
            values.AsSpan().Fill(1f);
        }
        model.Ops.Write(model.Parameters.Values.Slice(tensor.Offset, tensor.Length), values);
    }

    private static bool IsNormScale(string name) =>
        name.EndsWith("norm.weight", StringComparison.OrdinalIgnoreCase);

    private static bool IsClassifier(string name) => name.StartsWith("classifier.", StringComparison.Ordinal);

    private static bool IsPooler(BertModel model, string name) => name.StartsWith(model.Config.BodyPrefix + "pooler.", StringComparison.Ordinal);

    // Every name, however many: the list tells which other network the checkpoint is of.
    private static void Refuse(TensorFile file, params (string What, List<string> Names)[] faults)
    {
        IEnumerable<string> found = faults.Where(static fault => fault.Names.Count > 0).Select(static fault => $"{fault.What} {string.Join(", ", fault.Names)}");
        if (found.Any()) throw new InputException($"{file.Path}: the checkpoint {string.Join("; it ", found)}");
    }

    private static string Sizes<T>(IEnumerable<T> shape) => $"({string.Join(",", shape)})";
}
