namespace SmilesBert.Molecules;

/// <summary>
/// Bemis-Murcko scaffolds: the rings of a molecule and the chains between them (Bemis and Murcko, 1996, doi:10.1021/jm9602928), with the atoms
/// that hang on them by double bonds, as RDKit has it.
/// </summary>
public static class Scaffold
{
    /// <summary>
    /// A molecule's scaffold, without stereo; hydrogens stand where substituents were. Each piece of a salt has its own. It has no atom where
    /// there is no ring.
    /// </summary>
    public static Molecule Of(Molecule molecule)
    {
        Molecule whole = Skeleton.Of(molecule);
        ReadOnlySpan<Bond> bonds = whole.Bonds;
        int count = whole.Atoms.Length;
        bool[] keep = RingsAndChains(whole);

        // A double bond brings its atom along, but not what hangs on that in turn.
        bool[] scaffold = [.. keep];
        foreach (Bond bond in bonds)
            if (bond.Order == BondOrder.Double && keep[bond.From] != keep[bond.To]) scaffold[bond.From] = scaffold[bond.To] = true;

        int[] gained = new int[count];
        for (int atom = 0; atom < count; atom++)
            if (scaffold[atom]) gained[atom] = HydrogensGained(whole, atom, scaffold);
        return whole.Part(scaffold, gained);
    }

    // What stands where substituents were: hydrogens up to the next normal valence (phosphorus of five bonds that loses two has none to gain),
    // or one for one where there is none to look up: on aromatic atoms, charges and rarer elements. Metals of the d and f block take none.
    private static int HydrogensGained(Molecule molecule, int place, bool[] scaffold)
    {
        Atom atom = molecule.Atoms[place];
        int freed = 0;
        foreach (int bond in molecule.BondsOf(place))
            if (!scaffold[molecule.Bonds[bond].Other(place)]) freed += Valence.Share(molecule.Bonds[bond], place);
        if (freed == 0 || Elements.IsTransitionMetal(atom.Element)) return 0;
        if (atom.Aromatic || atom.Charge != 0 || !Valence.IsOrganic(atom.Element)) return freed;
        return Valence.ImplicitHydrogens(atom.Element, aromatic: false, Valence.BondSum(molecule, place) - freed) - atom.Hydrogens;
    }

    // Ends of chains fall away one after the other, until rings and what joins them are left; a chain without rings falls away whole.
    private static bool[] RingsAndChains(Molecule molecule)
    {
        int count = molecule.Atoms.Length;
        bool[] keep = new bool[count];
        int[] bondsLeft = new int[count];
        Stack<int> ends = [];
        for (int i = 0; i < count; i++)
        {
            keep[i] = true;
            bondsLeft[i] = molecule.BondsOf(i).Length;
            if (bondsLeft[i] <= 1) ends.Push(i);
        }
        while (ends.TryPop(out int end))
        {
            if (!keep[end]) continue;
            keep[end] = false;
            foreach (int bond in molecule.BondsOf(end))
            {
                int other = molecule.Bonds[bond].Other(end);
                if (keep[other] && --bondsLeft[other] <= 1) ends.Push(other);
            }
        }
        return keep;
    }
}
