namespace SmilesBert.Gpu.Simulator;

/// <summary>Reads a module: directives at the top, then entries. Statements inside bodies are in the other half of this class.</summary>
internal sealed partial class PtxParser
{
    private readonly string text;
    private readonly IReadOnlyList<Token> tokens;
    private readonly Dictionary<int, string> comments;
    private readonly Scope moduleScope = new(null);
    private readonly List<PtxEntry> entries = [];
    private int at;

    private PtxParser(string text)
    {
        PtxLexer lexer = PtxLexer.Read(text);
        this.text = text;
        tokens = lexer.Tokens;
        comments = lexer.Comments;
    }

    public static IReadOnlyList<PtxEntry> Parse(string text)
    {
        PtxParser parser = new(text);
        while (parser.Peek.Kind != TokenKind.End) parser.ModuleItem();
        return parser.entries;
    }

    private Token Peek => tokens[at];

    private Token Take() => Peek.Kind == TokenKind.End ? throw EndsTooEarly() : tokens[at++];

    private PtxException EndsTooEarly() => new(Peek.Line, "the text ends too early");

    private bool TryTake(string text)
    {
        if (!Peek.Is(text)) return false;
        at++;
        return true;
    }

    private void Expect(string text)
    {
        if (Peek.Kind == TokenKind.End) throw EndsTooEarly();
        if (!TryTake(text)) throw new PtxException(Peek.Line, $"found '{Peek.Text}', expected '{text}'");
    }

    private Token Expect(TokenKind kind) => Peek.Kind == kind ? Take()
        : Peek.Kind == TokenKind.End ? throw EndsTooEarly()
        : throw new PtxException(Peek.Line, $"found '{Peek.Text}', expected {kind.ToString().ToLowerInvariant()}");

    private int Integer()
    {
        Token token = Expect(TokenKind.Number);
        Literal literal = Literal.Parse(token.Text, token.Line);
        return literal.Kind == Literal.Form.Integer && literal.Bits <= int.MaxValue
            ? (int)literal.Bits
            : throw new PtxException(token.Line, $"'{token.Text}' is not a small integer");
    }

    private void ModuleItem()
    {
        Token token = Take();
        if (token.Kind != TokenKind.Dotted) throw new PtxException(token.Line, $"found '{token.Text}', expected a directive");

        switch (token.Text)
        {
            case ".version": Expect(TokenKind.Number); break;
            case ".target": SkipLine(token.Line); break;
            case ".address_size":
                if (Integer() is int bits && bits != 64) throw new PtxException(token.Line, $".address_size {bits} is not supported, only 64");
                break;
            case ".file" or ".loc": SkipLine(token.Line); break;
            case ".section": SkipSection(); break;
            case ".pragma": SkipStatement(); break;
            case ".visible" or ".extern" or ".weak" or ".common": break;
            case ".entry": Entry(); break;
            case ".shared" or ".global" or ".const": VariableDeclaration(token, moduleScope); break;
            default: throw new PtxException(token.Line, $"directive '{token.Text}' is not supported");
        }
    }

    private void SkipLine(int line)
    {
        while (Peek.Line == line && Peek.Kind != TokenKind.End) at++;
    }

    private void SkipStatement()
    {
        while (!Take().Is(";")) { }
    }

    private void SkipSection()
    {
        while (!Take().Is("}")) { }
    }

    private void Entry()
    {
        Token name = Expect(TokenKind.Identifier);
        EntryBuilder builder = new(name.Text, name.Line);
        Scope scope = new(moduleScope);
        if (TryTake("("))
        {
            while (!TryTake(")"))
            {
                Token space = Take();
                if (!space.Is(".param")) throw new PtxException(space.Line, $"found '{space.Text}', expected '.param'");
                foreach (Variable parameter in Variables(StateSpace.Param, until: ",)"))
                {
                    builder.AddParameter(parameter);
                    scope.Declare(parameter, space.Line);
                }
                TryTake(",");
            }
        }

        while (Peek.Kind == TokenKind.Dotted) PerformanceDirective(builder);
        if (TryTake(";")) return;                                       // a declaration alone

        Expect("{");
        Body(builder, scope);
        entries.Add(builder.Build());
    }

    private void PerformanceDirective(EntryBuilder builder)
    {
        Token token = Take();
        if (token.Text is not (".maxntid" or ".reqntid" or ".minnctapersm" or ".maxnctapersm" or ".maxnreg"))
            throw new PtxException(token.Line, $"directive '{token.Text}' is not supported");

        int product = 1;
        do { product *= Integer(); } while (TryTake(","));
        if (token.Text == ".maxntid") builder.MaxThreads = product;
        if (token.Text == ".reqntid") builder.RequiredThreads = product;
    }

    private void VariableDeclaration(Token space, Scope scope)
    {
        StateSpace stateSpace = space.Text switch
        {
            ".shared" => StateSpace.Shared,
            ".local" => StateSpace.Local,
            ".const" => StateSpace.Const,
            _ => StateSpace.Global,
        };
        foreach (Variable variable in Variables(stateSpace, until: ";")) scope.Declare(variable, space.Line);
        Expect(";");
    }

    // .align 16 .b8 a[64], b[8][4] = {...}; the space's name is already read.
    private List<Variable> Variables(StateSpace space, string until)
    {
        int alignment = 0, lanes = 1;
        PtxType? type = null;
        while (Peek.Kind == TokenKind.Dotted)
        {
            Token token = Take();
            if (token.Text == ".align") alignment = Integer();
            else if (token.Text is ".v2" or ".v4") lanes = token.Text[2] - '0';
            else if (token.Text == ".ptr") SkipPointerAttributes();
            else if (PtxTypes.TryParse(token.Text, out PtxType found) && found != PtxType.Pred) type = found;
            else throw new PtxException(token.Line, $"'{token.Text}' is not known in a declaration of a variable");
        }
        if (type == null) throw new PtxException(Peek.Line, "a variable has no type");

        int elementBytes = type.Value.Bytes() * lanes;
        List<Variable> variables = [];
        do
        {
            Token name = Expect(TokenKind.Identifier);
            int bytes = elementBytes;
            bool isOpen = false;
            while (TryTake("["))
            {
                isOpen = Peek.Is("]");
                bytes = checked(bytes * (isOpen ? 0 : Integer()));
                Expect("]");
            }
            byte[]? initial = TryTake("=") ? Initializer(type.Value, isOpen ? null : bytes) : null;
            if (isOpen && initial == null && space != StateSpace.Shared) throw new PtxException(name.Line, $"'{name.Text}' has no size");
            variables.Add(new Variable(name.Text, space, initial?.Length ?? bytes, Math.Max(alignment, elementBytes), initial));
        }
        while (until == ";" && TryTake(","));
        return variables;
    }

    // .ptr .global .align 16: what a pointer parameter points to.
    private void SkipPointerAttributes()
    {
        while (Peek.Text is ".global" or ".shared" or ".const" or ".local" or ".align")
        {
            if (Take().Text == ".align") Integer();
        }
    }

    private byte[] Initializer(PtxType type, int? bytes)
    {
        List<byte> data = [];
        Values();
        if (bytes is int size && data.Count < size) data.AddRange(new byte[size - data.Count]);
        return [.. data];

        void Values()
        {
            if (TryTake("{"))
            {
                do { Values(); } while (TryTake(","));
                Expect("}");
                return;
            }
            bool isNegative = TryTake("-");
            Token token = Expect(TokenKind.Number);
            Literal literal = Literal.Parse(token.Text, token.Line);
            ulong value = (isNegative ? literal.Negated() : literal).As(type, token.Line);
            data.AddRange(BitConverter.GetBytes(value).AsSpan(0, type.Bytes()));
        }
    }
}
