using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>Mean squared error of standardised targets, over those that are known.</summary>
internal sealed class RegressionObjective(BertModel model, Dataset data, int batchSize) : Objective(model, batchSize, model.Head!.Outputs)
{
    private readonly TargetScaling scaling = model.Config.Scaling!;
    private readonly float[] targets = new float[batchSize * model.Head!.Outputs];
    private readonly Floats deviceTargets = model.Ops.AllocateFloats(batchSize * model.Head!.Outputs);

    protected override double Weight(int row, int term) => float.IsNaN(Target(row, term)) ? 0 : 1;

    protected override double Term(int row, int term, ReadOnlySpan<float> logits)
    {
        double error = logits[term] - scaling.Standardise(term, Target(row, term));
        return error * error;
    }

    protected override void Launch(IOps ops, Floats losses, Floats weights, ReadOnlySpan<int> rows)
    {
        int k = Head.Outputs;
        for (int r = 0; r < rows.Length; r++)
            for (int t = 0; t < k; t++) targets[(r * k) + t] = scaling.Standardise(t, Target(rows[r], t));
        ops.Write(deviceTargets, targets.AsSpan(0, rows.Length * k));
        ops.SquaredError(losses, Head.LogitsGradient, Head.Logits, deviceTargets, weights, rows.Length, k);
    }

    private float Target(int row, int k) => data.Targets[(row * Head.Outputs) + k];
}
