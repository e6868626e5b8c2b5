using System.Text;

namespace SmilesBert.Tokenization;

/// <summary>The new text that <see cref="TextPieces.Rewrite"/> collects, with the place in the molecule that each character came from.</summary>
internal sealed class Rewriting
{
    public StringBuilder Text { get; } = new();

    public List<int> Origins { get; } = [];

    public List<Piece> Pieces { get; } = [];

    public List<int> Removed { get; } = [];

    public void Append(char c, int origin)
    {
        Text.Append(c);
        Origins.Add(origin);
    }

    public void Append(Rune rune, int origin)
    {
        Span<char> chars = stackalloc char[2];
        foreach (char c in chars[..rune.EncodeToUtf16(chars)]) Append(c, origin);
    }
}
