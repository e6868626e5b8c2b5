namespace SmilesBert.Analysis;

/// <summary>
/// How well scores rank positives above negatives, as scikit-learn defines it (<c>roc_auc_score</c>, <c>average_precision_score</c>):
/// rows of equal score are one step of the curve, so their order never matters.
/// </summary>
internal static class Ranking
{
    /// <summary>
    /// The area under the ROC curve: the share of (positive, negative) pairs in which the positive scores higher, a tie counting half.
    /// Null without both a positive and a negative. Reorders both arguments.
    /// </summary>
    public static double? RocAuc(float[] scores, bool[] positive)
    {
        Array.Sort(scores, positive);
        long positives = 0, negatives = 0, halfPairs = 0;       // twice the pairs won: whole numbers throughout
        for (int start = 0; start < scores.Length;)
        {
            Step step = StepAt(scores, positive, start);
            halfPairs += step.Positives * ((2 * negatives) + step.Negatives);
            positives += step.Positives;
            negatives += step.Negatives;
            start = step.End;
        }
        return positives == 0 || negatives == 0 ? null : halfPairs / (2.0 * positives * negatives);
    }

    /// <summary>
    /// Average precision: the sum over thresholds, from the highest score down, of (recall gained) x (precision there).
    /// Null without a positive. Reorders both arguments.
    /// </summary>
    public static double? AveragePrecision(float[] scores, bool[] positive)
    {
        Array.Sort(scores, positive);
        Array.Reverse(scores);
        Array.Reverse(positive);
        long positives = 0;
        double gained = 0;
        for (int start = 0; start < scores.Length;)
        {
            Step step = StepAt(scores, positive, start);
            positives += step.Positives;
            gained += step.Positives * ((double)positives / step.End);
            start = step.End;
        }
        return positives == 0 ? null : gained / positives;
    }

    // The rows from start on that share its score.
    private static Step StepAt(float[] scores, bool[] positive, int start)
    {
        int end = start;
        long positives = 0;
        for (; end < scores.Length && scores[end] == scores[start]; end++)
            if (positive[end]) positives++;
        return new Step(end, positives, end - start - positives);
    }

    private readonly record struct Step(int End, long Positives, long Negatives);
}
