using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Analysis;

/// <summary>
/// What a linear probe minimises: the sum of the rows' losses, and half the sum of squares of the weights (intercepts are free), as scikit-learn's
/// <c>LogisticRegression(C=1)</c> has it. Parameters are W (outputs, width) and then b (outputs). The products are the ops', in float.
/// </summary>
internal sealed class ProbeObjective
{
    private readonly IOps ops;
    private readonly int rows, width, outputs;
    private readonly bool isSoftmax;
    private readonly Floats x, w, b, dw, db, logits, dLogits, loss, targets, weights;
    private readonly Ints labels;
    private readonly float[] values;

    /// <param name="ops">Holds the memory until it is disposed.</param>
    /// <param name="features">(rows, width) standardised.</param>
    /// <param name="targets">Softmax: (rows) the class, from 0; else (rows, outputs) 1 or 0, -1 where unknown.</param>
    /// <param name="width">Features a row.</param>
    /// <param name="outputs">Classes of one softmax, or labels with a sigmoid each.</param>
    /// <param name="isSoftmax">Which of the two.</param>
    public ProbeObjective(CpuOps ops, float[] features, int[] targets, int width, int outputs, bool isSoftmax)
    {
        (this.ops, this.width, this.outputs, this.isSoftmax) = (ops, width, outputs, isSoftmax);
        rows = features.Length / width;
        x = ops.AllocateFloats(features.Length);
        ops.Write(x, features);
        (w, dw) = (ops.AllocateFloats(outputs * width), ops.AllocateFloats(outputs * width));
        (b, db) = (ops.AllocateFloats(outputs), ops.AllocateFloats(outputs));
        (logits, dLogits) = (ops.AllocateFloats(rows * outputs), ops.AllocateFloats(rows * outputs));
        loss = ops.AllocateFloats(rows);
        weights = ops.AllocateFloats(targets.Length);
        ops.Write(weights, [.. targets.Select(static target => target < 0 ? 0f : 1f)]);
        if (isSoftmax)
        {
            labels = ops.AllocateInts(rows);
            ops.Write(labels, targets);
        }
        else
        {
            this.targets = ops.AllocateFloats(targets.Length);
            ops.Write(this.targets, [.. targets.Select(static target => (float)Math.Max(target, 0))]);
        }
        values = new float[(outputs * width) + outputs];
    }

    /// <summary>How many parameters there are.</summary>
    public int Parameters => values.Length;

    /// <summary>Writes the gradient.</summary>
    public void Gradient(double[] parameters, double[] gradient)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)parameters[i];
        ops.Write(w, values.AsSpan(0, w.Length));
        ops.Write(b, values.AsSpan(w.Length));
        ops.LinearForward(logits, x, w, b, rows, width, outputs);
        if (isSoftmax) ops.CrossEntropy(loss, dLogits, logits, labels, weights, rows, outputs);
        else ops.BinaryCrossEntropy(loss, dLogits, logits, targets, weights, rows, outputs);
        ops.Fill(dw, 0f);
        ops.Fill(db, 0f);
        ops.LinearBackwardParams(dw, db, dLogits, x, rows, width, outputs);
        ops.Read(values.AsSpan(0, dw.Length), dw);
        ops.Read(values.AsSpan(dw.Length), db);
        for (int i = 0; i < values.Length; i++) gradient[i] = values[i] + (i < w.Length ? parameters[i] : 0);
    }
}
