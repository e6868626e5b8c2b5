namespace SmilesBert.Analysis;

/// <summary>A column of the report's table of metrics: a part of the split, or a baseline.</summary>
/// <param name="Heading">"validation", "test", "test, always the commonest class"; plain text.</param>
/// <param name="Rows">How many rows it is of.</param>
/// <param name="Metrics">Rows of the table are the metrics of all columns, by name; what a column lacks is left blank.</param>
public sealed record ReportScores(string Heading, int Rows, IReadOnlyList<Metric> Metrics);
