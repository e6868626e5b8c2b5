using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>Binary cross-entropy of each label, over those that are known.</summary>
internal sealed class MultiLabelObjective(BertModel model, Dataset data, int batchSize) : Objective(model, batchSize, model.Head!.Outputs)
{
    private readonly float[] targets = new float[batchSize * model.Head!.Outputs];
    private readonly Floats deviceTargets = model.Ops.AllocateFloats(batchSize * model.Head!.Outputs);

    protected override double Weight(int row, int term) => float.IsNaN(Target(row, term)) ? 0 : 1;

    protected override double Term(int row, int term, ReadOnlySpan<float> logits)
    {
        double x = logits[term];
        return Math.Max(x, 0) - (x * Target(row, term)) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
    }

    protected override void Launch(IOps ops, Floats losses, Floats weights, ReadOnlySpan<int> rows)
    {
        int k = Head.Outputs;
        for (int r = 0; r < rows.Length; r++) data.Targets.AsSpan(rows[r] * k, k).CopyTo(targets.AsSpan(r * k));
        ops.Write(deviceTargets, targets.AsSpan(0, rows.Length * k));
        ops.BinaryCrossEntropy(losses, Head.LogitsGradient, Head.Logits, deviceTargets, weights, rows.Length, k);
    }

    private float Target(int row, int k) => data.Targets[(row * Head.Outputs) + k];
}
