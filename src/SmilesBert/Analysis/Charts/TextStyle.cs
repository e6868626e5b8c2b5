namespace SmilesBert.Analysis.Charts;

/// <summary>How a text is set. It is centred vertically on its y.</summary>
/// <param name="Size">In pixels.</param>
/// <param name="Anchor">Which part of the text stands at its x: "start", "middle" or "end".</param>
/// <param name="Colour">As SVG has it.</param>
/// <param name="Bold">Heavier.</param>
/// <param name="Rotation">In degrees, clockwise, about the point where it stands.</param>
internal readonly record struct TextStyle(
    double Size = TextStyle.Normal, string Anchor = "start", string Colour = Palette.Ink, bool Bold = false, double Rotation = 0)
{
    public const double Title = 14, Normal = 12, Small = 11;
}
