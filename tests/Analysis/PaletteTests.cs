using System.Globalization;
using SmilesBert.Analysis.Charts;

namespace SmilesBert.Tests.Analysis;

/// <summary>Categories stay apart for readers who see colours otherwise: Machado, Oliveira and Fernandes' simulation (2009), CIE Lab distances.</summary>
public sealed class PaletteTests
{
    // Rows of a matrix on linear red, green and blue; severity 1.
    private static readonly Dictionary<string, double[]> Sights = new()
    {
        ["usual"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["protanopia"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["deuteranopia"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["tritanopia"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    public static TheoryData<string> Names => [.. Sights.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Categories_AreApart(string sight)
    {
        // A difference of about 2 is just seen; markers of a few pixels need several times that.
        const double least = 15;
        string[] colours = [.. Enumerable.Range(0, Palette.Categories).Select(Palette.Category), Palette.OtherGrey, Palette.UnlabelledGrey, Palette.Paper];
        for (int i = 0; i < colours.Length; i++)
            for (int j = 0; j < i; j++)
            {
                double distance = Math.Sqrt(Lab(colours[i], Sights[sight]).Zip(Lab(colours[j], Sights[sight]), (a, b) => (a - b) * (a - b)).Sum());
                Assert.True(distance > least, $"{colours[i]} and {colours[j]} are {distance:0.0} apart");
            }
    }

    [Fact]
    public void Value_GrowsLighterEvenly()
    {
        double[] lightness = [.. Enumerable.Range(0, 51).Select(step => Lab(Palette.Value(step / 50.0), Sights["usual"])[0])];
        double mean = (lightness[^1] - lightness[0]) / 50;
        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.InRange((pair.Second - pair.First) / mean, 0.4, 1.6));
    }

    private static double[] Lab(string colour, double[] sight)
    {
        int rgb = int.Parse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        double[] linear = [Linear((rgb >> 16) / 255.0), Linear(((rgb >> 8) & 255) / 255.0), Linear((rgb & 255) / 255.0)];
        double[] seen = [.. Times(sight, linear).Select(value => Math.Clamp(value, 0, 1))];
        double[] xyz = Times([0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041], seen);
        double x = Root(xyz[0] / 0.95047), y = Root(xyz[1]), z = Root(xyz[2] / 1.08883);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];
    }

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double Root(double value) => value > 0.008856 ? Math.Cbrt(value) : (7.787 * value) + (16.0 / 116);

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => (matrix[3 * row] * vector[0]) + (matrix[(3 * row) + 1] * vector[1]) + (matrix[(3 * row) + 2] * vector[2]))];
}
