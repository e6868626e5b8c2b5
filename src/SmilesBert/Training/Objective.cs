using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>
/// What training minimises: a loss of the head's logits against a data set's targets, as a weighted mean over what a batch has labels for.
/// The weights go to the device with the targets, so the loss is a plain sum there.
/// </summary>
public abstract class Objective
{
    private readonly IOps ops;
    private readonly Floats losses, weights;
    private readonly float[] rowWeights;

    /// <param name="model">The model with the head that the loss is of.</param>
    /// <param name="batchSize">The most rows in a batch.</param>
    /// <param name="weightsPerRow">1, or one for each of the head's outputs.</param>
    protected Objective(BertModel model, int batchSize, int weightsPerRow)
    {
        Head = model.Head!;
        ops = model.Ops;
        losses = ops.AllocateFloats(batchSize);
        weights = ops.AllocateFloats(batchSize * weightsPerRow);
        rowWeights = new float[batchSize * weightsPerRow];
        WeightsPerRow = weightsPerRow;
    }

    protected Head Head { get; }

    protected int WeightsPerRow { get; }

    /// <summary>What the terms of some rows count together: what their mean divides by.</summary>
    public double TotalWeight(ReadOnlySpan<int> rows)
    {
        double total = 0;
        foreach (int row in rows)
            for (int w = 0; w < WeightsPerRow; w++) total += (float)Weight(row, w);
        return total;
    }

    /// <summary>
    /// A batch's part of the loss of a step, row by row and still on the device, whose logits the forward pass has written; writes the logits' gradient.
    /// </summary>
    /// <param name="rows">The rows of the data set that the batch holds, in its order.</param>
    /// <param name="total">The <see cref="TotalWeight"/> of all rows of the step.</param>
    public Floats Loss(ReadOnlySpan<int> rows, double total)
    {
        Span<float> batchWeights = rowWeights.AsSpan(0, rows.Length * WeightsPerRow);
        for (int r = 0; r < rows.Length; r++)
            for (int w = 0; w < WeightsPerRow; w++)
                batchWeights[(r * WeightsPerRow) + w] = total > 0 ? (float)((float)Weight(rows[r], w) / total) : 0;
        ops.Write(weights, batchWeights);
        Launch(ops, losses, weights, rows);
        return losses.Slice(0, rows.Length);
    }

    /// <summary>The same loss of many rows, on the host: the weighted mean over all of them; null when none has a label.</summary>
    /// <param name="rows">Rows of the data set.</param>
    /// <param name="logits">(rows, K) as the head gave them.</param>
    public double? Loss(IReadOnlyList<int> rows, ReadOnlySpan<float> logits)
    {
        double sum = 0, total = 0;
        for (int r = 0; r < rows.Count; r++)
        {
            for (int w = 0; w < WeightsPerRow; w++)
            {
                double weight = Weight(rows[r], w);
                if (weight == 0) continue;
                sum += weight * Term(rows[r], w, logits.Slice(r * Head.Outputs, Head.Outputs));
                total += weight;
            }
        }
        return total > 0 ? sum / total : null;
    }

    /// <summary>What a row's term counts; 0 without a label.</summary>
    protected abstract double Weight(int row, int term);

    /// <summary>One term of the loss, in double.</summary>
    protected abstract double Term(int row, int term, ReadOnlySpan<float> logits);

    /// <summary>Sends the targets and starts the operation.</summary>
    protected abstract void Launch(IOps ops, Floats losses, Floats weights, ReadOnlySpan<int> rows);

    /// <summary>The objective of a data set's task.</summary>
    /// <param name="model">A model whose head has an output for each of the data's labels.</param>
    /// <param name="data">The data set.</param>
    /// <param name="batchSize">The most rows in a batch.</param>
    /// <param name="classWeights">A weight for each class of a single-label task; null weighs all alike.</param>
    public static Objective Of(BertModel model, Dataset data, int batchSize, float[]? classWeights) => data.Task switch
    {
        TaskKind.SingleLabel => new SingleLabelObjective(model, data, batchSize, classWeights),
        TaskKind.MultiLabel => new MultiLabelObjective(model, data, batchSize),
        _ => new RegressionObjective(model, data, batchSize),
    };
}
