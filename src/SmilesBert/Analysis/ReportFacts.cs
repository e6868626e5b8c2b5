namespace SmilesBert.Analysis;

/// <summary>A block of the report's header: "Data" with its file, columns and row counts.</summary>
/// <param name="Heading">Plain text.</param>
/// <param name="Facts">Names and values, plain text.</param>
public sealed record ReportFacts(string Heading, IReadOnlyList<(string Name, string Value)> Facts);
