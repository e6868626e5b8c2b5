namespace SmilesBert.Gpu.Simulator;

/// <summary>Cuts PTX text into tokens; remembers comments by line, because a fault quotes them.</summary>
internal sealed class PtxLexer
{
    private readonly string text;
    private readonly List<Token> tokens = [];
    private int at;
    private int line = 1;

    private PtxLexer(string text) => this.text = text;

    public IReadOnlyList<Token> Tokens => tokens;

    /// <summary>Line -> the text of its comment.</summary>
    public Dictionary<int, string> Comments { get; } = [];

    public static PtxLexer Read(string text)
    {
        PtxLexer lexer = new(text);
        while (lexer.Next()) { }
        lexer.tokens.Add(new Token(TokenKind.End, "end of text", lexer.line, text.Length, text.Length));
        return lexer;
    }

    private bool Next()
    {
        SkipBlanks();
        if (at >= text.Length) return false;

        int start = at;
        char c = text[at];
        TokenKind kind = c switch
        {
            '"' => QuotedString(),
            '.' when at + 1 < text.Length && IsFollow(text[at + 1]) => Dotted(),
            _ when char.IsAsciiDigit(c) => Number(),
            _ when char.IsAsciiLetter(c) || c is '_' or '$' or '%' => Identifier(),
            _ when "@!,;:{}[]()<>=+-|*".Contains(c) => Punctuation(),
            _ => throw new PtxException(line, $"character '{c}' is not PTX"),
        };
        tokens.Add(new Token(kind, text[start..at], line, start, at));
        return true;
    }

    private static bool IsFollow(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$';

    private TokenKind Punctuation()
    {
        at++;
        return TokenKind.Punctuation;
    }

    private TokenKind Identifier()
    {
        at++;
        while (at < text.Length && IsFollow(text[at])) at++;
        return TokenKind.Identifier;
    }

    private TokenKind Dotted()
    {
        at++;
        while (at < text.Length && (IsFollow(text[at]) || IsDoubleColon(at) || IsDoubleColon(at - 1))) at++;
        return TokenKind.Dotted;
    }

    private bool IsDoubleColon(int i) => i + 1 < text.Length && text[i] == ':' && text[i + 1] == ':';

    // 12, 0x1F, 0b11, 12U, 0f3F800000, 0d3FF0000000000000, 1.5, 1e-3
    private TokenKind Number()
    {
        bool isHex = text[at] == '0' && at + 1 < text.Length && text[at + 1] is 'x' or 'X' or 'f' or 'F' or 'd' or 'D';
        while (at < text.Length && (IsFollow(text[at]) || (text[at] == '.' && !isHex) || IsExponentSign(isHex))) at++;
        return TokenKind.Number;
    }

    private bool IsExponentSign(bool isHex) => !isHex && text[at] is '+' or '-' && text[at - 1] is 'e' or 'E';

    private TokenKind QuotedString()
    {
        int end = text.IndexOf('"', at + 1);
        if (end < 0) throw new PtxException(line, "a string is not closed");
        at = end + 1;
        return TokenKind.String;
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (text[at] == '\n') line++;
            if (char.IsWhiteSpace(text[at]) || text[at] == '\0') { at++; continue; }

            if (string.CompareOrdinal(text, at, "//", 0, 2) == 0)
            {
                int end = text.IndexOf('\n', at);
                if (end < 0) end = text.Length;
                Comments[line] = text[(at + 2)..end].Trim();
                at = end;
            }
            else if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0) throw new PtxException(line, "a comment is not closed");
                Comments[line] = text[(at + 2)..end].Trim();
                line += text.AsSpan(at, end - at).Count('\n');
                at = end + 2;
            }
            else
            {
                return;
            }
        }
    }
}
