using SmilesBert.Molecules;

namespace SmilesBert.Tests.Molecules;

/// <summary>The stereo of a molecule whose atoms carry map numbers, said in those numbers, so that two writings can be compared.</summary>
internal static class StereoSigns
{
    /// <summary>Each centre with its sense, each double bond with its sides, sorted.</summary>
    public static string[] Of(Molecule molecule)
    {
        List<string> signs = [];
        for (int atom = 0; atom < molecule.Atoms.Length; atom++)
            if (molecule.Atoms[atom] is { ChiralClass: ChiralClass.Tetrahedral, ChiralForm: > 0 }) signs.Add($"{Name(atom)}: {Sense(atom)}");
        foreach (Bond bond in molecule.Bonds)
            if (bond.Order == BondOrder.Double && Side(bond.From, bond.To) is int one && Side(bond.To, bond.From) is int other)
                signs.Add($"{Math.Min(Name(bond.From), Name(bond.To))}={Math.Max(Name(bond.From), Name(bond.To))}: {one * other}");
        return [.. signs.Order(StringComparer.Ordinal)];

        int Name(int atom) => molecule.Atoms[atom].Map;

        int Sense(int atom)
        {
            int[] names = Neighbours(atom);
            int swaps = 0;
            for (int i = 0; i < names.Length; i++) swaps += names[(i + 1)..].Count(later => later < names[i]);
            return (molecule.Atoms[atom].ChiralForm + swaps) % 2;
        }

        // Above (1) or below (-1): where the lowest-named neighbour of one end of a double bond lies; a marked one says it of its twin too.
        int? Side(int atom, int partner)
        {
            int lowest = Neighbours(atom).Where(name => name != Name(partner)).DefaultIfEmpty().Min();
            foreach (int place in molecule.BondsOf(atom))
            {
                Bond bond = molecule.Bonds[place];
                if (bond.Direction == BondDirection.None) continue;
                int above = bond.Direction == BondDirection.Up == (bond.From == atom) ? 1 : -1;
                return Name(bond.Other(atom)) == lowest ? above : -above;
            }
            return null;
        }

        int[] Neighbours(int atom) => [.. molecule.BondsOf(atom).ToArray().Select(bond => Name(molecule.Bonds[bond].Other(atom)))];
    }
}
