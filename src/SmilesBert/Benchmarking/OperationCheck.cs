using System.Globalization;
using SmilesBert.Gpu;
using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>Holds an operation to the same operation on another path before it is timed, and a sample of its elements to double precision.</summary>
/// <param name="ops">The device.</param>
/// <param name="other">The other path.</param>
/// <param name="tolerance">
/// How far results may differ, as a share of their size (|x| and the root mean square of those around it); 0 where they must be the same.
/// </param>
internal sealed class OperationCheck(IOps ops, IOps other, double tolerance)
{
    private const int Block = 1 << 16, Sampled = 32;
    private const double LeastSampleTolerance = 1e-3;

    private readonly float[] mine = new float[Block], theirs = new float[Block];

    /// <summary>Calls both, once, and compares everything that they write.</summary>
    /// <exception cref="DeviceException">They differ.</exception>
    public void Holds(Operation operation, Operation twin)
    {
        operation.Call();
        twin.Call();
        for (int result = 0; result < operation.Results.Length; result++)
            Compare(operation, operation.Results[result], twin.Results[result]);
        if (operation.Expected is { } expected) CompareSample(operation, expected);
    }

    private void Compare(Operation operation, Floats result, Floats twin)
    {
        for (int from = 0; from < result.Length; from += Block)
        {
            int count = Math.Min(Block, result.Length - from);
            Span<float> a = mine.AsSpan(0, count), b = theirs.AsSpan(0, count);
            ops.Read(a, result.Slice(from, count));
            other.Read(b, twin.Slice(from, count));
            double size = RootMeanSquare(b);
            for (int i = 0; i < count; i++)
                if (!IsNear(a[i], b[i], size, tolerance)) throw Wrong(operation, from + i, a[i], b[i], other.Description);
        }
    }

    private void CompareSample(Operation operation, Func<int, double> expected)
    {
        Floats result = operation.Results[0];
        int[] places = [.. Enumerable.Range(0, Sampled).Select(k => (int)((long)result.Length * k / Sampled)).Distinct()];
        double[] values = [.. places.Select(expected)];
        double size = Math.Sqrt(values.Average(static value => value * value));
        foreach ((int place, double value) in places.Zip(values))
        {
            ops.Read(mine.AsSpan(0, 1), result.Slice(place, 1));
            if (!IsNear(mine[0], value, size, Math.Max(tolerance, LeastSampleTolerance))) throw Wrong(operation, place, mine[0], value, "double precision");
        }
    }

    // Two NaNs are not near: nothing that is timed gives any.
    private static bool IsNear(double actual, double expected, double size, double tolerance) =>
        Math.Abs(actual - expected) <= tolerance * (Math.Abs(expected) + size);

    private static double RootMeanSquare(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += (double)value * value;
        return Math.Sqrt(sum / values.Length);
    }

    private DeviceException Wrong(Operation operation, int place, double actual, double expected, string where) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{operation.Name} ({operation.Sizes}) is wrong on {ops.Description}: "
        + $"element {place} is {actual:R}, with {where} {expected:R}; it was not timed"));
}
