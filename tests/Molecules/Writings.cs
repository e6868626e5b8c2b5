using SmilesBert.Molecules;

namespace SmilesBert.Tests.Molecules;

/// <summary>Other writings of a molecule.</summary>
internal static class Writings
{
    /// <summary>A drawn permutation of a molecule's atoms.</summary>
    public static int[] Ranks(Molecule molecule, Random draw)
    {
        int[] ranks = [.. Enumerable.Range(0, molecule.Atoms.Length)];
        draw.Shuffle(ranks);
        return ranks;
    }

    /// <summary>The molecule written from a drawn atom, with its branches in a drawn order.</summary>
    public static string Drawn(Molecule molecule, Random draw, bool stereo = true) => SmilesWriter.Write(molecule, Ranks(molecule, draw), stereo);
}
