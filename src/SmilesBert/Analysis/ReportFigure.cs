namespace SmilesBert.Analysis;

/// <summary>A picture of the report.</summary>
/// <param name="Heading">Plain text.</param>
/// <param name="Svg">As the charts draw it; stands in the page as it is.</param>
/// <param name="Caption">What to see in it; plain text.</param>
public sealed record ReportFigure(string Heading, string Svg, string Caption);
