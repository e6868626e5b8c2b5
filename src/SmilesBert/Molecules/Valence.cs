namespace SmilesBert.Molecules;

/// <summary>How many hydrogens an atom outside of brackets carries.</summary>
public static class Valence
{
    private static readonly int[] Boron = [3], Carbon = [4], Nitrogen = [3, 5], Oxygen = [2], Phosphorus = [3, 5, 7], Sulfur = [2, 4, 6];
    private static readonly int[] Halogen = [1], Iodine = [1, 3, 5];

    /// <summary>
    /// OpenSMILES 3.1.5: the hydrogens that lift the sum of an atom's bond orders to its next normal valence; an aromatic atom has one more
    /// bond in its ring system, and only its lowest valence counts. Phosphorus goes up to 7 and iodine to 5, as RDKit has it.
    /// </summary>
    /// <param name="element">The atom's element; 0 hydrogens for those that need brackets.</param>
    /// <param name="aromatic">Whether it is aromatic.</param>
    /// <param name="bonds">What <see cref="BondSum"/> gives for it.</param>
    public static int ImplicitHydrogens(int element, bool aromatic, int bonds)
    {
        ReadOnlySpan<int> valences = Normal(element);
        foreach (int valence in aromatic && valences.Length > 1 ? valences[..1] : valences)
            if (valence >= bonds) return valence - bonds;
        return 0;
    }

    /// <summary>Whether so many bonds leave no doubt which of an element's valences is meant.</summary>
    internal static bool IsWithinLowest(int element, int bonds) => Normal(element) is [int lowest, ..] && bonds <= lowest;

    /// <summary>Whether an element may stand outside of brackets, with hydrogens implied (the wildcard may too, and has none).</summary>
    internal static bool IsOrganic(int element) => element == Elements.Wildcard || Normal(element).Length > 0;

    /// <summary>The sum of an atom's bond orders: aromatic bonds count 1 each and 1 together, dative ones only at the taker, any-bonds not.</summary>
    public static int BondSum(Molecule molecule, int atom)
    {
        int sum = 0;
        bool aromatic = false;
        foreach (int bond in molecule.BondsOf(atom))
        {
            aromatic |= molecule.Bonds[bond].Order == BondOrder.Aromatic;
            sum += Share(molecule.Bonds[bond], atom);
        }
        return aromatic ? sum + 1 : sum;
    }

    /// <summary>What a bond takes up of an atom's valence, an aromatic one counted as single.</summary>
    internal static int Share(Bond bond, int atom) => bond.Order switch
    {
        BondOrder.Double => 2,
        BondOrder.Triple => 3,
        BondOrder.Quadruple => 4,
        BondOrder.Any => 0,
        BondOrder.Dative => bond.To == atom ? 1 : 0,
        _ => 1,
    };

    private static ReadOnlySpan<int> Normal(int element) => element switch
    {
        5 => Boron,
        6 => Carbon,
        7 => Nitrogen,
        8 => Oxygen,
        15 => Phosphorus,
        16 => Sulfur,
        9 or 17 or 35 => Halogen,
        53 => Iodine,
        _ => [],
    };
}
