namespace SmilesBert.Analysis;

/// <summary>Points of a space, and the class or the labels of each: what separability is measured on.</summary>
public sealed class LabelledPoints
{
    private LabelledPoints(float[] rows, int width, int[][] labellings, bool isMultiLabel, int[] molecules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rows.Length != (long)molecules.Length * width)
            throw new ArgumentException($"{rows.Length} values are not {molecules.Length} rows of {width}", nameof(rows));
        Rows = rows;
        Width = width;
        Labellings = labellings;
        IsMultiLabel = isMultiLabel;
        Molecules = molecules;
    }

    /// <summary>How many points there are.</summary>
    public int Count => Molecules.Length;

    /// <summary>Dimensions of the space.</summary>
    public int Width { get; }

    /// <summary>(Count, Width) Where the points lie.</summary>
    internal float[] Rows { get; }

    /// <summary>Single-label: one, the class of each point. Multi-label: one a label, 1 or 0 for each point, -1 where unknown.</summary>
    internal int[][] Labellings { get; }

    internal bool IsMultiLabel { get; }

    /// <summary>(Count) Which molecule each point is, by number.</summary>
    internal int[] Molecules { get; }

    /// <summary>Points of one class each.</summary>
    /// <param name="rows">(points, width)</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="classes">(points) from 0.</param>
    /// <param name="molecules">(points) Keys that rows of one molecule share; null: each row is one of its own.</param>
    public static LabelledPoints OfClasses(float[] rows, int width, IReadOnlyList<int> classes, IReadOnlyList<string>? molecules = null) =>
        new(rows, width, [[.. classes]], isMultiLabel: false, Numbers(classes.Count, molecules));

    /// <summary>Points of any number of labels each.</summary>
    /// <param name="rows">(points, width)</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="targets">(points, labels) 0 or 1, NaN where unknown.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <param name="molecules">(points) Keys that rows of one molecule share; null: each row is one of its own.</param>
    public static LabelledPoints OfLabels(float[] rows, int width, float[] targets, int labels, IReadOnlyList<string>? molecules = null)
    {
        int count = targets.Length / labels;
        int[][] labellings = new int[labels][];
        for (int k = 0; k < labels; k++) labellings[k] = [.. Enumerable.Range(0, count).Select(i => Side(targets[(i * labels) + k]))];
        return new LabelledPoints(rows, width, labellings, isMultiLabel: true, Numbers(count, molecules));

        static int Side(float target) => float.IsNaN(target) ? -1 : target > 0.5f ? 1 : 0;
    }

    /// <summary>The same points in another space.</summary>
    /// <param name="rows">(points, width)</param>
    /// <param name="width">Dimensions.</param>
    public LabelledPoints In(float[] rows, int width) => new(rows, width, Labellings, IsMultiLabel, Molecules);

    /// <summary>Some of the points.</summary>
    public LabelledPoints Select(IReadOnlyList<int> places)
    {
        float[] rows = new float[places.Count * Width];
        for (int i = 0; i < places.Count; i++) Rows.AsSpan(places[i] * Width, Width).CopyTo(rows.AsSpan(i * Width));
        return new LabelledPoints(
            rows, Width, [.. Labellings.Select(labelling => places.Select(place => labelling[place]).ToArray())], IsMultiLabel,
            [.. places.Select(place => Molecules[place])]);
    }

    /// <summary>The same points with some of their labels.</summary>
    internal LabelledPoints WithLabellings(IEnumerable<int> which) => new(Rows, Width, [.. which.Select(k => Labellings[k])], IsMultiLabel, Molecules);

    // Molecules by the order in which they first come.
    private static int[] Numbers(int count, IReadOnlyList<string>? keys)
    {
        if (keys is null) return [.. Enumerable.Range(0, count)];
        Dictionary<string, int> numbers = [];
        int[] molecules = new int[count];
        for (int i = 0; i < count; i++)
        {
            if (!numbers.TryGetValue(keys[i], out int number)) numbers[keys[i]] = number = numbers.Count;
            molecules[i] = number;
        }
        return molecules;
    }
}
