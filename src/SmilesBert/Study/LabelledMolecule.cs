namespace SmilesBert.Study;

/// <summary>A molecule and all that a label family says of it.</summary>
/// <param name="Id">Its id in the source, unique in a table.</param>
/// <param name="Name">What people call it; may be empty.</param>
/// <param name="Smiles">The molecule.</param>
/// <param name="InChIKey">Its InChIKey; empty where the source has none.</param>
/// <param name="Labels">Distinct, at least one, in ordinal order.</param>
/// <param name="Joined">How many rows it has for each of its labels in the one-row-per-pair form; 0 where that form loses it.</param>
public sealed record LabelledMolecule(string Id, string Name, string Smiles, string InChIKey, IReadOnlyList<string> Labels, int Joined = 1);
