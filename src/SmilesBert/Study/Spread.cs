using System.Globalization;
using SmilesBert.Analysis;

namespace SmilesBert.Study;

/// <summary>A figure over several seeds.</summary>
/// <param name="Values">One for each seed for which it is defined.</param>
/// <param name="Undefined">Why there is none; null where there are some.</param>
internal readonly record struct Spread(IReadOnlyList<double> Values, string? Undefined)
{
    public double? Mean => Values.Count == 0 ? null : Values.Average();

    /// <summary>The sample's standard deviation (n - 1); null of fewer than two.</summary>
    public double? Deviation
    {
        get
        {
            if (Values.Count < 2) return null;
            double mean = Values.Average();
            return Math.Sqrt(Values.Sum(value => (value - mean) * (value - mean)) / (Values.Count - 1));
        }
    }

    /// <summary>"0.712 ± 0.031", the mean alone of one seed, or the reason for there being none.</summary>
    public string Text => Mean is not { } mean ? $"undefined: {Undefined}"
        : Deviation is { } deviation ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ± {deviation:0.000}")
        : mean.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>One metric of several lists.</summary>
    public static Spread Of(IEnumerable<IReadOnlyList<Metric>> lists, string name)
    {
        Metric[] found = [.. lists.SelectMany(list => list.Where(metric => metric.Name == name))];
        return new Spread([.. found.Where(static metric => metric.Value is not null).Select(static metric => metric.Value!.Value)],
            found.Select(static metric => metric.Undefined).FirstOrDefault(static reason => reason is not null) ?? "not measured");
    }
}
