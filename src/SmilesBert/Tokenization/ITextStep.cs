namespace SmilesBert.Tokenization;

/// <summary>One step on a text's way to the model: it finds added tokens, normalises, or cuts into pieces.</summary>
internal interface ITextStep
{
    void Apply(TextPieces text);
}
