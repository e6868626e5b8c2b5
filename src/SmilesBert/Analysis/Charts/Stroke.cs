namespace SmilesBert.Analysis.Charts;

/// <summary>How a line is drawn.</summary>
/// <param name="Colour">As SVG has it.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Dashes">Lengths of dash and gap ("4 3"); null for a solid line.</param>
internal readonly record struct Stroke(string Colour, double Width = 1, string? Dashes = null);
