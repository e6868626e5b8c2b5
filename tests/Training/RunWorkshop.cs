using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Model;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>A folder with a tiny model, small tables and the runs made of them; gone when the test ends.</summary>
internal sealed class RunWorkshop : IDisposable
{
    // As many entries as the tiny models have rows.
    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "C", "N", "O", "S", "P", "F", "Cl", "Br", "I", "B", "c", "n", "o", "s", "p", "b",
        "(", ")", "=", "#", "-", "+", "\\", "/", ".", "1", "2", "3", "4", "5", "6", "[nH]", "[O-]", "[N+]", "[C@H]", "[C@@H]",
    ];

    public string Root { get; } = Directory.CreateTempSubdirectory("smilesbert-run-").FullName;

    /// <summary>A copy of a golden folder with a vocabulary; <paramref name="change"/> may edit its config.json.</summary>
    public string Model(string golden, Action<JsonObject>? change = null)
    {
        string folder = Path.Combine(Root, Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        File.Copy(Files.Golden("Model", golden, "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        JsonObject config = JsonNode.Parse(File.ReadAllText(Files.Golden("Model", golden, "config.json")))!.AsObject();
        change?.Invoke(config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Vocabulary);
        return folder;
    }

    /// <summary>Writes a table.</summary>
    public string Table(string header, IEnumerable<string> lines)
    {
        string path = Path.Combine(Root, Path.GetRandomFileName() + ".csv");
        File.WriteAllText(path, string.Join('\n', [header, .. lines]) + "\n");
        return path;
    }

    /// <summary>Molecules of the classes halogen, nitrogen and plain, which their atoms tell.</summary>
    public string Classes(int rows = 40) => Table(
        "smiles,y", Enumerable.Range(0, rows).Select(static i => (i % 3) switch
        {
            0 => $"{Chain(i)}Cl,halogen",
            1 => $"{Chain(i)}N,nitrogen",
            _ => $"{Chain(i)}C,plain",
        }));

    /// <summary>Molecule <paramref name="i"/> of a series in which no two are alike: 5 to 20 atoms.</summary>
    public static string Chain(int i) =>
        "C" + new string([.. Convert.ToString(i + 1, 2).Select(static bit => bit == '1' ? 'O' : 'C')]) + new string('C', 3 + (i * 7 % 10));

    /// <summary>A run of 12 steps: 32 of 40 rows in batches of 8, three epochs.</summary>
    public FinetuneOptions Options(string model, string data, string output, params string[] targets) => new()
    {
        Model = model,
        Data = data,
        Output = Path.Combine(Root, output),
        Read = new ReadOptions(),
        Targets = new TargetOptions { Columns = targets.Length > 0 ? targets : ["y"] },
        Split = new SplitOptions(),
        Training = new TrainingOptions { Epochs = 3, BatchSize = 8, LearningRate = 1e-3f },
    };

    /// <summary>Runs to the end, or to where the log stops it.</summary>
    public static RecordingLog Run(FinetuneOptions options, int threads = 1, RecordingLog? log = null)
    {
        log ??= new RecordingLog();
        using CpuOps ops = new(threads);
        new Finetuning(options, ops, log).Run(log.Stop.Token);
        return log;
    }

    /// <summary>Runs until a step of it is done, stops as a signal would, and has it saved.</summary>
    public static void RunUntil(FinetuneOptions options, int step)
    {
        RecordingLog log = new() { OnStep = (log, record) => { if (record.Step == step) log.Stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Run(options, log: log));
    }

    public static JsonObject Metrics(FinetuneOptions options) => Json(Path.Combine(options.Output, "metrics.json"));

    public static JsonObject Config(string folder) => Json(Path.Combine(folder, "config.json"));

    /// <summary>The rows of a run's predictions.csv, by column.</summary>
    public static List<Dictionary<string, string>> Predictions(FinetuneOptions options)
    {
        string[] lines = File.ReadAllLines(Path.Combine(options.Output, "predictions.csv"));
        string[] names = lines[0].Split(',');
        return [.. lines[1..].Select(line => names.Zip(line.Split(',')).ToDictionary(static pair => pair.First, static pair => pair.Second))];
    }

    public static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>
    /// What two equal runs must share, by file: everything but the two rates; with other threads also but the device's name. The state is there too
    /// (all of it but the seconds): the model is the best epoch's, and says nothing of the steps after it.
    /// </summary>
    public static Dictionary<string, string> Results(FinetuneOptions options, bool withDevice = true)
    {
        string[] names =
        [
            "model.safetensors", "config.json", "history.jsonl", "predictions.csv", "metrics.json", "split.csv", "curves.svg", "tokenizer.json", "vocab.txt",
        ];
        Dictionary<string, string> results = names.ToDictionary(static name => name, name =>
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(options.Output, name));
            if (name != "metrics.json") return Convert.ToHexString(bytes);
            string[] left = withDevice ? ["_per_second\""] : ["_per_second\"", "\"device\""];
            string[] lines = File.ReadAllLines(Path.Combine(options.Output, name));
            return string.Join('\n', lines.Where(line => !left.Any(key => line.Contains(key, StringComparison.Ordinal))));
        });
        IEnumerable<float> state = CheckpointEdit.Read(Path.Combine(options.Output, "state", "training.safetensors"))
            .OrderBy(static tensor => tensor.Key, StringComparer.Ordinal).SelectMany(static tensor => tensor.Value.Values);
        results.Add("state", Convert.ToHexString(MemoryMarshal.AsBytes<float>(state.ToArray())));
        return results;
    }

    /// <summary>Every file of a folder with its bytes.</summary>
    public static Dictionary<string, string> Snapshot(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(static path => path, static path => Convert.ToHexString(File.ReadAllBytes(path)));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static JsonObject Json(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();
}
