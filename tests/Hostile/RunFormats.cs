using System.Text;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Training;

namespace SmilesBert.Tests.Hostile;

/// <summary>A model folder's config.json, and what a training leaves in its folder to be resumed from.</summary>
internal sealed class RunFormats : IDisposable
{
    private static readonly Dictionary<string, string> Identity = new() { ["seed"] = "42", ["data"] = "abc" };

    private static readonly Mutation[] Json = [.. ByteMutations.AnyText, .. Enumerable.Repeat<Mutation>(JsonTree.Mutate, 12)];

    private readonly CpuOps ops = new(1);
    private readonly string root;
    private readonly BertModel model;
    private readonly AdamWOptimizer optimizer;
    private readonly byte[] state, identity, history;

    /// <param name="root">The run's folder, made here.</param>
    public RunFormats(string root)
    {
        this.root = root;
        string golden = Files.Golden("Model", "bert-odd-sizes");
        model = new BertModel(ModelConfig.Load(golden), HeadKind.Molecule, ops, training: true);
        ModelWeights.Initialise(model, seed: 1);
        optimizer = new AdamWOptimizer(model, new TrainingOptions());
        using (RunFolder folder = RunFolder.Open(root, Identity, resume: false))
        {
            for (int step = 1; step <= 3; step++) folder.Append(new StepRecord(step, 1, 0.5f, 1f, 1e-3f));
            folder.SaveState(model, optimizer, new TrainingProgress { Step = 3, StepInEpoch = 3, EpochLoss = 1.5, EpochWeight = 24, HistoryBytes = folder.HistoryBytes });
        }
        state = File.ReadAllBytes(Path.Combine(root, "state", "training.safetensors"));
        identity = File.ReadAllBytes(Path.Combine(root, "state", "run.json"));
        history = File.ReadAllBytes(Path.Combine(root, "history.jsonl"));
    }

    public HostileFormat State => new(
        "state/training.safetensors", Path.Combine("state", "training.safetensors"), [state],
        [
            .. ByteMutations.Any, .. Enumerable.Repeat(SafetensorsMutations.Header(JsonTree.Mutate), 3),
            .. Enumerable.Repeat(SafetensorsMutations.Header(Progress), 12),
        ],
        path => Resume())
    { Named = root, MostlyRefused = false };

    public HostileFormat RunIdentity => new(
        "state/run.json", Path.Combine("state", "run.json"), [identity], Json, path =>
        {
            File.WriteAllBytes(Path.Combine(root, "state", "training.safetensors"), state);
            Resume();
        })
    { Named = root };

    public HostileFormat History => new("history.jsonl", "history.jsonl", [history], Json, path =>
    {
        File.WriteAllBytes(Path.Combine(root, "state", "training.safetensors"), state);
        File.WriteAllBytes(Path.Combine(root, "state", "run.json"), identity);
        Resume(keepHistory: true);
    })
    { Named = root };

    /// <summary>A config.json beside the weights and the vocabulary of a tiny model.</summary>
    public static HostileFormat Config(string folder)
    {
        string golden = Files.Golden("Model", "bert-single-label");
        File.Copy(Path.Combine(golden, "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nC\nN\nO\n");
        return new(
            "config.json", "config.json",
            [.. new[] { "bert-single-label", "bert-multi-label", "bert-regression", "albert-mlm", "roberta-mlm" }.Select(static name => File.ReadAllBytes(Files.Golden("Model", name, "config.json")))],
            Json, path => ReadConfig(folder, path))
        {
            Named = folder,
            FreeMemory = 24 << 20,                                // a million numbers more than the checkpoint has are left to be told one by one
        };
    }

    public void Dispose() => ops.Dispose();

    private static void ReadConfig(string folder, string path)
    {
        ModelConfig config = ModelConfig.LoadFile(path);
        Assert.True(config.MaxTokens >= 3 && config.HeadSize >= 1 && config.Labels.All(static label => label is not null), "sizes that cannot be");
        Assert.True(config.Scaling is null || config.Scaling.Mean.Concat(config.Scaling.Deviation).All(double.IsFinite), "a scaling that is not finite");
        using CpuOps ops = new(1);
        foreach (HeadKind head in new[] { HeadKind.None, HeadKind.Molecule })
        {
            ModelFolder opened = ModelFolder.Open(folder, head, ops);
            Assert.Equal(config.VocabularySize, opened.Model.Config.VocabularySize);
        }
    }

    // The text of the progress is JSON within the JSON of the header.
    private static byte[] Progress(byte[] header, Random random)
    {
        string text = Encoding.UTF8.GetString(header);
        const string Before = "\"progress\":\"";
        int start = text.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        int end = start < Before.Length ? 0 : text.IndexOf("}\"", start, StringComparison.Ordinal) + 1;
        if (end <= start) return header;
        byte[] progress = Encoding.UTF8.GetBytes(text[start..end].Replace("\\\"", "\"", StringComparison.Ordinal));
        string changed = Encoding.UTF8.GetString(random.Next(3) == 0 ? ByteMutations.AnyText[random.Next(ByteMutations.AnyText.Length)](progress, random) : JsonTree.Mutate(progress, random));
        return Encoding.UTF8.GetBytes(text[..start] + changed.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + text[end..]);
    }

    private void Resume(bool keepHistory = false)
    {
        if (!keepHistory) File.WriteAllBytes(Path.Combine(root, "history.jsonl"), history);
        using RunFolder folder = RunFolder.Open(root, Identity, resume: true);
        TrainingProgress progress = folder.LoadState(model, optimizer);
        Assert.True(progress is { Epoch: >= 0, StepInEpoch: >= 0, Step: >= 0, BestEpoch: >= 0, EpochWeight: >= 0, Molecules: >= 0, Tokens: >= 0 }, "counts below 0");
        Assert.True(double.IsFinite(progress.EpochLoss) && double.IsFinite(progress.Seconds) && double.IsFinite(progress.BestScore), "sums that are not finite");
        Assert.Equal(progress.HistoryBytes, folder.HistoryBytes);
        RunCurves.Draw(folder, stepsPerEpoch: 3, "accuracy", "accuracy", bestEpoch: null);
    }
}
