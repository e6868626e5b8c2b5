namespace SmilesBert.Analysis;

/// <summary>Which rows a model got most wrong, worst first (equals in row order): where a reader should look first.</summary>
public static class WorstRows
{
    /// <summary>Rows of a wrong predicted class, the most confident first.</summary>
    /// <param name="probabilities">(rows,K)</param>
    /// <param name="targets">(rows)</param>
    /// <param name="classes">K.</param>
    /// <param name="most">At most so many rows.</param>
    public static IReadOnlyList<int> SingleLabel(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> targets, int classes, int most)
    {
        List<(int Row, double Wrongness)> wrong = [];
        for (int row = 0; row < targets.Length; row++)
        {
            ReadOnlySpan<float> own = probabilities.Slice(row * classes, classes);
            int predicted = Probabilities.IndexOfLargest(own);
            if (predicted != targets[row]) wrong.Add((row, own[predicted]));
        }
        return Worst(wrong, most);
    }

    /// <summary>Elements (row * K + label) whose answer is wrong, the most confident first; elements without a label are not judged.</summary>
    /// <param name="probabilities">(rows,K)</param>
    /// <param name="targets">(rows,K) 1, 0 or NaN.</param>
    /// <param name="most">At most so many elements.</param>
    public static IReadOnlyList<int> MultiLabel(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets, int most)
    {
        List<(int Element, double Wrongness)> wrong = [];
        for (int i = 0; i < targets.Length; i++)
            if (!float.IsNaN(targets[i]) && (probabilities[i] >= MultiLabelMetrics.Threshold) != (targets[i] == 1f))
                wrong.Add((i, Math.Abs(probabilities[i] - targets[i])));
        return Worst(wrong, most);
    }

    /// <summary>Elements (row * K + target) of the largest absolute error; elements without a target are not judged.</summary>
    /// <param name="predictions">(rows,K)</param>
    /// <param name="targets">(rows,K) NaN where missing.</param>
    /// <param name="most">At most so many elements.</param>
    public static IReadOnlyList<int> Regression(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, int most)
    {
        List<(int Element, double Wrongness)> errors = [];
        for (int i = 0; i < targets.Length; i++)
            if (!float.IsNaN(targets[i])) errors.Add((i, Math.Abs((double)predictions[i] - targets[i])));
        return Worst(errors, most);
    }

    private static int[] Worst(List<(int At, double Wrongness)> candidates, int most) =>
        [.. candidates.OrderByDescending(c => c.Wrongness).Take(most).Select(c => c.At)];
}
