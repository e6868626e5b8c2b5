using System.Text;

namespace SmilesBert.Tokenization;

/// <summary>
/// GPT-2's pre-tokenizer: cuts into words, numbers and other runs, then writes every byte of the text's UTF-8 as one printable character,
/// so that a vocabulary of 256 characters covers every text.
/// </summary>
/// <param name="addPrefixSpace">Whether a piece that does not begin with a space is given one.</param>
/// <param name="cutWords">Whether to cut, or only to write bytes.</param>
internal sealed class ByteLevel(bool addPrefixSpace, bool cutWords) : ITextStep
{
    /// <summary>The character that stands for each byte: itself where it is printable Latin-1, else the next free one from U+0100 on.</summary>
    public static IReadOnlyList<char> Alphabet { get; } = MakeAlphabet();

    public void Apply(TextPieces text)
    {
        if (addPrefixSpace) text.Rewrite(Prefix);
        if (cutWords) text.Cut(CutWords);
        // Visible ASCII stands for itself, and that is nearly all SMILES.
        if (text.Text.AsSpan().ContainsAnyExceptInRange('!', '~')) text.Rewrite(WriteBytes);
    }

    private static void Prefix(TextPieces text, Piece piece, Rewriting result)
    {
        if (text.Text[piece.Start] != ' ') result.Append(' ', text.Origin(piece.Start));
        for (int i = piece.Start; i < piece.End; i++) result.Append(text.Text[i], text.Origin(i));
    }

    /// <summary>The expression <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.</summary>
    private static void CutWords(TextPieces text, Piece piece, List<Piece> pieces)
    {
        ReadOnlySpan<char> rest = text.Span(piece);
        for (int start = piece.Start; rest.Length > 0;)
        {
            int length = WordLength(rest);
            pieces.Add(new Piece(start, start + length));
            start += length;
            rest = rest[length..];
        }
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && text.Length > 1)
        {
            if (text[1] is 's' or 't' or 'm' or 'd') return 2;
            if (text.Length > 2 && text[1..3] is "re" or "ve" or "ll") return 3;
        }

        int space = text[0] == ' ' ? 1 : 0;
        int run = RunLength(text[space..], out Kind kind);
        if (run > 0 && kind != Kind.Space) return space + run;

        // White space: its last character is left to the word that follows, unless it is the only one.
        run = RunLength(text, out _);
        return run == text.Length || run == 1 ? run : run - 1;
    }

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    private static int RunLength(ReadOnlySpan<char> text, out Kind first)
    {
        first = default;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Kind kind = Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Number : Kind.Other;
            if (length == 0) first = kind;
            if (kind != first) break;
            length += rune.Utf16SequenceLength;
        }
        return length;
    }

    private static void WriteBytes(TextPieces text, Piece piece, Rewriting result)
    {
        Span<byte> bytes = stackalloc byte[4];
        int at = piece.Start;
        foreach (Rune rune in text.Span(piece).EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)]) result.Append(Alphabet[value], text.Origin(at));
            at += rune.Utf16SequenceLength;
        }
    }

    private static char[] MakeAlphabet()
    {
        char[] alphabet = new char[256];
        int free = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            alphabet[value] = (char)(printable ? value : free++);
        }
        return alphabet;
    }
}
