namespace SmilesBert.Molecules;

/// <summary>The elements by atomic number: 1 (hydrogen) to 118; 0 is the wildcard *.</summary>
public static class Elements
{
    internal const int Wildcard = 0, Hydrogen = 1, Carbon = 6;

    private static readonly string[] Symbols =
    [
        "*",
        "H", "He",
        "Li", "Be", "B", "C", "N", "O", "F", "Ne",
        "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar",
        "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
        "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe",
        "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu",
        "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn",
        "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr",
        "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
    ];

    private static readonly string[] AromaticSymbols = ["b", "c", "n", "o", "p", "s", "se", "as", "te", "si"];

    private static readonly Dictionary<string, int> Numbers = Symbols.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ByText = Numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> AromaticByText =
        AromaticSymbols.ToDictionary(symbol => symbol, symbol => Numbers[char.ToUpperInvariant(symbol[0]) + symbol[1..]])
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many elements there are.</summary>
    public static int Count => Symbols.Length - 1;

    /// <summary>An element's symbol: "Cl" for 17; "*" for 0.</summary>
    public static string Symbol(int element) => Symbols[element];

    /// <summary>Whether an element is of the d or f block, zinc's group included.</summary>
    internal static bool IsTransitionMetal(int element) =>
        element is (>= 21 and <= 30) or (>= 39 and <= 48) or (>= 57 and <= 80) or (>= 89 and <= 112);

    /// <summary>The element that a symbol names, as it stands in brackets: "Cl", "*", and aromatic "c", "se"; false where it names none.</summary>
    public static bool TryFind(ReadOnlySpan<char> symbol, out int element, out bool aromatic)
    {
        aromatic = AromaticByText.TryGetValue(symbol, out element);
        return aromatic || ByText.TryGetValue(symbol, out element);
    }
}
