using System.Globalization;
using System.Numerics;

namespace SmilesBert.Tests;

/// <summary>Compares numbers with a bound on each: |actual - expected| at most atol + rtol * |expected|. A NaN never passes.</summary>
internal static class Compare
{
    /// <summary>Fails, naming the place that is worst against its bound, unless every number is within its own.</summary>
    public static void Close<TExpected, TActual>(string name, ReadOnlySpan<TExpected> expected, ReadOnlySpan<TActual> actual, double atol, double rtol)
        where TExpected : INumber<TExpected>
        where TActual : INumber<TActual>
    {
        Assert.True(expected.Length == actual.Length, $"{name}: {actual.Length} numbers where {expected.Length} were expected");
        int place = -1;
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double used = Used(double.CreateChecked(expected[i]), double.CreateChecked(actual[i]), atol, rtol);
            if (used <= worst) continue;
            (place, worst) = (i, used);
        }
        if (worst <= 1) return;
        Assert.Fail(Describe(name, place, double.CreateChecked(expected[place]), double.CreateChecked(actual[place]), worst, atol, rtol));
    }

    public static void Close(string name, float[] expected, float[] actual, double atol, double rtol) =>
        Close<float, float>(name, expected, actual, atol, rtol);

    public static void Close(string name, double expected, double actual, double atol, double rtol) =>
        Close<double, double>(name, [expected], [actual], atol, rtol);

    /// <summary>The share of the bound that the difference uses; infinite where either is NaN or infinite.</summary>
    private static double Used(double expected, double actual, double atol, double rtol)
    {
        double used = expected == actual ? 0 : Math.Abs(actual - expected) / (atol + (rtol * Math.Abs(expected)));
        return double.IsNaN(used) ? double.PositiveInfinity : used;
    }

    private static string Describe(string name, int place, double expected, double actual, double used, double atol, double rtol) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}[{place}]: expected {expected:R}, found {actual:R}: {used:P1} of the tolerance {atol:R} + {rtol:R} * |expected|");
}
