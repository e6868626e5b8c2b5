using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// The colours of every chart. Categories: from Okabe and Ito's set, told apart by colour-blind readers; shares: one hue from white to
/// dark, which also survives a grey print; values: viridis, whose lightness grows evenly.
/// </summary>
internal static class Palette
{
    public const string Ink = "#1a1a1a", Muted = "#5c5c5c", Grid = "#e4e4e4", Paper = "#ffffff";

    public const string Blue = "#0072b2", Vermillion = "#d55e00", Green = "#009e73";

    /// <summary>A line that lies behind others of its hue.</summary>
    public const string Faint = "#9ecae1";

    /// <summary>Of points without a class of their own, and without any.</summary>
    public const string OtherGrey = "#666666", UnlabelledGrey = "#bdbdbd";

    // Okabe and Ito's eight without the yellow, which white paper swallows.
    private static readonly string[] CategoryColours = [Blue, Vermillion, Green, "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

    private static readonly (int R, int G, int B)[] Viridis =
    [
        (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121), (109, 205, 89), (180, 222, 44),
        (253, 231, 37),
    ];

    private static readonly (int R, int G, int B)[] Ramp = [(255, 255, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107)];

    /// <summary>White for 0, dark blue for 1.</summary>
    public static string Shade(double share) => Blend(Ramp, share);

    /// <summary>The colour of text that stays readable on <see cref="Shade"/>.</summary>
    public static string InkOn(double share) => share > 0.55 ? Paper : Ink;

    /// <summary>How many categories have a colour that no other has.</summary>
    public static int Categories => CategoryColours.Length;

    /// <summary>The colour of the k-th category; they repeat after <see cref="Categories"/>.</summary>
    public static string Category(int k) => CategoryColours[k % CategoryColours.Length];

    /// <summary>Dark violet for 0, over blue and green to yellow for 1.</summary>
    public static string Value(double share) => Blend(Viridis, share);

    private static string Blend((int R, int G, int B)[] ramp, double share)
    {
        double place = Math.Clamp(share, 0, 1) * (ramp.Length - 1);
        int low = Math.Min((int)place, ramp.Length - 2);
        double part = place - low;
        (int r, int g, int b) = ramp[low];
        (int r2, int g2, int b2) = ramp[low + 1];
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(r, r2):x2}{Mix(g, g2):x2}{Mix(b, b2):x2}");

        int Mix(int from, int to) => (int)Math.Round(from + (part * (to - from)));
    }
}
