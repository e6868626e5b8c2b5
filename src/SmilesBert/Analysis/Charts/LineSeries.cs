namespace SmilesBert.Analysis.Charts;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">In the order of x; a value that is not finite breaks the line.</param>
/// <param name="Colour">As SVG has it.</param>
/// <param name="Width">Of the line, in pixels.</param>
/// <param name="Markers">A dot at each point, as for values measured now and then.</param>
internal readonly record struct LineSeries(string Name, IReadOnlyList<ChartPoint> Points, string Colour, double Width = 1.8, bool Markers = false);
