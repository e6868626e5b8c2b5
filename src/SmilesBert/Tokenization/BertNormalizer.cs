using System.Globalization;
using System.Text;

namespace SmilesBert.Tokenization;

/// <summary>
/// BERT's normalizer. Combining accents are taken off, but a letter that carries its accent within itself (é) keeps it:
/// taking it apart needs Unicode tables that the program does not carry, and no SMILES has one.
/// </summary>
internal sealed class BertNormalizer(bool cleanText, bool spaceChinese, bool stripAccents, bool lowercase) : ITextStep
{
    public void Apply(TextPieces text) => text.Rewrite(Rewrite);

    private void Rewrite(TextPieces text, Piece piece, Rewriting result)
    {
        int at = piece.Start;
        foreach (Rune rune in text.Span(piece).EnumerateRunes())
        {
            int origin = text.Origin(at);
            at += rune.Utf16SequenceLength;
            if ((cleanText && IsControl(rune)) || (stripAccents && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark))
                result.Removed.Add(origin);
            else if (cleanText && Rune.IsWhiteSpace(rune)) result.Append(' ', origin);
            else if (spaceChinese && IsChinese(rune.Value))
            {
                result.Append(' ', origin);
                result.Append(rune, origin);
                result.Append(' ', origin);
            }
            else result.Append(lowercase ? Rune.ToLowerInvariant(rune) : rune, origin);
        }
    }

    private static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && (rune.Value is 0 or 0xFFFD || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    // The CJK blocks that BERT's original code lists.
    private static bool IsChinese(int code) => code
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
