using System.Text;

namespace SmilesBert.Data;

/// <summary>
/// A name that equal molecules share, so that a split can keep them on one side: without stereo, and blind to how hydrogens are written.
/// It is a text form, not a canonical graph: two SMILES of one molecule that start at different atoms stay two names.
/// It errs towards one name for two molecules (tautomers, a radical and its parent), which costs a split nothing.
/// </summary>
public static class MoleculeIdentity
{
    private const int SkeletonLength = 14;
    private static readonly string[] PlainAtoms = ["B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I", "b", "c", "n", "o", "p", "s"];

    /// <summary>Whether a text has the form of an InChIKey: 14, 10 and 1 capitals joined by '-'.</summary>
    public static bool IsInChIKey(ReadOnlySpan<char> text)
    {
        if (text.Length != 27) return false;
        for (int i = 0; i < text.Length; i++)
            if (i is 14 or 25 ? text[i] != '-' : !char.IsAsciiLetterUpper(text[i])) return false;
        return true;
    }

    /// <summary>The part of an InChIKey that knows neither stereo nor charge: its first 14 characters.</summary>
    public static string OfInChIKey(string inchiKey) => inchiKey[..SkeletonLength];

    /// <summary>
    /// A SMILES without stereo marks (/ \ @), explicit hydrogens ([H] and its branch), hydrogen counts, single-bond marks and atom maps;
    /// a bracket that then says no more than its element is taken off: [C@@H] is C. What would leave nothing ([H][H]) stays as it is.
    /// </summary>
    public static string OfSmiles(string smiles)
    {
        StringBuilder text = new(smiles.Length);
        for (int i = 0; i < smiles.Length; i++)
        {
            char c = smiles[i];
            if (c == '[')
            {
                int end = smiles.IndexOf(']', i);
                if (end < 0) return smiles;
                ReadOnlySpan<char> inside = smiles.AsSpan(i + 1, end - i - 1);
                bool bondsARing = end + 1 < smiles.Length && (char.IsAsciiDigit(smiles[end + 1]) || smiles[end + 1] == '%');
                if (bondsARing || !inside.SequenceEqual("H")) AppendBracketAtom(text, inside);
                i = end;
            }
            else if (c == ')' && text.Length > 0 && text[^1] == '(') text.Length--;     // the branch was a hydrogen
            else if (c is not ('/' or '\\' or '-')) text.Append(c);
        }
        return text.Length == 0 ? smiles : text.ToString();
    }

    // [isotope element chirality hydrogens charge map], of which isotope, element and charge are kept.
    private static void AppendBracketAtom(StringBuilder text, ReadOnlySpan<char> inside)
    {
        int map = inside.IndexOf(':');
        if (map >= 0) inside = inside[..map];
        int at = 0;
        while (at < inside.Length && char.IsAsciiDigit(inside[at])) at++;
        ReadOnlySpan<char> isotope = inside[..at];

        int element = at++;
        if (at < inside.Length && char.IsAsciiLetterLower(inside[at])) at++;
        ReadOnlySpan<char> name = element < inside.Length ? inside[element..Math.Min(at, inside.Length)] : [];

        // Chirality is @, @@ or @ with a class (@TH1); hydrogens are H with a count. Only a charge comes after.
        int sign = inside.IndexOfAny('+', '-');
        ReadOnlySpan<char> charge = sign >= at ? inside[sign..] : [];

        bool plain = isotope.IsEmpty && charge.IsEmpty && Array.Exists(PlainAtoms, MatchesName(name.ToString()));
        if (plain) text.Append(name);
        else text.Append('[').Append(isotope).Append(name).Append(charge).Append(']');

        static Predicate<string> MatchesName(string name) => atom => atom == name;
    }
}
