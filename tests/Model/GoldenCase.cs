using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Model;

/// <summary>One folder of tests/Golden/Model: a tiny checkpoint and what PyTorch computes with it. Disposes the device that it is given.</summary>
internal sealed class GoldenCase : IDisposable
{
    private readonly SafetensorsFile reference;
    private readonly Floats losses, weights, floatTargets;
    private readonly Ints labels;
    private readonly Batch batch;

    public GoldenCase(string name, IOps ops, Func<ModelConfig, ModelConfig>? change = null)
    {
        string folder = Files.Golden("Model", name);
        reference = SafetensorsFile.Open(Path.Combine(folder, "reference.safetensors"));
        Json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")))!.AsObject();
        ModelConfig config = ModelConfig.Load(folder);
        if (change is not null) config = change(config);
        HeadKind head = config.Labels.Count > 0 ? HeadKind.Molecule : HeadKind.MaskedToken;
        Model = new BertModel(config, head, ops, training: true);
        using (TensorFile checkpoint = Checkpoint.Open(folder)) Loaded = ModelWeights.Load(Model, checkpoint, keepHead: true, seed: 1);

        const int Tokens = 512, Molecules = 32;
        Model.Allocate(Tokens, Molecules, masked: Tokens);
        batch = new Batch(ops, Tokens, Molecules, config.FirstPosition);
        int outputs = Model.Head!.Outputs;
        losses = ops.AllocateFloats(Tokens);
        weights = ops.AllocateFloats(Tokens * outputs);
        floatTargets = ops.AllocateFloats(Tokens * outputs);
        labels = ops.AllocateInts(Tokens);
    }

    public BertModel Model { get; }

    public LoadReport Loaded { get; }

    public JsonObject Json { get; }

    public Batch Batch => batch;

    private IOps Ops => Model.Ops;

    private bool IsMaskedToken => Model.HeadKind == HeadKind.MaskedToken;

    public bool Has(string name) => reference.Tensors.ContainsKey(name);

    public float[] Reference(string name)
    {
        float[] values = new float[reference.Tensors[name].Elements];
        reference.Read(name, values);
        return values;
    }

    public float[] Read(Floats x, int count)
    {
        float[] values = new float[count];
        Ops.Read(values, x);
        return values;
    }

    /// <summary>Forward, loss and backward of the molecules stored under a prefix ("" or "train.K."); returns the loss.</summary>
    public float Step(string prefix, Pass pass)
    {
        int[] ids = [.. Reference(prefix + "ids").Select(static id => (int)id)];
        int[] lengths = [.. Reference(prefix + "lengths").Select(static length => (int)length)];
        List<int[]> molecules = [];
        for (int b = 0, start = 0; b < lengths.Length; start += lengths[b++]) molecules.Add(ids[start..(start + lengths[b])]);
        batch.Pack(molecules.ToArray());

        Ops.Fill(Model.Parameters.Gradients, 0f);
        if (Model.Head is MaskedTokenHead masked) masked.Select([.. Enumerable.Range(0, ids.Length)]);
        Model.Forward(batch, pass);
        int rows = Loss(prefix);
        Model.Backward(batch, pass);
        return Read(losses, rows).Sum();
    }

    /// <summary>The logits of the last step.</summary>
    public float[] Logits() => Read(Model.Head!.Logits, (IsMaskedToken ? batch.Tokens : batch.Molecules) * Model.Head.Outputs);

    public void Dispose()
    {
        reference.Dispose();
        Ops.Dispose();
    }

    private int Loss(string prefix)
    {
        Head head = Model.Head!;
        int k = head.Outputs;
        if (Model.Config.Task == TaskKind.Regression)
        {
            float[] targets = Reference(prefix + "targets");
            Ops.Write(floatTargets, targets);
            Ops.Write(weights, [.. targets.Select(_ => 1f / targets.Length)]);
            Ops.SquaredError(losses, head.LogitsGradient, head.Logits, floatTargets, weights, targets.Length / k, k);
            return targets.Length / k;
        }
        float[] stored = Reference(prefix + "labels");
        if (Model.Config.Task == TaskKind.MultiLabel)
        {
            int known = stored.Count(static label => !float.IsNaN(label));
            Ops.Write(floatTargets, stored);
            Ops.Write(weights, [.. stored.Select(label => float.IsNaN(label) ? 0f : 1f / known)]);
            Ops.BinaryCrossEntropy(losses, head.LogitsGradient, head.Logits, floatTargets, weights, stored.Length / k, k);
            return stored.Length / k;
        }
        float[]? classWeights = Has("class_weights") ? Reference("class_weights") : null;
        float[] rowWeights = [.. stored.Select(label => label < 0 ? 0f : classWeights?[(int)label] ?? 1f)];
        float total = rowWeights.Sum();
        Ops.Write(labels, [.. stored.Select(static label => (int)label)]);
        Ops.Write(weights, [.. rowWeights.Select(weight => weight / total)]);
        Ops.CrossEntropy(losses, head.LogitsGradient, head.Logits, labels, weights, stored.Length, k);
        return stored.Length;
    }
}
