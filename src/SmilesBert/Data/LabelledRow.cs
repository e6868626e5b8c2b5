namespace SmilesBert.Data;

/// <summary>A row on its way into a <see cref="Dataset"/>: the molecule, and the target fields as text.</summary>
/// <param name="Row">Its number among the data rows, from 1.</param>
/// <param name="Line">The line of the file where it begins.</param>
/// <param name="Smiles">The molecule, trimmed.</param>
/// <param name="InChIKey">Its InChIKey; null where the table has none.</param>
/// <param name="Split">What the split column says; null where none was asked for.</param>
/// <param name="Cells">A trimmed field for each target column; null where nothing is known.</param>
internal sealed record LabelledRow(long Row, long Line, string Smiles, string? InChIKey, string? Split, string?[] Cells);
