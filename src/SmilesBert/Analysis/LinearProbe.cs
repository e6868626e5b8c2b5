using SmilesBert.Ops.Cpu;

namespace SmilesBert.Analysis;

/// <summary>
/// Logistic regression on standardised features: how well planes alone tell the classes apart. scikit-learn's <c>StandardScaler</c> and
/// <c>LogisticRegression</c> as they are by default (L2, C = 1), walked to the minimum: one softmax of three or more classes, a sigmoid for two
/// classes, and for labels a sigmoid each. A side of which training has no point is never predicted.
/// </summary>
internal sealed class LinearProbe
{
    // Of the mean loss: the square of what logits are off by, in the mean.
    private const double TolerancePerRow = 1e-10;

    private readonly double[] mean, scale, parameters;
    private readonly int[][] occurring;     // of each labelling the classes, or sides of a label, that training has
    private readonly bool isMultiLabel;

    private LinearProbe(LabelledPoints training)
    {
        (mean, scale) = Moments(training);
        isMultiLabel = training.IsMultiLabel;
        occurring = [.. training.Labellings.Select(static labelling => labelling.Where(static k => k >= 0).Distinct().Order().ToArray())];
        parameters = new double[Outputs * (training.Width + 1)];
    }

    /// <summary>Columns of <see cref="Probabilities"/>.</summary>
    public int Outputs => isMultiLabel ? occurring.Length : occurring[0].Length == 2 ? 1 : occurring[0].Length;

    private bool IsSoftmax => !isMultiLabel && occurring[0].Length > 2;

    /// <summary>Fits a probe. The result does not depend on the number of threads.</summary>
    public static LinearProbe Fit(LabelledPoints training, int threads, CancellationToken stop = default)
    {
        LinearProbe probe = new(training);
        if (!probe.isMultiLabel && probe.occurring[0].Length < 2) return probe;
        using CpuOps ops = new(threads);
        ProbeObjective objective = new(ops, probe.Standardised(training), probe.Targets(training), training.Width, probe.Outputs, probe.IsSoftmax);
        ConvexMinimum.Find(probe.parameters, objective.Gradient, objective.Divide, TolerancePerRow * training.Count, stop);
        return probe;
    }

    /// <summary>
    /// (points, Outputs): the softmax over the classes that training has; of two, the probability of the second; of labels, each one's.
    /// </summary>
    public double[] Probabilities(LabelledPoints points)
    {
        int outputs = Outputs, width = points.Width;
        double[] values = new double[points.Count * outputs];
        float[] features = Standardised(points);
        Parallel.For(0, points.Count, i =>
        {
            Span<double> row = values.AsSpan(i * outputs, outputs);
            for (int k = 0; k < outputs; k++)
            {
                double logit = parameters[(outputs * width) + k];
                for (int j = 0; j < width; j++) logit += parameters[(k * width) + j] * features[(i * width) + j];
                row[k] = IsSoftmax ? logit : 1 / (1 + Math.Exp(-logit));
            }
            if (!IsSoftmax) return;
            double largest = double.NegativeInfinity, sum = 0;
            foreach (double logit in row) largest = Math.Max(largest, logit);
            foreach (ref double value in row) sum += value = Math.Exp(value - largest);
            foreach (ref double value in row) value /= sum;
        });
        return values;
    }

    /// <summary>For each labelling, the class (or side) that the probe gives each point.</summary>
    public int[][] Predict(LabelledPoints points)
    {
        double[] probabilities = Probabilities(points);
        int outputs = Outputs;
        if (!isMultiLabel) return [[.. Enumerable.Range(0, points.Count).Select(i => Class(probabilities.AsSpan(i * outputs, outputs)))]];
        return [.. occurring.Select((of, k) => Enumerable.Range(0, points.Count).Select(i => Side(of, probabilities[(i * outputs) + k])).ToArray())];

        int Class(ReadOnlySpan<double> row)
        {
            if (!IsSoftmax) return Side(occurring[0], row.IsEmpty ? 0 : row[0]);
            int best = 0;
            for (int k = 1; k < row.Length; k++)
                if (row[k] > row[best]) best = k;
            return occurring[0][best];
        }

        static int Side(int[] of, double probability) => of.Length == 0 ? -1 : of.Length == 1 || probability <= 0.5 ? of[0] : of[1];
    }

    private int[] Targets(LabelledPoints training)
    {
        if (!isMultiLabel) return [.. training.Labellings[0].Select(k => Array.IndexOf(occurring[0], k))];
        int labels = occurring.Length;
        int[] targets = new int[training.Count * labels];
        for (int i = 0; i < training.Count; i++)
            for (int k = 0; k < labels; k++)
                targets[(i * labels) + k] = occurring[k].Length < 2 ? -1 : training.Labellings[k][i];
        return targets;
    }

    private float[] Standardised(LabelledPoints points)
    {
        float[] features = new float[points.Rows.Length];
        for (int at = 0; at < features.Length; at++)
        {
            int j = at % points.Width;
            features[at] = (float)((points.Rows[at] - mean[j]) / scale[j]);
        }
        return features;
    }

    // The variance is divided by the rows; a constant column is left as wide as it is.
    private static (double[] Mean, double[] Scale) Moments(LabelledPoints points)
    {
        int width = points.Width;
        double[] mean = new double[width], scale = new double[width];
        for (int at = 0; at < points.Rows.Length; at++) mean[at % width] += points.Rows[at];
        for (int j = 0; j < width; j++) mean[j] /= points.Count;
        for (int at = 0; at < points.Rows.Length; at++)
        {
            double off = points.Rows[at] - mean[at % width];
            scale[at % width] += off * off;
        }
        for (int j = 0; j < width; j++) scale[j] = scale[j] > 0 ? Math.Sqrt(scale[j] / points.Count) : 1;
        return (mean, scale);
    }
}
