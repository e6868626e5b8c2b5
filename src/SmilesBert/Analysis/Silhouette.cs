namespace SmilesBert.Analysis;

/// <summary>
/// The silhouette of points in classes (Rousseeuw 1987; scikit-learn's <c>silhouette_score</c>): for each point (b - a) / max(a, b), with a the mean
/// distance to the others of its class and b the smallest mean distance to another class; 0 for a class of one point. The score is the mean.
/// </summary>
internal sealed class Silhouette
{
    private readonly int[] classes;
    private readonly int[] sizes;
    private readonly double[] values;

    /// <param name="classes">(points) from 0; -1 leaves a point out.</param>
    public Silhouette(int[] classes)
    {
        this.classes = classes;
        sizes = new int[classes.DefaultIfEmpty().Max() + 1];
        foreach (int k in classes)
            if (k >= 0) sizes[k]++;
        values = new double[classes.Length];
    }

    /// <summary>The mean over the points, once all are added; null unless there are at least two classes, and fewer classes than points.</summary>
    public double? Score
    {
        get
        {
            int points = sizes.Sum(), occurring = sizes.Count(static size => size > 0);
            return occurring < 2 || occurring >= points ? null : values.Sum() / points;
        }
    }

    /// <summary>Adds a point by its distances to all points.</summary>
    public void Add(int row, ReadOnlySpan<float> distances)
    {
        int own = classes[row];
        if (own < 0 || sizes[own] == 1) return;
        Span<double> sums = sizes.Length <= 256 ? stackalloc double[sizes.Length] : new double[sizes.Length];
        sums.Clear();
        for (int j = 0; j < distances.Length; j++)
            if (classes[j] >= 0) sums[classes[j]] += distances[j];

        double within = sums[own] / (sizes[own] - 1), nearest = double.PositiveInfinity;
        for (int k = 0; k < sizes.Length; k++)
            if (k != own && sizes[k] > 0) nearest = Math.Min(nearest, sums[k] / sizes[k]);
        double larger = Math.Max(within, nearest);
        if (larger > 0 && double.IsFinite(larger)) values[row] = (nearest - within) / larger;
    }
}
