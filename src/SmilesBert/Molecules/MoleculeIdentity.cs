using System.Globalization;

namespace SmilesBert.Molecules;

/// <summary>
/// A name that all writings of a molecule share: from whatever atom, with aromatic or alternating bonds, hydrogens as atoms or as counts,
/// stereo or none.
/// <para>Named are elements, isotopes, hydrogens of each atom, what is bonded to what, and the charge of each piece; bond orders and where a
/// charge sits are left out, so that the ways to draw one molecule (Kekulé's two benzenes, N(=O)=O and [N+](=O)[O-], S=O and [S+][O-])
/// have one name. With the hydrogens given, molecules that differ in their bond orders alone are rare (bond-shift isomers of large rings);
/// they share a name, which costs a split nothing. Tautomers and an acid and its anion have two names: their hydrogens differ.</para>
/// </summary>
public static class MoleculeIdentity
{
    /// <summary>
    /// The molecule's name: its skeleton as a SMILES of single bonds in canonical order, each piece with its charge in braces, pieces in
    /// ordinal order. Ethene is [CH2][CH2], acetate C[C]([O])[O]{-1}. Atom maps do not count.
    /// <para>A piece of more symmetry than is searched (dendrimers and polymers of a thousand atoms) is named by its refined colours, which
    /// other pieces may share.</para>
    /// </summary>
    public static string Of(Molecule molecule)
    {
        string[] names = [.. Skeleton.Of(molecule).Pieces().Select(NameOf)];
        Array.Sort(names, StringComparer.Ordinal);
        return string.Join('.', names);
    }

    private static string NameOf(Molecule piece)
    {
        int charge = 0;
        Atom[] atoms = new Atom[piece.Atoms.Length];
        for (int i = 0; i < atoms.Length; i++)
        {
            Atom atom = piece.Atoms[i];
            charge += atom.Charge;
            atoms[i] = new Atom { Element = atom.Element, Isotope = atom.Isotope, Hydrogens = atom.Hydrogens };
        }
        Bond[] bonds = new Bond[piece.Bonds.Length];
        for (int b = 0; b < bonds.Length; b++) bonds[b] = new Bond(piece.Bonds[b].From, piece.Bonds[b].To, BondOrder.Single);

        string name = CanonicalText(new Molecule(atoms, bonds));
        return charge == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{{{charge:+0;-0}}}");
    }

    private static string CanonicalText(Molecule bare)
    {
        (int[] starts, int[] neighbours) = Adjacency(bare);
        ulong[] colours = Colours(bare);
        ColourPartition partition = new(starts, neighbours, colours);
        if (CanonicalOrder.Of(starts, neighbours, partition) is int[] order) return SmilesWriter.Write(bare, Inverse(order));

        Array.Sort(colours);
        ulong hash = colours.Aggregate(partition.Trace, (mixed, colour) => (mixed ^ colour) * 0x9E37_79B9_7F4A_7C15);
        return string.Create(CultureInfo.InvariantCulture, $"~{colours.Length} atoms in {partition.Cells} kinds, {hash:x16}");
    }

    private static (int[] Starts, int[] Neighbours) Adjacency(Molecule piece)
    {
        int count = piece.Atoms.Length;
        int[] starts = new int[count + 1], neighbours = new int[2 * piece.Bonds.Length];
        int next = 0;
        for (int atom = 0; atom < count; atom++)
        {
            foreach (int bond in piece.BondsOf(atom)) neighbours[next++] = piece.Bonds[bond].Other(atom);
            starts[atom + 1] = next;
        }
        return (starts, neighbours);
    }

    // Ends come first, so that a name starts with one. Equal ends of one atom (the fluorines of CF3) are numbered: which is which changes
    // nothing, and the search need not try them in turn.
    private static ulong[] Colours(Molecule piece)
    {
        ulong[] colours = new ulong[piece.Atoms.Length];
        for (int i = 0; i < colours.Length; i++)
        {
            Atom atom = piece.Atoms[i];
            int degree = Math.Min(piece.BondsOf(i).Length, byte.MaxValue);
            int hydrogens = Math.Min(atom.Hydrogens, byte.MaxValue);
            colours[i] = ((ulong)degree << 56) | ((ulong)atom.Element << 48) | ((ulong)atom.Isotope << 32) | ((ulong)hydrogens << 24);
        }
        Dictionary<ulong, uint> equals = [];
        for (int i = 0; i < colours.Length; i++)
        {
            equals.Clear();
            foreach (int bond in piece.BondsOf(i))
            {
                int end = piece.Bonds[bond].Other(i);
                if (piece.BondsOf(end).Length > 1) continue;
                ulong kind = colours[end];
                uint number = equals.GetValueOrDefault(kind) + 1;
                equals[kind] = number;
                if (colours.Length > 2) colours[end] |= number;
            }
        }
        return colours;
    }

    private static int[] Inverse(int[] order)
    {
        int[] ranks = new int[order.Length];
        for (int i = 0; i < order.Length; i++) ranks[order[i]] = i;
        return ranks;
    }
}
