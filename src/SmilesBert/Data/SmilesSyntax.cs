namespace SmilesBert.Data;

/// <summary>
/// What can be a SMILES at all, seen from its characters: atoms of the organic subset, bracket atoms, bonds, branches, ring digits,
/// and the marks of reactions and wildcards. Whether the chemistry holds is not asked.
/// </summary>
public static class SmilesSyntax
{
    private const string Marks = "=#-+$:~/\\.%@?>*0123456789";
    private const string Atoms = "BCNOSPFIbcnosp";

    /// <summary>Why a text cannot be read as a SMILES, as the end of a sentence; null when it can.</summary>
    public static string? Problem(ReadOnlySpan<char> smiles)
    {
        if (smiles.IsEmpty) return "the SMILES is empty";
        int depth = 0, atoms = 0;
        for (int i = 0; i < smiles.Length; i++)
        {
            char c = smiles[i];
            if (c == '[')
            {
                int length = smiles[i..].IndexOf(']');
                if (length < 0) return $"{Quote(smiles)} is no SMILES: the '[' at character {i + 1} is never closed";
                if (!IsBracketAtom(smiles.Slice(i + 1, length - 1)))
                    return $"{Quote(smiles)} is no SMILES: {Quote(smiles.Slice(i, length + 1))} at character {i + 1} is no atom";
                atoms++;
                i += length;
            }
            else if (c == '(') depth++;
            else if (c == ')')
            {
                if (--depth < 0) return $"{Quote(smiles)} is no SMILES: the ')' at character {i + 1} closes nothing";
            }
            else if (Atoms.Contains(c))
            {
                atoms++;
                char second = i + 1 < smiles.Length ? smiles[i + 1] : '\0';
                if ((c == 'C' && second == 'l') || (c == 'B' && second == 'r')) i++;
            }
            else if (c == '*') atoms++;
            else if (!Marks.Contains(c))
                return $"{Quote(smiles)} is no SMILES: {(char.IsWhiteSpace(c) ? "white space" : $"'{c}'")} at character {i + 1}";
        }
        if (depth > 0) return $"{Quote(smiles)} is no SMILES: a '(' is never closed";
        return atoms == 0 ? $"{Quote(smiles)} is no SMILES: it has no atom" : null;
    }

    /// <summary>
    /// Whether a text is most likely a SMILES: it can be read as one, names an element, and every ring that opens closes.
    /// Numbers, InChI strings, InChIKeys and formulas (C2H6O) are none; short words of the right letters (CO, NO, CI) cannot be told apart.
    /// </summary>
    public static bool LooksLike(ReadOnlySpan<char> text) =>
        Problem(text) is null && (text.ContainsAnyInRange('A', 'Z') || text.ContainsAnyInRange('a', 'z')) && RingsClose(text);

    /// <summary>The text up to its first white space, without any at its start.</summary>
    public static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        int end = line.IndexOfAny(' ', '\t');
        return end < 0 ? line : line[..end];
    }

    private static bool IsBracketAtom(ReadOnlySpan<char> inside)
    {
        bool named = false;
        foreach (char c in inside)
        {
            if (char.IsAsciiLetter(c) || c is '*' or '#') named = true;
            else if (!char.IsAsciiDigit(c) && c is not ('+' or '-' or '@' or ':')) return false;
        }
        return named;
    }

    private static bool RingsClose(ReadOnlySpan<char> smiles)
    {
        if (smiles.Contains("%(", StringComparison.Ordinal)) return true;   // three-digit rings: too rare to be followed here
        UInt128 open = 0;
        for (int i = 0; i < smiles.Length; i++)
        {
            char c = smiles[i];
            if (c == '[') i += smiles[i..].IndexOf(']');
            else if (char.IsAsciiDigit(c)) open ^= UInt128.One << (c - '0');
            else if (c == '%')
            {
                if (i + 2 >= smiles.Length || !char.IsAsciiDigit(smiles[i + 1]) || !char.IsAsciiDigit(smiles[i + 2])) return false;
                open ^= UInt128.One << ((smiles[i + 1] - '0') * 10 + smiles[i + 2] - '0');
                i += 2;
            }
        }
        return open == 0;
    }

    private static string Quote(ReadOnlySpan<char> text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..57]}...'";
}
