namespace SmilesBert.Tokenization;

/// <summary>Every piece is one entry of the vocabulary, or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, int unknownId) : ITokenModel
{
    public void Encode(TextPieces text, Piece piece, EncodingBuilder output)
    {
        if (vocabulary.TryGetId(text.Span(piece), out int id))
        {
            output.Add(id);
            return;
        }
        output.Unknown(piece.Start, piece.End);
        output.Add(unknownId);
    }
}
