using System.Text.RegularExpressions;

namespace SmilesBert.Tokenization;

/// <summary>Cuts at a regular expression: the Split pre-tokenizer of a tokenizer.json.</summary>
/// <param name="source">The file, for messages.</param>
/// <param name="pattern">The expression, with a limit of time: some take for ever on some texts.</param>
/// <param name="keepMatches">Whether matches become pieces, or are passed over.</param>
/// <param name="keepOthers">Whether what lies between matches becomes pieces, or is passed over.</param>
internal sealed class RegexSplit(string source, Regex pattern, bool keepMatches, bool keepOthers) : ITextStep
{
    public void Apply(TextPieces text) => text.Cut(Cut);

    private void Cut(TextPieces text, Piece piece, List<Piece> pieces)
    {
        int done = piece.Start;
        try
        {
            foreach (ValueMatch match in pattern.EnumerateMatches(text.Span(piece)))
            {
                int start = piece.Start + match.Index;
                if (keepOthers) Add(done, start);
                done = start + match.Length;
                if (keepMatches) Add(start, done);
            }
        }
        catch (RegexMatchTimeoutException problem)
        {
            throw new InputException($"{source}: the Split pattern {pattern} takes too long on a text of {piece.End - piece.Start} characters.", problem);
        }
        if (keepOthers) Add(done, piece.End);

        void Add(int start, int end)
        {
            if (end > start) pieces.Add(new Piece(start, end));
        }
    }
}
