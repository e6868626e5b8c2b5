namespace SmilesBert.Analysis;

/// <summary>A table of the report: the worst mistakes, the scores of each class.</summary>
/// <param name="Heading">Plain text.</param>
/// <param name="Caption">What the rows are and how they were chosen; plain text.</param>
/// <param name="Columns">Plain text.</param>
/// <param name="Rows">Cells, as many as columns, plain text. Numbers are set to the right; long words (SMILES) are broken.</param>
public sealed record ReportTable(string Heading, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
