using SmilesBert.Data;
using SmilesBert.Molecules;

namespace SmilesBert.Pretraining;

/// <summary>The same molecule in another writing: from a drawn atom, with its branches in a drawn order.</summary>
internal static class RandomWriting
{
    /// <summary>A molecule as an epoch writes it; what is no molecule (a reaction) stays as it is.</summary>
    /// <param name="smiles">As the corpus writes it.</param>
    /// <param name="row">Its row in the corpus.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="seed">The run's.</param>
    public static string Of(string smiles, int row, int epoch, ulong seed) =>
        SmilesReader.TryRead(smiles, out Molecule? molecule, out _)
            ? SmilesWriter.Write(molecule, Shuffle.WritingOrder(molecule.Atoms.Length, seed, (uint)row, (uint)epoch))
            : smiles;
}
