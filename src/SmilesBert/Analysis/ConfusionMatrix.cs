namespace SmilesBert.Analysis;

/// <summary>How often each true class was predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;         // (K,K) row: true class

    /// <summary>Counts pairs.</summary>
    /// <param name="targets">True class of each row, in [0, classes).</param>
    /// <param name="predictions">Predicted class of each row, in [0, classes).</param>
    /// <param name="classes">K.</param>
    public ConfusionMatrix(ReadOnlySpan<int> targets, ReadOnlySpan<int> predictions, int classes)
    {
        if (targets.Length != predictions.Length)
            throw new ArgumentException($"{targets.Length} targets but {predictions.Length} predictions");
        Classes = classes;
        _counts = new int[classes * classes];
        for (int row = 0; row < targets.Length; row++)
        {
            if ((uint)targets[row] >= (uint)classes)
                throw new ArgumentOutOfRangeException(nameof(targets), $"row {row}: class {targets[row]} is not one of {classes} classes");
            _counts[(targets[row] * classes) + predictions[row]]++;
        }
    }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>Rows of class <paramref name="target"/> that were predicted as <paramref name="prediction"/>.</summary>
    public int this[int target, int prediction] => _counts[(target * Classes) + prediction];

    /// <summary>Rows that are of class <paramref name="target"/>.</summary>
    public int Support(int target)
    {
        int sum = 0;
        for (int k = 0; k < Classes; k++) sum += this[target, k];
        return sum;
    }

    /// <summary>Rows that were predicted as class <paramref name="prediction"/>.</summary>
    public int Predicted(int prediction)
    {
        int sum = 0;
        for (int k = 0; k < Classes; k++) sum += this[k, prediction];
        return sum;
    }
}
