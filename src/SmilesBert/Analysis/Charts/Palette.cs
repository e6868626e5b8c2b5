using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// The colours of every chart. Categories: Okabe and Ito's set, told apart by colour-blind readers; magnitudes: one hue from white to
/// dark, which also survives a grey print.
/// </summary>
internal static class Palette
{
    public const string Ink = "#1a1a1a", Muted = "#5c5c5c", Grid = "#e4e4e4", Paper = "#ffffff";

    public const string Blue = "#0072b2", Vermillion = "#d55e00", Green = "#009e73", Purple = "#cc79a7", Orange = "#e69f00", Sky = "#56b4e9";

    private static readonly (int R, int G, int B)[] Ramp = [(255, 255, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107)];

    private static readonly string[] Categories = [Blue, Vermillion, Green, Purple, Orange, Sky, "#000000", "#f0e442"];

    /// <summary>The colour of a category; the eight come round again.</summary>
    public static string Category(int index) => Categories[index % Categories.Length];

    /// <summary>White for 0, dark blue for 1.</summary>
    public static string Shade(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Ramp.Length - 1);
        int low = Math.Min((int)place, Ramp.Length - 2);
        double part = place - low;
        (int r, int g, int b) = Ramp[low];
        (int r2, int g2, int b2) = Ramp[low + 1];
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(r, r2):x2}{Mix(g, g2):x2}{Mix(b, b2):x2}");

        int Mix(int from, int to) => (int)Math.Round(from + (part * (to - from)));
    }

    /// <summary>The colour of text that stays readable on <see cref="Shade"/>.</summary>
    public static string InkOn(double share) => share > 0.55 ? Paper : Ink;
}
