namespace SmilesBert.Gpu.Simulator;

internal enum TokenKind { Identifier, Dotted, Number, String, Punctuation, End }

/// <summary>A word of PTX text. A dotted word (".f32", ".shared::cta") keeps its dot; <paramref name="End"/> is the offset behind it.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, int Start, int End)
{
    public bool Is(string text) => Kind is TokenKind.Punctuation or TokenKind.Dotted && Text == text;
}
