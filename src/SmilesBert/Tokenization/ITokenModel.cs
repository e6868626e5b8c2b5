namespace SmilesBert.Tokenization;

/// <summary>What turns one piece of text into token ids: a word list, WordPiece or byte-pair encoding.</summary>
internal interface ITokenModel
{
    void Encode(TextPieces text, Piece piece, EncodingBuilder output);
}
