using SmilesBert.Molecules;

namespace SmilesBert.Data;

/// <summary>What a row may hold: a molecule, or a reaction (reactants>agents>products), as far as <see cref="SmilesReader"/> reads it.</summary>
public static class SmilesSyntax
{
    /// <summary>Why a text cannot be read as a SMILES, as the end of a sentence with the character; null when it can.</summary>
    public static string? Problem(ReadOnlySpan<char> smiles)
    {
        if (smiles.IsEmpty) return "the SMILES is empty";
        if (smiles.Count('>') > smiles.Count("->")) return ProblemOfReaction(smiles);
        return SmilesReader.CanRead(smiles, out SmilesProblem problem) ? null : problem.Sentence(smiles);
    }

    /// <summary>
    /// Whether a text is most likely a SMILES: it can be read as one and names an element. Numbers, InChI strings, InChIKeys and formulas
    /// (C2H6O) are none; short words of the right letters (CO, NO, CI) cannot be told apart.
    /// </summary>
    public static bool LooksLike(ReadOnlySpan<char> text) =>
        (text.ContainsAnyInRange('A', 'Z') || text.ContainsAnyInRange('a', 'z')) && Problem(text) is null;

    /// <summary>The text up to its first white space, without any at its start.</summary>
    public static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        int end = line.IndexOfAny(' ', '\t');
        return end < 0 ? line : line[..end];
    }

    // Three parts, any of which may be empty, but not all. The '>' of a dative bond (->) divides nothing.
    private static string? ProblemOfReaction(ReadOnlySpan<char> reaction)
    {
        int start = 0, parts = 0, molecules = 0;
        for (int i = 0; i <= reaction.Length; i++)
        {
            bool ends = i == reaction.Length || (reaction[i] == '>' && (i == start || reaction[i - 1] != '-'));
            if (!ends) continue;
            if (++parts > 3) return new SmilesProblem(start, "a reaction has three parts, and a fourth begins").Sentence(reaction);
            if (i > start)
            {
                if (!SmilesReader.CanRead(reaction[start..i], out SmilesProblem problem))
                    return (problem with { Position = problem.Position + start }).Sentence(reaction);
                molecules++;
            }
            start = i + 1;
        }
        if (parts < 3)
            return new SmilesProblem(reaction.Length, "a reaction has three parts, divided by '>', and only two are here").Sentence(reaction);
        return molecules == 0 ? new SmilesProblem(1, "it has no atom").Sentence(reaction) : null;
    }
}
