namespace SmilesBert.Data;

/// <summary>Rows that were left out for one reason.</summary>
/// <param name="Reason">Why, as the end of "12 rows left out: ...".</param>
/// <param name="Count">How many.</param>
/// <param name="Examples">Where the first few stand.</param>
public sealed record DroppedRows(string Reason, long Count, IReadOnlyList<string> Examples);
