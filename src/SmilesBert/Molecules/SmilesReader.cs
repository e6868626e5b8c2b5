using System.Diagnostics.CodeAnalysis;

namespace SmilesBert.Molecules;

/// <summary>
/// Reads SMILES as OpenSMILES 1.0 describes it (opensmiles.org), with what RDKit adds: bonds ~, -> and &lt;-, ring numbers %(123), elements
/// by number [#6], aromatic [te] and [si], charges ++ and --.
/// <para>A text is refused where its graph cannot be told: no atom where one is needed, an unknown element, a ring or branch that stays open,
/// a bond of two kinds, two bonds of one pair. Whether valences are normal and aromatic rings can alternate is not asked.</para>
/// </summary>
public static class SmilesReader
{
    /// <summary>The molecule that a text describes.</summary>
    /// <exception cref="InputException">It describes none: what was found, and at which character.</exception>
    public static Molecule Read(string smiles) =>
        TryRead(smiles, out Molecule? molecule, out SmilesProblem problem) ? molecule : throw new InputException(problem.Sentence(smiles));

    /// <summary>The molecule that a text describes; or the first problem that stands against it.</summary>
    public static bool TryRead(ReadOnlySpan<char> smiles, [NotNullWhen(true)] out Molecule? molecule, out SmilesProblem problem)
    {
        SmilesParser parser = new(smiles);
        molecule = parser.Run() ? parser.Build() : null;
        problem = parser.Problem;
        return molecule is not null;
    }

    /// <summary>Whether a text can be read, at a smaller price than reading it.</summary>
    public static bool CanRead(ReadOnlySpan<char> smiles, out SmilesProblem problem)
    {
        SmilesParser parser = new(smiles);
        bool good = parser.Run();
        problem = parser.Problem;
        return good;
    }
}
