using System.Globalization;
using System.Text;

namespace SmilesBert.Tokenization;

/// <summary>Cuts into runs of characters of one kind: the pre-tokenizers WhitespaceSplit, Whitespace and BertPreTokenizer.</summary>
internal sealed class WordSplit(Func<Rune, WordSplit.Kind> classify) : ITextStep
{
    internal enum Kind
    {
        /// <summary>Passed over.</summary>
        Space,

        /// <summary>One piece a run.</summary>
        Word,

        /// <summary>One piece a run, apart from words.</summary>
        Symbol,

        /// <summary>A piece of its own.</summary>
        Alone,
    }

    /// <summary>Pieces are what stands between white space.</summary>
    public static WordSplit AtWhiteSpace { get; } = new(rune => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Word);

    /// <summary>Pieces match \w+|[^\w\s]+.</summary>
    public static WordSplit WordsAndSymbols { get; } = new(rune => Rune.IsWhiteSpace(rune) ? Kind.Space : IsWord(rune) ? Kind.Word : Kind.Symbol);

    /// <summary>BERT's: words, and every punctuation character alone.</summary>
    public static WordSplit Bert { get; } = new(rune => Rune.IsWhiteSpace(rune) ? Kind.Space : IsPunctuation(rune) ? Kind.Alone : Kind.Word);

    public void Apply(TextPieces text) => text.Cut(Cut);

    private void Cut(TextPieces text, Piece piece, List<Piece> pieces)
    {
        int start = piece.Start;
        int end = start;
        Kind run = Kind.Space;
        foreach (Rune rune in text.Span(piece).EnumerateRunes())
        {
            Kind kind = classify(rune);
            if (kind != run || kind == Kind.Alone)
            {
                if (run != Kind.Space) pieces.Add(new Piece(start, end));
                (start, run) = (end, kind);
            }
            end += rune.Utf16SequenceLength;
        }
        if (run != Kind.Space) pieces.Add(new Piece(start, end));
    }

    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;

    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value) == false
        && rune.Value is > 0x20 and < 0x7F);
}
