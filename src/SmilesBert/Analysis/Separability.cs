namespace SmilesBert.Analysis;

/// <summary>
/// How well classes lie apart in a space, as numbers:
/// <para><c>silhouette</c> (scikit-learn's, Euclidean): how much nearer points are to their own class than to the next, from -1 to 1;</para>
/// <para><c>knn_accuracy</c>: how often the five nearest neighbours name a point's class (<see cref="NearestNeighbours"/>);</para>
/// <para><c>probe_accuracy</c>: how often logistic regression does (<see cref="LinearProbe"/>);</para>
/// <para><c>majority_rate</c>: how often always naming the commonest class does, which both must exceed to mean anything.</para>
/// Of labels each figure is the mean over the labels, one against the rest, of which both sides occur among all points given.
/// </summary>
public static class Separability
{
    private const int Folds = 5;

    /// <summary>
    /// Measures one set of points. Every point is judged by others alone: its neighbours are points of other molecules, and its probe is one of five,
    /// each fitted on four fifths of the molecules (molecule i, in the order of the rows, is in part i mod 5).
    /// </summary>
    /// <param name="points">The points.</param>
    /// <param name="threads">Threads of the probe; the figures are the same for any number.</param>
    /// <param name="stop">Ends it.</param>
    public static IReadOnlyList<Metric> Measure(LabelledPoints points, int threads, CancellationToken stop = default)
    {
        points = points.WithLabellings(Usable(points, points));
        Silhouette[] silhouettes = [.. points.Labellings.Select(static labelling => new Silhouette(labelling))];
        NearestNeighbours neighbours = new(points, points.Count);
        PairDistances.ForEachRow(points.Rows, points.Rows, points.Width, stop, (row, distances) =>
        {
            foreach (Silhouette silhouette in silhouettes) silhouette.Add(row, distances);
            neighbours.Judge(row, distances, except: points.Molecules[row]);
        });
        return Summarise(points, silhouettes, neighbours, FoldedProbe(points, threads, stop));
    }

    /// <summary>Measures points that were held out by what lies among others: neighbours and probe are those of <paramref name="training"/>.</summary>
    /// <param name="training">The points to learn from, at least one.</param>
    /// <param name="heldOut">The points to judge, in the same space.</param>
    /// <param name="threads">Threads of the probe; the figures are the same for any number.</param>
    /// <param name="stop">Ends it.</param>
    public static IReadOnlyList<Metric> Measure(LabelledPoints training, LabelledPoints heldOut, int threads, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(training.Count);
        if (training.Width != heldOut.Width || training.Labellings.Length != heldOut.Labellings.Length || training.IsMultiLabel != heldOut.IsMultiLabel)
            throw new ArgumentException("the two sets are not of one space with the same labels", nameof(heldOut));
        int[] usable = Usable(training, heldOut);
        (training, heldOut) = (training.WithLabellings(usable), heldOut.WithLabellings(usable));
        Silhouette[] silhouettes = [.. heldOut.Labellings.Select(static labelling => new Silhouette(labelling))];
        PairDistances.ForEachRow(heldOut.Rows, heldOut.Rows, heldOut.Width, stop, (row, distances) =>
        {
            foreach (Silhouette silhouette in silhouettes) silhouette.Add(row, distances);
        });
        NearestNeighbours neighbours = new(training, heldOut.Count);
        PairDistances.ForEachRow(heldOut.Rows, training.Rows, heldOut.Width, stop, (row, distances) => neighbours.Judge(row, distances));
        return Summarise(heldOut, silhouettes, neighbours, LinearProbe.Fit(training, threads, stop).Predict(heldOut));
    }

    // Labels of which both sides occur, here and there; classes are never left out.
    private static int[] Usable(LabelledPoints one, LabelledPoints other) =>
    [
        .. Enumerable.Range(0, one.Labellings.Length).Where(k => !one.IsMultiLabel || (HasBoth(one.Labellings[k]) && HasBoth(other.Labellings[k]))),
    ];

    private static bool HasBoth(int[] sides) => sides.Contains(0) && sides.Contains(1);

    private static IReadOnlyList<Metric> Summarise(LabelledPoints points, Silhouette[] silhouettes, NearestNeighbours neighbours, int[][]? probed)
    {
        string? none = points.Labellings.Length == 0 ? "no label has points on both sides" : points.Count == 0 ? "there are no points" : null;
        return
        [
            Mean("silhouette", k => silhouettes[k].Score, "it needs at least two classes, and fewer classes than points"),
            Mean("knn_accuracy", k => Accuracy(neighbours.Predictions[k], k), $"it needs more than {NearestNeighbours.Votes} points to choose neighbours from"),
            Mean("probe_accuracy", k => probed is null ? null : Accuracy(probed[k], k), $"it needs at least {Folds} molecules"),
            Mean("majority_rate", k => MajorityRate(points.Labellings[k]), "no point has a class"),
        ];

        Metric Mean(string name, Func<int, double?> of, string reason) =>
            Metric.MeanOf(name, Enumerable.Range(0, points.Labellings.Length).Select(of), none ?? reason);

        double? Accuracy(int[]? predicted, int k) => predicted is null ? null : ShareOfEqual(predicted, points.Labellings[k]);
    }

    private static int[][]? FoldedProbe(LabelledPoints points, int threads, CancellationToken stop)
    {
        if (points.Molecules.Distinct().Count() < Folds) return null;
        int[][] predicted = [.. points.Labellings.Select(static labelling => new int[labelling.Length])];
        for (int fold = 0; fold < Folds; fold++)
        {
            int[] judged = [.. Enumerable.Range(0, points.Count).Where(i => points.Molecules[i] % Folds == fold)];
            int[] learned = [.. Enumerable.Range(0, points.Count).Where(i => points.Molecules[i] % Folds != fold)];
            int[][] found = LinearProbe.Fit(points.Select(learned), threads, stop).Predict(points.Select(judged));
            for (int k = 0; k < predicted.Length; k++)
                for (int i = 0; i < judged.Length; i++) predicted[k][judged[i]] = found[k][i];
        }
        return predicted;
    }

    // Over the points whose class is known.
    private static double? ShareOfEqual(int[] predicted, int[] classes)
    {
        int known = 0, right = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] < 0) continue;
            known++;
            if (predicted[i] == classes[i]) right++;
        }
        return known == 0 ? null : (double)right / known;
    }

    private static double? MajorityRate(int[] classes)
    {
        int[] known = [.. classes.Where(static k => k >= 0)];
        return known.Length == 0 ? null : (double)known.CountBy(static k => k).Max(static pair => pair.Value) / known.Length;
    }
}
