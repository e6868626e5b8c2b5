using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>Softmax cross-entropy of one class per molecule.</summary>
internal sealed class SingleLabelObjective(BertModel model, Dataset data, int batchSize, float[]? classWeights)
    : Objective(model, batchSize, weightsPerRow: 1)
{
    private readonly int[] labels = new int[batchSize];
    private readonly Ints deviceLabels = model.Ops.AllocateInts(batchSize);

    protected override double Weight(int row, int term) => classWeights is null ? 1 : classWeights[data.Classes[row]];

    protected override double Term(int row, int term, ReadOnlySpan<float> logits)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits) largest = Math.Max(largest, logit);
        foreach (float logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum) - logits[data.Classes[row]];
    }

    protected override void Launch(IOps ops, Floats losses, Floats weights, ReadOnlySpan<int> rows)
    {
        for (int r = 0; r < rows.Length; r++) labels[r] = data.Classes[rows[r]];
        ops.Write(deviceLabels, labels.AsSpan(0, rows.Length));
        ops.CrossEntropy(losses, Head.LogitsGradient, Head.Logits, deviceLabels, weights, rows.Length, Head.Outputs);
    }
}
