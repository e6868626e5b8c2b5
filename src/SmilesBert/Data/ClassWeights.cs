namespace SmilesBert.Data;

/// <summary>Weights that make rare classes count as much as common ones.</summary>
public static class ClassWeights
{
    /// <summary>
    /// scikit-learn's 'balanced': rows / (classes * rows of the class), over the training rows alone, where classes are those that occur.
    /// A class without a training row gets weight 0, which no loss ever uses.
    /// </summary>
    /// <param name="classes">The class of every row of the data.</param>
    /// <param name="train">The rows that are trained on, at least one.</param>
    /// <param name="classCount">How many classes there are.</param>
    /// <returns>(classCount) A weight for each class.</returns>
    public static float[] Balanced(ReadOnlySpan<int> classes, ReadOnlySpan<int> train, int classCount)
    {
        int[] counts = new int[classCount];
        foreach (int row in train) counts[classes[row]]++;
        int present = counts.Count(count => count > 0);

        float[] weights = new float[classCount];
        for (int k = 0; k < classCount; k++)
            if (counts[k] > 0) weights[k] = (float)(train.Length / ((double)present * counts[k]));
        return weights;
    }
}
