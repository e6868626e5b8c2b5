using System.Buffers;
using System.Text;

namespace SmilesBert.Tokenization;

/// <summary>Finds added tokens ([CLS], [MASK], ...) where they stand in the text, the longest that fits at the first place.</summary>
internal sealed class AddedTokens : ITextStep
{
    private readonly AddedToken[] longestFirst;
    private readonly SearchValues<string> contents;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        longestFirst = [.. tokens.OrderByDescending(token => token.Content.Length)];
        contents = SearchValues.Create([.. longestFirst.Select(token => token.Content)], StringComparison.Ordinal);
    }

    public void Apply(TextPieces text)
    {
        if (text.Text.AsSpan().ContainsAny(contents)) text.Cut(Cut);
    }

    private void Cut(TextPieces text, Piece piece, List<Piece> pieces)
    {
        int done = piece.Start;
        for (int from = piece.Start; ;)
        {
            int offset = text.Text.AsSpan(from, piece.End - from).IndexOfAny(contents);
            if (offset < 0) break;
            int start = from + offset;
            ReadOnlySpan<char> rest = text.Text.AsSpan(start, piece.End - start);
            AddedToken token = FindAt(rest);
            int end = from = start + token.Content.Length;

            ReadOnlySpan<char> before = text.Text.AsSpan(piece.Start, start - piece.Start);
            if (token.SingleWord && (EndsWithWord(before) || StartsWithWord(rest[token.Content.Length..]))) continue;
            if (token.TakesSpaceBefore) while (start > done && char.IsWhiteSpace(text.Text[start - 1])) start--;
            if (token.TakesSpaceAfter) while (end < piece.End && char.IsWhiteSpace(text.Text[end])) end++;
            if (start > done) pieces.Add(new Piece(done, start));
            pieces.Add(new Piece(start, end, token.Id));
            done = from = end;
        }
        if (piece.End > done) pieces.Add(new Piece(done, piece.End));
    }

    private AddedToken FindAt(ReadOnlySpan<char> text)
    {
        foreach (AddedToken token in longestFirst)
            if (text.StartsWith(token.Content, StringComparison.Ordinal)) return token;
        throw new InvalidOperationException("the search found a token that is not there");
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';
}
