namespace SmilesBert.Analysis;

/// <summary>
/// Metrics of a classifier that answers each label yes or no, by scikit-learn's definitions. Missing labels (NaN) are left out.
/// Macro averages are over the labels for which the figure is defined; micro averages pool every labelled element.
/// </summary>
public sealed class MultiLabelMetrics
{
    /// <summary>A label is predicted when its probability is at least this.</summary>
    public const float Threshold = 0.5f;

    private MultiLabelMetrics(LabelScores[] perLabel, Metric[] all)
    {
        PerLabel = perLabel;
        All = all;
    }

    /// <summary>macro_roc_auc, micro_roc_auc, macro_pr_auc, macro_f1, micro_f1.</summary>
    public IReadOnlyList<Metric> All { get; }

    /// <summary>Each label's own scores.</summary>
    public IReadOnlyList<LabelScores> PerLabel { get; }

    /// <summary>Compares predictions with what is true.</summary>
    /// <param name="probabilities">(rows,K), as from <see cref="Probabilities.Sigmoid"/>.</param>
    /// <param name="targets">(rows,K) 1, 0, or NaN where the label is missing.</param>
    /// <param name="labels">K.</param>
    /// <exception cref="InputException">A probability is not a number.</exception>
    public static MultiLabelMetrics Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets, int labels)
    {
        int rows = targets.Length / labels;
        if (rows * labels != targets.Length) throw new ArgumentException($"{targets.Length} targets are not rows of {labels} labels");
        Probabilities.Check(probabilities, rows, labels);

        List<float> scores = new(targets.Length);
        List<bool> positive = new(targets.Length);
        LabelScores[] perLabel = new LabelScores[labels];
        Agreement pooled = default;
        for (int k = 0; k < labels; k++)
        {
            int start = scores.Count;
            Agreement agreement = default;
            for (int at = k; at < targets.Length; at += labels)
            {
                if (float.IsNaN(targets[at])) continue;
                scores.Add(probabilities[at]);
                positive.Add(targets[at] == 1f);
                agreement = agreement.With(targets[at] == 1f, probabilities[at] >= Threshold);
            }
            pooled = pooled.Plus(agreement);
            float[] own = [.. scores[start..]];
            bool[] ownPositive = [.. positive[start..]];
            perLabel[k] = new LabelScores(
                Ranking.RocAuc(own, ownPositive), Ranking.AveragePrecision(own, ownPositive), agreement.F1, agreement.Positives, own.Length);
        }

        double? pooledAuc = Ranking.RocAuc([.. scores], [.. positive]);
        return new MultiLabelMetrics(perLabel, Summarise(perLabel, pooledAuc, pooled, scores.Count));
    }

    private static Metric[] Summarise(LabelScores[] perLabel, double? pooledAuc, Agreement pooled, int labelled)
    {
        const string noLabels = "no row has a label";
        string oneSided = labelled == 0 ? noLabels : "no label has both positive and negative rows";
        string noPositive = labelled == 0 ? noLabels : "no row is positive";
        string noneAtAll = labelled == 0 ? noLabels : "no row is positive and none is predicted so";
        return
        [
            Metric.MeanOf("macro_roc_auc", perLabel.Select(l => l.RocAuc), oneSided),
            Metric.Of("micro_roc_auc", pooledAuc, labelled == 0 ? noLabels : "positive and negative labels do not both occur"),
            Metric.MeanOf("macro_pr_auc", perLabel.Select(l => l.PrAuc), noPositive),
            Metric.MeanOf("macro_f1", perLabel.Select(l => l.F1), noneAtAll),
            Metric.Of("micro_f1", pooled.F1, noneAtAll),
        ];
    }

    private readonly record struct Agreement(int Hits, int Positives, int Predicted)
    {
        public double? F1 => Positives + Predicted == 0 ? null : 2.0 * Hits / (Positives + Predicted);

        public Agreement With(bool positive, bool predicted) =>
            new(Hits + (positive && predicted ? 1 : 0), Positives + (positive ? 1 : 0), Predicted + (predicted ? 1 : 0));

        public Agreement Plus(Agreement other) => new(Hits + other.Hits, Positives + other.Positives, Predicted + other.Predicted);
    }
}
