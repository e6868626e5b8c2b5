using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Weights;

namespace SmilesBert.Training;

/// <summary>
/// All that a run's result depends on, by name: options as they are, inputs by the beginning of their SHA-256. Threads are not among it.
/// It is kept in the run's folder, state/run.json, and a run is resumed only with the same.
/// </summary>
internal static class RunIdentity
{
    /// <summary>Keeps what a run is made of in its folder's state/run.json, or, where that is there, refuses a run that is made of something else.</summary>
    /// <exception cref="InputException">Something is another than it was, and all of it is named; or the file cannot be read or written.</exception>
    public static void RequireSame(string folder, IReadOnlyDictionary<string, string> identity)
    {
        string path = Path.Combine(folder, "state", "run.json");
        if (!File.Exists(path))
        {
            AtomicFile.WriteText(path, ReadableJson.Text(identity));
            return;
        }
        Dictionary<string, string> saved;
        try { saved = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? throw new JsonException("null"); }
        catch (JsonException error) { throw new InputException($"{path}: cannot be read; start again in another folder", error); }
        string[] different =
        [
            .. identity.Where(now => saved.GetValueOrDefault(now.Key) != now.Value)
                .Select(now => $"{now.Key} {saved.GetValueOrDefault(now.Key, "not given")}, now {now.Value}"),
        ];
        if (different.Length > 0)
            throw new InputException($"{folder} holds another run ({string.Join("; ", different)}): resume with the same, or give another --output");
    }

    /// <summary>Of a finetuning.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="model">The model, loaded, before the first step.</param>
    /// <param name="data">The data set.</param>
    /// <param name="molecules">The token ids of each of its rows.</param>
    /// <param name="split">Which rows train, validate and test.</param>
    public static IReadOnlyDictionary<string, string> Of(
        FinetuneOptions options, BertModel model, Dataset data, IReadOnlyList<int[]> molecules, Split split)
    {
        SplitOptions parts = options.Split;
        return new Dictionary<string, string>(OfTraining(options.Training, model, options.MaxTokens))
        {
            ["task"] = data.Task.ToString(),
            ["labels"] = string.Join('|', data.Labels),
            ["split"] = Text($"{parts.Kind} {parts.Train} {parts.Validation} {parts.Test} {options.SplitColumn}").TrimEnd(),
            ["class weights"] = options.BalancedClassWeights ? "balanced" : "none",
            ["data"] = Hash(hash => AddData(hash, data)),
            ["tokens"] = OfLists(molecules),
            ["rows of the split"] = OfLists([split.Train, split.Validation, split.Test]),
        };
    }

    /// <summary>What any training's result depends on.</summary>
    public static IReadOnlyDictionary<string, string> OfTraining(TrainingOptions training, BertModel model, int? maxTokens) =>
        new Dictionary<string, string>(OfNumbers(training, model.Ops.Precision))
        {
            ["dropout"] = Text($"{model.Config.HiddenDropout} {model.Config.AttentionDropout} {model.Config.ClassifierDropout}"),
            ["max tokens"] = Text($"{model.Config.TokenLimit(maxTokens)}"),
            ["configuration"] = Hash(hash => hash.AppendData(Encoding.UTF8.GetBytes(model.Config.Json(model.HeadKind).ToJsonString()))),
            ["initial weights"] = OfWeights(model),
        };

    /// <summary>Of a training's numbers, and of how exactly the device multiplies.</summary>
    public static IReadOnlyDictionary<string, string> OfNumbers(TrainingOptions training, Precision precision) => new Dictionary<string, string>
    {
        ["epochs"] = Text($"{training.Epochs}"),
        ["batch size"] = training.Accumulation == 1 ? Text($"{training.BatchSize}") : Text($"{training.BatchSize} x {training.Accumulation}"),
        ["learning rate"] = Text($"{training.LearningRate}"),
        ["weight decay"] = Text($"{training.WeightDecay}"),
        ["warm-up"] = Text($"{training.Warmup}"),
        ["clip"] = Text($"{training.Clip}"),
        ["shuffle"] = Text($"{training.Shuffle}"),
        ["patience"] = training.Patience is { } patience ? Text($"{patience}") : "none",
        ["seed"] = Text($"{training.Seed}"),
        ["precision"] = precision.Name(),
    };

    /// <summary>Of token ids or rows, list by list.</summary>
    public static string OfLists(IEnumerable<int[]> lists) => Hash(hash =>
    {
        foreach (int[] list in lists)
        {
            hash.AppendData(BitConverter.GetBytes(list.Length));
            hash.AppendData(MemoryMarshal.AsBytes<int>(list));
        }
    });

    /// <summary>Of texts without line breaks.</summary>
    public static string OfTexts(IEnumerable<string> texts) => Hash(hash =>
    {
        foreach (string text in texts) hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    });

    /// <summary>Of a model's weights as they stand.</summary>
    public static string OfWeights(BertModel model) => Hash(hash =>
    {
        foreach (NamedTensor tensor in model.Parameters.Tensors)
        {
            float[] values = new float[tensor.Length];
            model.Ops.Read(values, model.Parameters.Values.Slice(tensor.Offset, tensor.Length));
            hash.AppendData(MemoryMarshal.AsBytes<float>(values));
        }
    });

    private static void AddData(IncrementalHash hash, Dataset data)
    {
        foreach (string smiles in data.Smiles) hash.AppendData(Encoding.UTF8.GetBytes(smiles + "\n"));
        hash.AppendData(MemoryMarshal.AsBytes<long>(data.Rows));
        hash.AppendData(MemoryMarshal.AsBytes<int>(data.Classes));
        hash.AppendData(MemoryMarshal.AsBytes<float>(data.Targets));
    }

    private static string Hash(Action<IncrementalHash> add)
    {
        const int Shown = 16;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        add(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Shown];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
