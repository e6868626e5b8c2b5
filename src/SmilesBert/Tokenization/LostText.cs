namespace SmilesBert.Tokenization;

/// <summary>A stretch of a molecule's text that no entry of the vocabulary stands for.</summary>
/// <param name="Position">Where it begins in the text, in characters from 0.</param>
/// <param name="Text">The stretch itself.</param>
/// <param name="Skipped">True: the tokenizer passed over it and no token stands in its place; false: it became the unknown token.</param>
public readonly record struct LostText(int Position, string Text, bool Skipped);
