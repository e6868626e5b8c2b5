namespace SmilesBert.Molecules;

/// <summary>A molecule with its hydrogens as counts.</summary>
internal static class Skeleton
{
    /// <summary>
    /// The molecule without the hydrogen atoms that a count says as well ([H]O[H] becomes O), and without stereo. Hydrogens with an isotope, a
    /// charge or two bonds stay.
    /// </summary>
    public static Molecule Of(Molecule molecule)
    {
        ReadOnlySpan<Atom> atoms = molecule.Atoms;
        bool[] keep = new bool[atoms.Length];
        int[] gained = new int[atoms.Length];
        Array.Fill(keep, true);
        for (int i = 0; i < atoms.Length; i++)
        {
            ReadOnlySpan<int> own = molecule.BondsOf(i);
            if (atoms[i] is not { Element: Elements.Hydrogen, Isotope: 0, Charge: 0, Hydrogens: 0 } || own.Length != 1) continue;
            int heavy = molecule.Bonds[own[0]].Other(i);
            if (!keep[heavy]) continue;         // of two hydrogens bonded to each other one stays
            keep[i] = false;
            gained[heavy]++;
        }
        return molecule.Part(keep, gained);
    }
}
