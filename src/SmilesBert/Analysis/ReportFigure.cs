namespace SmilesBert.Analysis;

/// <summary>A picture of the report.</summary>
/// <param name="File">The name of the file that holds it too: "curves.svg".</param>
/// <param name="Heading">Plain text.</param>
/// <param name="Svg">As the charts draw it; stands in the page as it is.</param>
/// <param name="Caption">What to see in it; plain text.</param>
public sealed record ReportFigure(string File, string Heading, string Svg, string Caption);
