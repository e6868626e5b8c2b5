namespace SmilesBert.Analysis;

/// <summary>From a head's logits to probabilities. Computed in double and rounded once; metrics are of these floats, as predictions.csv holds them.</summary>
public static class Probabilities
{
    /// <summary>P[r,k] = exp X[r,k] / sum over j of exp X[r,j].</summary>
    /// <param name="probabilities">(rows,K) =; may be the logits themselves.</param>
    /// <param name="logits">(rows,K)</param>
    /// <param name="classes">K.</param>
    public static void Softmax(Span<float> probabilities, ReadOnlySpan<float> logits, int classes)
    {
        if (probabilities.Length != logits.Length || logits.Length % classes != 0)
            throw new ArgumentException($"{logits.Length} logits of {classes} classes do not fill {probabilities.Length} probabilities");
        double[] exponentials = new double[classes];
        for (int start = 0; start < logits.Length; start += classes)
        {
            ReadOnlySpan<float> row = logits.Slice(start, classes);
            double largest = row[IndexOfLargest(row)], sum = 0;
            for (int k = 0; k < classes; k++) sum += exponentials[k] = Math.Exp(row[k] - largest);
            for (int k = 0; k < classes; k++) probabilities[start + k] = (float)(exponentials[k] / sum);
        }
    }

    /// <summary>P[i] = 1 / (1 + exp -X[i]).</summary>
    /// <param name="probabilities">=; may be the logits themselves.</param>
    /// <param name="logits">As many.</param>
    public static void Sigmoid(Span<float> probabilities, ReadOnlySpan<float> logits)
    {
        if (probabilities.Length != logits.Length) throw new ArgumentException($"{logits.Length} logits do not fill {probabilities.Length} probabilities");
        for (int i = 0; i < logits.Length; i++) probabilities[i] = (float)(1 / (1 + Math.Exp(-(double)logits[i])));
    }

    /// <summary>The place of the largest value, the first of equals.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int k = 1; k < values.Length; k++)
            if (values[k] > values[best]) best = k;
        return best;
    }

    /// <summary>Refuses a table of the wrong size, and values that cannot be ranked.</summary>
    internal static void Check(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (values.Length != rows * columns) throw new ArgumentException($"{values.Length} predictions are not {rows} rows of {columns}");
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new InputException($"the model's output for row {i / columns} of the evaluation is {(float.IsNaN(values[i]) ? "not a number" : "infinite")}");
    }
}
