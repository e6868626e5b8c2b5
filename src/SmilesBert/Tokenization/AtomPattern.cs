namespace SmilesBert.Tokenization;

/// <summary>
/// Cuts SMILES into atoms, bonds, rings and branches: the regular expression of P. Schwaller et al., "Molecular Transformer" (2019),
/// that rxnfp, rxnmapper and DeepChem's SmilesTokenizer share, as a scanner. What it does not know is passed over.
/// </summary>
internal sealed class AtomPattern : ITextStep
{
    /// <summary>The regular expression that the scanner stands for, as a tokenizer.json holds it.</summary>
    public const string Regex =
        @"(\[[^\]]+]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|\/|:|~|@|\?|>>?|\*|\$|\%[0-9]{2}|[0-9])";

    public void Apply(TextPieces text) => text.Cut(Cut);

    private static void Cut(TextPieces text, Piece piece, List<Piece> pieces)
    {
        ReadOnlySpan<char> span = text.Span(piece);
        for (int at = 0; at < span.Length;)
        {
            int length = MatchLength(span[at..]);
            if (length > 0) pieces.Add(new Piece(piece.Start + at, piece.Start + at + length));
            at += Math.Max(length, 1);
        }
    }

    /// <summary>The length of the token that <paramref name="text"/> (not empty) begins with; 0 when it begins with none.</summary>
    public static int MatchLength(ReadOnlySpan<char> text)
    {
        char next = text.Length > 1 ? text[1] : '\0';
        switch (text[0])
        {
            case '[':
                int inside = text[1..].IndexOf(']');
                return inside > 0 ? inside + 2 : 0;
            case 'B':
                return next == 'r' ? 2 : 1;
            case 'C':
                return next == 'l' ? 2 : 1;
            case '>':
                return next == '>' ? 2 : 1;
            case '%':
                return char.IsAsciiDigit(next) && text.Length > 2 && char.IsAsciiDigit(text[2]) ? 3 : 0;
            case 'N' or 'O' or 'S' or 'P' or 'F' or 'I' or 'b' or 'c' or 'n' or 'o' or 's' or 'p':
            case '(' or ')' or '.' or '=' or '#' or '-' or '+' or '\\' or '/' or ':' or '~' or '@' or '?' or '*' or '$':
            case >= '0' and <= '9':
                return 1;
            default:
                return 0;
        }
    }
}
