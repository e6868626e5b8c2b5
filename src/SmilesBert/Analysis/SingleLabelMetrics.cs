namespace SmilesBert.Analysis;

/// <summary>
/// Metrics of a classifier that gives each row one class, by scikit-learn's definitions.
/// <para>Macro averages are over the classes that occur: for F1 those there or predicted, for the two areas those there.
/// ROC-AUC and PR-AUC (average precision) are of class 1 when there are two classes, one-vs-rest macro averages when there are more.
/// MCC is 0 for a constant prediction, as in scikit-learn, but undefined where only one class occurs.</para>
/// </summary>
public sealed class SingleLabelMetrics
{
    private SingleLabelMetrics(ConfusionMatrix confusion, int[] predictions, ClassScores[] perClass, Metric[] all)
    {
        Confusion = confusion;
        Predictions = predictions;
        PerClass = perClass;
        All = all;
    }

    /// <summary>accuracy, macro_f1, weighted_f1 (by support), mcc, roc_auc, pr_auc, and majority_rate: what naming the commonest class always would get.</summary>
    public IReadOnlyList<Metric> All { get; }

    /// <summary>True against predicted class.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>The most probable class of each row, the first of equals.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>Each class's own scores.</summary>
    public IReadOnlyList<ClassScores> PerClass { get; }

    /// <summary>Compares predictions with what is true.</summary>
    /// <param name="probabilities">(rows,K), as from <see cref="Probabilities.Softmax"/>.</param>
    /// <param name="targets">(rows) the true class of each row, in [0,K).</param>
    /// <param name="classes">K.</param>
    /// <exception cref="InputException">A probability is not a number.</exception>
    public static SingleLabelMetrics Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> targets, int classes)
    {
        Probabilities.Check(probabilities, targets.Length, classes);
        int[] predictions = new int[targets.Length];
        for (int row = 0; row < predictions.Length; row++)
            predictions[row] = Probabilities.IndexOfLargest(probabilities.Slice(row * classes, classes));

        ConfusionMatrix confusion = new(targets, predictions, classes);
        ClassScores[] perClass = new ClassScores[classes];
        for (int k = 0; k < classes; k++) perClass[k] = ScoresOf(k, confusion, probabilities, targets);
        return new SingleLabelMetrics(confusion, predictions, perClass, Summarise(confusion, perClass, targets.Length));
    }

    private static ClassScores ScoresOf(int k, ConfusionMatrix confusion, ReadOnlySpan<float> probabilities, ReadOnlySpan<int> targets)
    {
        float[] scores = new float[targets.Length];
        bool[] positive = new bool[targets.Length];
        for (int row = 0; row < targets.Length; row++)
        {
            scores[row] = probabilities[(row * confusion.Classes) + k];
            positive[row] = targets[row] == k;
        }
        int hits = confusion[k, k], support = confusion.Support(k), predicted = confusion.Predicted(k);
        return new ClassScores(
            Precision: Share(hits, predicted), Recall: Share(hits, support), F1: Share(2.0 * hits, support + predicted),
            Ranking.RocAuc(scores, positive), Ranking.AveragePrecision(scores, positive), support);
    }

    private static Metric[] Summarise(ConfusionMatrix confusion, ClassScores[] perClass, int rows)
    {
        const string noRows = "there are no rows";
        int hits = 0, largest = 0, occurring = 0;
        double weightedF1 = 0;
        for (int k = 0; k < perClass.Length; k++)
        {
            hits += confusion[k, k];
            largest = Math.Max(largest, perClass[k].Support);
            if (perClass[k].Support > 0) occurring++;
            weightedF1 += perClass[k].Support * (perClass[k].F1 ?? 0);
        }
        string oneClass = rows == 0 ? noRows : "only one class occurs";
        bool binary = perClass.Length == 2;
        return
        [
            Metric.Of("accuracy", Share(hits, rows), noRows),
            Metric.MeanOf("macro_f1", perClass.Select(c => c.F1), noRows),
            Metric.Of("weighted_f1", Share(weightedF1, rows), noRows),
            Metric.Of("mcc", occurring < 2 ? null : MatthewsCorrelation(confusion, hits, rows), oneClass),
            binary ? Metric.Of("roc_auc", perClass[1].RocAuc, oneClass) : Metric.MeanOf("roc_auc", perClass.Select(c => c.RocAuc), oneClass),
            binary
                ? Metric.Of("pr_auc", perClass[1].PrAuc, rows == 0 ? noRows : "class 1 does not occur")
                : Metric.MeanOf("pr_auc", perClass.Select(c => c.PrAuc), noRows),
            Metric.Of("majority_rate", Share(largest, rows), noRows),
        ];
    }

    // Gorodkin's R_K: the correlation of the one-hot targets with the one-hot predictions, whose binary case is Matthews' coefficient.
    private static double MatthewsCorrelation(ConfusionMatrix confusion, long hits, long rows)
    {
        long targetPredicted = 0, targetSquares = 0, predictedSquares = 0;
        for (int k = 0; k < confusion.Classes; k++)
        {
            long support = confusion.Support(k), predicted = confusion.Predicted(k);
            targetPredicted += support * predicted;
            targetSquares += support * support;
            predictedSquares += predicted * predicted;
        }
        double scale = (double)((rows * rows) - targetSquares) * ((rows * rows) - predictedSquares);
        return scale == 0 ? 0 : ((hits * rows) - targetPredicted) / Math.Sqrt(scale);
    }

    private static double? Share(double part, int whole) => whole == 0 ? null : part / whole;
}
