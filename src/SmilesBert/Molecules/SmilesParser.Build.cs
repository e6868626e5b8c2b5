using System.Runtime.InteropServices;

namespace SmilesBert.Molecules;

/// <summary>From what was read to a molecule: bonds that were left to be understood, hydrogens that were left to be counted.</summary>
internal ref partial struct SmilesParser
{
    /// <summary>The molecule, once <see cref="Run"/> has said yes.</summary>
    public readonly Molecule Build()
    {
        Atom[] atoms = [.. this.atoms];
        Bond[] bonds = [.. this.bonds];
        (int[] starts, int[] ends) = GatherEnds();
        Molecule molecule = new(atoms, bonds, starts, ends);
        SettleOrders(molecule, bonds);
        for (int i = 0; i < atoms.Length; i++)
        {
            Atom atom = atoms[i];
            if (!atom.Bracketed)
                atoms[i] = atom with { Hydrogens = Valence.ImplicitHydrogens(atom.Element, atom.Aromatic, Valence.BondSum(molecule, i)) };
            else if (atom is { ChiralClass: ChiralClass.Tetrahedral, ChiralForm: > 0, Hydrogens: 1 } && before[i] != None)
                atoms[i] = atom with { ChiralForm = 3 - atom.ChiralForm };      // written second, behind the atom before; counted first here
        }
        return molecule;
    }

    // A counting sort by atom, which keeps the order of the text.
    private readonly (int[] Starts, int[] Ends) GatherEnds()
    {
        int[] starts = new int[atoms.Count + 1];
        foreach ((int atom, _) in CollectionsMarshal.AsSpan(ends)) starts[atom + 1]++;
        for (int i = 0; i < atoms.Count; i++) starts[i + 1] += starts[i];
        int[] gathered = new int[ends.Count], next = starts[..^1];
        foreach ((int atom, int bond) in CollectionsMarshal.AsSpan(ends)) gathered[next[atom]++] = bond;
        return (starts, gathered);
    }

    // Between aromatic atoms a bond without a symbol is aromatic in a ring, and single outside: the middle bond of c1ccccc1c1ccccc1.
    private static void SettleOrders(Molecule molecule, Bond[] bonds)
    {
        bool[]? inRing = null;
        for (int b = 0; b < bonds.Length; b++)
        {
            Bond bond = bonds[b];
            if (bond.Order is not (0 or BondOrder.Aromatic)) continue;
            bool aromatic = molecule.Atoms[bond.From].Aromatic && molecule.Atoms[bond.To].Aromatic;
            if (aromatic) bonds[b] = bond with { Order = (inRing ??= RingBonds.Find(molecule))[b] ? BondOrder.Aromatic : BondOrder.Single };
            else if (bond.Order == 0) bonds[b] = bond with { Order = BondOrder.Single };
        }
    }
}
