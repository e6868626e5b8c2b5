namespace SmilesBert.Molecules;

/// <summary>
/// A molecule as a graph: atoms joined by bonds, in one piece or several (salts). Hydrogens are counts of their atoms, unless they were written
/// as atoms. Nothing is perceived: aromatic is what was written so.
/// </summary>
public sealed class Molecule
{
    private readonly Atom[] atoms;
    private readonly Bond[] bonds;
    private readonly int[] starts;      // (atoms + 1) where each atom's entries in ends begin
    private readonly int[] ends;        // (2 * bonds) bonds of atom 0, of atom 1, ...

    internal Molecule(Atom[] atoms, Bond[] bonds, int[] starts, int[] ends)
    {
        (this.atoms, this.bonds, this.starts, this.ends) = (atoms, bonds, starts, ends);
    }

    /// <summary>A molecule whose atoms have their bonds in the order given; for graphs without chirality, where the order says nothing.</summary>
    internal Molecule(Atom[] atoms, Bond[] bonds)
    {
        (this.atoms, this.bonds) = (atoms, bonds);
        starts = new int[atoms.Length + 1];
        foreach (Bond bond in bonds)
        {
            starts[bond.From + 1]++;
            starts[bond.To + 1]++;
        }
        for (int i = 0; i < atoms.Length; i++) starts[i + 1] += starts[i];
        ends = new int[2 * bonds.Length];
        int[] next = starts[..^1];
        for (int b = 0; b < bonds.Length; b++)
        {
            ends[next[bonds[b].From]++] = b;
            ends[next[bonds[b].To]++] = b;
        }
    }

    /// <summary>The atoms, in the order in which they were written.</summary>
    public ReadOnlySpan<Atom> Atoms => atoms;

    /// <summary>The bonds.</summary>
    public ReadOnlySpan<Bond> Bonds => bonds;

    /// <summary>
    /// The places in <see cref="Bonds"/> of an atom's bonds, in the order in which they were written: to the atom before it, its ring digits,
    /// its branches, the atom that follows.
    /// </summary>
    public ReadOnlySpan<int> BondsOf(int atom) => ends.AsSpan(starts[atom]..starts[atom + 1]);

    /// <summary>The connected pieces, each a molecule, in the order of their first atoms; without stereo.</summary>
    internal List<Molecule> Pieces()
    {
        int[] place = new int[atoms.Length];        // in its piece
        Array.Fill(place, -1);
        List<Molecule> pieces = [];
        List<int> own = [];
        for (int first = 0; first < atoms.Length; first++)
        {
            if (place[first] >= 0) continue;
            own.Clear();
            own.Add(first);
            place[first] = 0;
            for (int next = 0; next < own.Count; next++)
                foreach (int bond in BondsOf(own[next]))
                {
                    int other = bonds[bond].Other(own[next]);
                    if (place[other] >= 0) continue;
                    place[other] = own.Count;
                    own.Add(other);
                }
            List<Bond> between = [];
            foreach (int atom in own)
                foreach (int bond in BondsOf(atom))
                    if (bonds[bond].From == atom) between.Add(new Bond(place[atom], place[bonds[bond].To], bonds[bond].Order));
            pieces.Add(new Molecule([.. own.Select(atom => WithoutStereo(atoms[atom]))], [.. between]));
        }
        return pieces;
    }

    /// <summary>The molecule that some of the atoms make with the bonds between them, without stereo.</summary>
    /// <param name="keep">(atoms) Which.</param>
    /// <param name="gained">(atoms) Hydrogens that each has more of, in place of atoms that are left out.</param>
    internal Molecule Part(ReadOnlySpan<bool> keep, ReadOnlySpan<int> gained)
    {
        int[] place = new int[atoms.Length];
        List<Atom> kept = new(atoms.Length);
        for (int i = 0; i < atoms.Length; i++)
        {
            place[i] = kept.Count;
            if (keep[i]) kept.Add(WithoutStereo(atoms[i]) with { Hydrogens = atoms[i].Hydrogens + gained[i] });
        }
        List<Bond> between = new(bonds.Length);
        foreach (Bond bond in bonds)
            if (keep[bond.From] && keep[bond.To]) between.Add(new Bond(place[bond.From], place[bond.To], bond.Order));
        return new Molecule([.. kept], [.. between]);
    }

    private static Atom WithoutStereo(Atom atom) => atom with { ChiralClass = ChiralClass.None, ChiralForm = 0 };
}
