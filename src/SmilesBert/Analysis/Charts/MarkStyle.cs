namespace SmilesBert.Analysis.Charts;

/// <summary>How a group of points is painted.</summary>
/// <param name="Fill">Colour, or "none" for hollow points.</param>
/// <param name="FillOpacity">From 0 to 1.</param>
/// <param name="Outline">Of each point.</param>
/// <param name="OutlineOpacity">From 0 to 1.</param>
internal readonly record struct MarkStyle(string Fill, double FillOpacity, Stroke Outline, double OutlineOpacity = 1)
{
    /// <summary>Held-out molecules: solid, edged in white so that neighbours stay apart.</summary>
    public static MarkStyle Solid(string colour, double opacity = 1, double radius = 4) =>
        new(colour, opacity, new Stroke(Palette.Paper, 0.18 * radius));

    /// <summary>Molecules that the model was trained on: hollow and faint, in the colour of their class.</summary>
    public static MarkStyle Hollow(string colour, double opacity = 1, double radius = 4) =>
        new("none", 1, new Stroke(colour, 0.25 * radius), 0.6 * opacity);
}
