namespace SmilesBert.Data;

/// <summary>One readable row of a data file.</summary>
/// <param name="Row">Its number among the data rows, from 1; rows that are left out count, blank lines and the header do not.</param>
/// <param name="Line">The line of the file where it begins, from 1.</param>
/// <param name="Smiles">The molecule, trimmed.</param>
/// <param name="Fields">Every field as it stands, in the header's order.</param>
public readonly record struct MoleculeRow(long Row, long Line, string Smiles, IReadOnlyList<string> Fields);
