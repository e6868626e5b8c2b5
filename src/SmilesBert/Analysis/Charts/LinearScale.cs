using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>From values to pixels, with ticks at round values (1, 2 or 5 times a power of ten apart).</summary>
/// <param name="Min">Value at <paramref name="From"/>.</param>
/// <param name="Max">Value at <paramref name="To"/>, above <paramref name="Min"/>.</param>
/// <param name="From">Pixel of the least value; the greater of the two on a vertical axis.</param>
/// <param name="To">Pixel of the greatest value.</param>
/// <param name="Step">Between ticks.</param>
internal readonly record struct LinearScale(double Min, double Max, double From, double To, double Step)
{
    /// <summary>A scale from exactly <paramref name="min"/> to <paramref name="max"/>, with about <paramref name="ticks"/> ticks.</summary>
    public static LinearScale Exact(double min, double max, double from, double to, int ticks) => new(min, max, from, to, RoundStep((max - min) / ticks));

    /// <summary>A scale that holds the values with a little room on both sides, as clouds of points want it.</summary>
    public static LinearScale Near(IEnumerable<double> values, double from, double to, int ticks)
    {
        (double min, double max) = Range(values);
        double room = 0.04 * (max - min);
        return Exact(min - room, max + room, from, to, ticks);
    }

    /// <summary>A scale that holds the values and begins and ends at a tick.</summary>
    public static LinearScale Around(IEnumerable<double> values, double from, double to, int ticks)
    {
        (double min, double max) = Range(values);
        double step = RoundStep((max - min) / ticks);
        return new LinearScale(Math.Floor((min / step) + 1e-9) * step, Math.Ceiling((max / step) - 1e-9) * step, from, to, step);
    }

    /// <summary>The pixel of a value.</summary>
    public double Map(double value) => From + ((value - Min) / (Max - Min) * (To - From));

    /// <summary>Round values within the scale, ascending.</summary>
    public IEnumerable<double> Ticks()
    {
        double step = Step;
        long first = (long)Math.Ceiling((Min / step) - 1e-9), last = (long)Math.Floor((Max / step) + 1e-9);
        for (long tick = first; tick <= last; tick++) yield return tick * step;
    }

    /// <summary>A tick's label, with as many decimals as the step has.</summary>
    public string Label(double tick)
    {
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(Step) + 1e-9));
        bool plain = decimals <= 5 && Math.Max(Math.Abs(Min), Math.Abs(Max)) < 1e7;
        string text = tick.ToString(plain ? "F" + decimals.ToString(CultureInfo.InvariantCulture) : "0.###e0", CultureInfo.InvariantCulture);
        return text.Replace('-', '\u2212');
    }

    // The least and the greatest value, apart even where there is one value or none.
    private static (double Min, double Max) Range(IEnumerable<double> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        if (min > max) (min, max) = (0, 1);
        double least = Math.Max(Math.Abs(max) * 1e-6, 1e-12);       // a constant still gets an axis
        if (max - min < least) (min, max) = (min - Math.Max(Math.Abs(min) * 0.1, least), max + Math.Max(Math.Abs(max) * 0.1, least));
        return (min, max);
    }

    private static double RoundStep(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double times = least / power;
        return power * (times <= 1.0001 ? 1 : times <= 2.0001 ? 2 : times <= 5.0001 ? 5 : 10);
    }
}
