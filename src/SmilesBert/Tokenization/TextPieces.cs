namespace SmilesBert.Tokenization;

/// <summary>
/// A molecule's text while the steps of a tokenizer (<see cref="ITextStep"/>) rewrite it and cut it into pieces. It remembers where each
/// character of the rewritten text came from, so that what is lost can be shown as it stood in the molecule.
/// Text between two pieces has been passed over.
/// </summary>
internal sealed class TextPieces(string molecule)
{
    private List<int>? origins; // per character of Text, its place in the molecule; null while the text is the molecule's own

    public string Molecule { get; } = molecule;

    public string Text { get; private set; } = molecule;

    public List<Piece> Pieces { get; private set; } = molecule.Length == 0 ? [] : [new Piece(0, molecule.Length)];

    /// <summary>Places in the molecule of characters that a step took out of the text.</summary>
    public List<int>? Removed { get; private set; }

    public ReadOnlySpan<char> Span(Piece piece) => Text.AsSpan(piece.Start, piece.End - piece.Start);

    /// <summary>Replaces every piece by those that <paramref name="cut"/> adds for it, in order; added tokens stay whole.</summary>
    public void Cut(Action<TextPieces, Piece, List<Piece>> cut)
    {
        List<Piece> result = new(Math.Max(Pieces.Count, Text.Length));
        foreach (Piece piece in Pieces)
            if (piece.IsAddedToken) result.Add(piece);
            else cut(this, piece, result);
        Pieces = result;
    }

    /// <summary>
    /// Replaces every piece's text by what <paramref name="rewrite"/> appends for it; added tokens and passed-over text stay as they are.
    /// </summary>
    public void Rewrite(Action<TextPieces, Piece, Rewriting> rewrite)
    {
        Rewriting result = new();
        int done = 0;
        foreach (Piece piece in Pieces)
        {
            Copy(done, piece.Start, result);
            int start = result.Text.Length;
            if (piece.IsAddedToken) Copy(piece.Start, piece.End, result);
            else rewrite(this, piece, result);
            if (result.Text.Length > start) result.Pieces.Add(piece with { Start = start, End = result.Text.Length });
            done = piece.End;
        }
        Copy(done, Text.Length, result);
        (Text, origins, Pieces) = (result.Text.ToString(), result.Origins, result.Pieces);
        if (result.Removed.Count > 0) (Removed ??= []).AddRange(result.Removed);
    }

    /// <summary>The place in the molecule that a character of <see cref="Text"/> came from.</summary>
    public int Origin(int index) => origins is null ? index : origins[index];

    /// <summary>The stretch of the molecule, as it was given, that a stretch of <see cref="Text"/> stands for.</summary>
    public (int Position, string Text) Original(int start, int end)
    {
        int from = Origin(start);
        int to = end;
        while (to < Text.Length && Origin(to) <= Origin(end - 1)) to++; // the other bytes of the same character
        return (from, Molecule[from..(to < Text.Length ? Origin(to) : Molecule.Length)]);
    }

    /// <summary>Whether a stretch of <see cref="Text"/> is only spaces that a step put in, so that passing over it loses nothing.</summary>
    public bool IsInserted(int start, int end)
    {
        for (int i = start; i < end; i++)
            if (Text[i] != ' ' || char.IsWhiteSpace(Molecule[Origin(i)])) return false;
        return true;
    }

    private void Copy(int start, int end, Rewriting result)
    {
        for (int i = start; i < end; i++) result.Append(Text[i], Origin(i));
    }
}
