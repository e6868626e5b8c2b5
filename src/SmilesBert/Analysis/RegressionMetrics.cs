namespace SmilesBert.Analysis;

/// <summary>
/// Metrics of predicted values, by scikit-learn's definitions, in the targets' own units. Missing targets (NaN) are left out.
/// Of several targets, each figure is the mean over those for which it is defined. R2 is undefined where the target does not vary
/// (scikit-learn answers 0 or 1 there).
/// </summary>
public sealed class RegressionMetrics
{
    private RegressionMetrics(TargetScores[] perTarget)
    {
        PerTarget = perTarget;
        const string noTargets = "no row has a target";
        All =
        [
            Metric.MeanOf("rmse", perTarget.Select(t => t.Rmse), noTargets),
            Metric.MeanOf("mae", perTarget.Select(t => t.Mae), noTargets),
            Metric.MeanOf("r2", perTarget.Select(t => t.R2), perTarget.All(t => t.Labelled == 0) ? noTargets : "the target does not vary"),
        ];
    }

    /// <summary>rmse, mae, r2.</summary>
    public IReadOnlyList<Metric> All { get; }

    /// <summary>Each target's own scores.</summary>
    public IReadOnlyList<TargetScores> PerTarget { get; }

    /// <summary>Compares predictions with what is true.</summary>
    /// <param name="predictions">(rows,K) in the targets' units (standardisation undone).</param>
    /// <param name="targets">(rows,K) NaN where missing.</param>
    /// <param name="columns">K, the number of targets.</param>
    /// <exception cref="InputException">A prediction is not a number.</exception>
    public static RegressionMetrics Compute(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, int columns)
    {
        int rows = targets.Length / columns;
        if (rows * columns != targets.Length) throw new ArgumentException($"{targets.Length} targets are not rows of {columns}");
        Probabilities.Check(predictions, rows, columns);
        TargetScores[] perTarget = new TargetScores[columns];
        for (int k = 0; k < columns; k++) perTarget[k] = ScoresOf(k, predictions, targets, columns);
        return new RegressionMetrics(perTarget);
    }

    private static TargetScores ScoresOf(int k, ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, int columns)
    {
        int count = 0;
        double sum = 0, absolute = 0, squared = 0;
        float least = float.PositiveInfinity, greatest = float.NegativeInfinity;
        for (int at = k; at < targets.Length; at += columns)
        {
            if (float.IsNaN(targets[at])) continue;
            double error = (double)predictions[at] - targets[at];
            count++;
            sum += targets[at];
            absolute += Math.Abs(error);
            squared += error * error;
            least = Math.Min(least, targets[at]);
            greatest = Math.Max(greatest, targets[at]);
        }
        if (count == 0) return new TargetScores(null, null, null, 0);

        double mean = sum / count, deviation = 0;
        for (int at = k; at < targets.Length; at += columns)
            if (!float.IsNaN(targets[at])) deviation += (targets[at] - mean) * (targets[at] - mean);

        // Whether the target varies is asked of the values themselves: the mean's rounding would let a constant pass.
        double? r2 = least == greatest ? null : 1 - (squared / deviation);
        return new TargetScores(Math.Sqrt(squared / count), absolute / count, r2, count);
    }
}
