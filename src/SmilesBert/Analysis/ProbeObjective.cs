using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Analysis;

/// <summary>
/// What a linear probe minimises: the sum of the rows' losses, and half the sum of squares of the weights (intercepts are free), as scikit-learn's
/// <c>LogisticRegression(C=1)</c> has it. Parameters are W (outputs, width) and then b (outputs). The products are the ops', in float.
/// </summary>
internal sealed class ProbeObjective
{
    // A loss's second derivative by a logit is at most 1/4, and small where the probe is sure.
    private const double TypicalCurvature = 0.1;

    // Of the trace: more than the rounding of float sums, so that the matrix stays positive definite.
    private const double FloatRounding = 1e-7;

    private readonly IOps ops;
    private readonly int rows, width, outputs;
    private readonly bool isSoftmax;
    private readonly Floats x, w, b, dw, db, logits, dLogits, loss, targets, weights;
    private readonly Ints labels;
    private readonly float[] values;
    private readonly Cholesky<double> curvature;

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
        curvature = Curvature();
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

    /// <summary>Divides a gradient by roughly the second derivatives: for each output the features' products with one another, and the penalty's 1.</summary>
    public void Divide(double[] gradient)
    {
        Matrix<double> weightsOnly = Matrix<double>.Build.Dense(width, outputs, gradient[..(outputs * width)]);     // columns are rows of W
        curvature.Solve(weightsOnly).ToColumnMajorArray().CopyTo(gradient, 0);
        for (int k = 0; k < outputs; k++) gradient[(outputs * width) + k] /= TypicalCurvature * rows;
    }

    private Cholesky<double> Curvature()
    {
        Floats product = ops.AllocateFloats(width * width);
        ops.LinearBackwardParams(product, default, x, x, rows, width, width);
        float[] read = new float[width * width];
        ops.Read(read, product);
        Matrix<double> matrix = Matrix<double>.Build.Dense(width, width, [.. read.Select(static value => value * TypicalCurvature)]);
        double penalty = 1 + (FloatRounding * matrix.Trace());
        for (int j = 0; j < width; j++) matrix[j, j] += penalty;
        return matrix.Cholesky();
    }
}
