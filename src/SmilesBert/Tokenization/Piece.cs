namespace SmilesBert.Tokenization;

/// <summary>A stretch of text on its way to the model, or (with an id) an added token that was found in it.</summary>
/// <param name="Start">Where it begins in <see cref="TextPieces.Text"/>.</param>
/// <param name="End">Where it ends (exclusive).</param>
/// <param name="Id">The added token's id, or <see cref="None"/>.</param>
internal readonly record struct Piece(int Start, int End, int Id = Piece.None)
{
    public const int None = -1;

    public bool IsAddedToken => Id != None;
}
