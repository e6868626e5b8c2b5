using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SmilesBert.Ops.Cpu;
using SmilesBert.Pretraining;
using SmilesBert.Tests.Model;
using SmilesBert.Tests.Training;
using SmilesBert.Training;

namespace SmilesBert.Tests.Pretraining;

/// <summary>A folder with small corpora and the pretrainings made of them; gone when the test ends.</summary>
internal sealed class PretrainWorkshop : IDisposable
{
    public const int Steps = 12;

    /// <summary>Molecules with rings, charges, stereo and salts, as people write them.</summary>
    public static readonly IReadOnlyList<string> Real =
    [
        "CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O", "C[N+](C)(C)CCO.[Cl-]",
        "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", "C/C=C/CO", "COc1cc(C=O)ccc1O", "CC1=CCC(CC1)C(C)=C", "NCC(=O)O", "CCCCCC(=O)OCC",
    ];

    public string Root { get; } = Directory.CreateTempSubdirectory("smilesbert-pretrain-").FullName;

    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Writes a list of SMILES.</summary>
    public string List(string name, IEnumerable<string> smiles)
    {
        File.WriteAllLines(At(name), smiles);
        return At(name);
    }

    /// <summary>The configuration of a tiny network; <paramref name="change"/> may edit it.</summary>
    public string Config(Action<JsonObject>? change = null)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(Files.Golden("Model", "bert-mlm", "config.json")))!.AsObject();
        change?.Invoke(config);
        string path = At(Path.GetRandomFileName() + ".json");
        File.WriteAllText(path, config.ToJsonString());
        return path;
    }

    /// <summary>A run of 12 steps: 32 of 36 molecules in batches of 8, three epochs.</summary>
    public PretrainOptions Options(string output, Action<JsonObject>? change = null) => new()
    {
        Data = [List("chains.smi", Enumerable.Range(0, 40).Select(RunWorkshop.Chain).Distinct())],
        Output = At(output),
        Start = new PretrainStart.Config(Config(change), Vocabulary: null),
        HeldOut = 0.1,
        Training = new TrainingOptions { Epochs = 3, BatchSize = 8, LearningRate = 1e-3f, Warmup = 0.1 },
    };

    /// <summary>Runs to the end, or to where the log stops it.</summary>
    public static RecordingLog Run(PretrainOptions options, int threads = 1, RecordingLog? log = null)
    {
        log ??= new RecordingLog();
        using CpuOps ops = new(threads);
        new PretrainRun(options, ops, log).Run(log.Stop.Token);
        return log;
    }

    /// <summary>Runs until a step of it is done, stops as a signal would, and has it saved.</summary>
    public static void RunUntil(PretrainOptions options, int step)
    {
        RecordingLog log = new() { OnStep = (log, record) => { if (record.Step == step) log.Stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Run(options, log: log));
    }

    public static string Refusal(PretrainOptions options) => Assert.Throws<InputException>(() => Run(options)).Message;

    public static JsonObject Metrics(PretrainOptions options) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(options.Output, "metrics.json")))!.AsObject();

    /// <summary>What two equal runs must share, by file: everything but rates, and what names the device.</summary>
    public static Dictionary<string, string> Results(PretrainOptions options)
    {
        string[] names = ["model.safetensors", "config.json", "history.jsonl", "curves.svg", "tokenizer.json", "vocab.txt", "held-out.smi"];
        Dictionary<string, string> results = names.ToDictionary(
            static name => name, name => Convert.ToHexString(File.ReadAllBytes(Path.Combine(options.Output, name))));
        results.Add("metrics.json", string.Join('\n', Metrics(options)
            .Where(static figure => figure.Key != "device" && !figure.Key.EndsWith("_per_second", StringComparison.Ordinal))));
        IEnumerable<float> state = CheckpointEdit.Read(Path.Combine(options.Output, "state", "training.safetensors"))
            .OrderBy(static tensor => tensor.Key, StringComparer.Ordinal).SelectMany(static tensor => tensor.Value.Values);
        results.Add("state", Convert.ToHexString(MemoryMarshal.AsBytes<float>(state.ToArray())));
        return results;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
