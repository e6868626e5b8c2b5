namespace SmilesBert.Gpu.Simulator;

internal sealed partial class PtxParser
{
    private string? nearestComment;

    private void Body(EntryBuilder builder, Scope scope)
    {
        nearestComment = null;
        while (!TryTake("}")) Statement(builder, scope);
    }

    private void Statement(EntryBuilder builder, Scope scope)
    {
        Token token = Peek;
        if (TryTake(";")) return;
        if (TryTake("{"))
        {
            Scope inner = new(scope);
            while (!TryTake("}")) Statement(builder, inner);
            return;
        }
        if (token.Kind == TokenKind.Dotted)
        {
            at++;
            BodyDirective(token, builder, scope);
            return;
        }
        if (token.Kind == TokenKind.Identifier && tokens[at + 1].Is(":"))
        {
            at += 2;
            Label(token, builder, scope);
            return;
        }
        builder.Add(Instruction(builder, scope));
    }

    private void Label(Token name, EntryBuilder builder, Scope scope)
    {
        if (!TryTake(".branchtargets"))
        {
            scope.DeclareLabel(name.Text, builder.Count, name.Line);
            return;
        }
        List<string> targets = [];
        do { targets.Add(Expect(TokenKind.Identifier).Text); } while (TryTake(","));
        Expect(";");
        scope.DeclareLabelTable(name.Text, targets);
    }

    private void BodyDirective(Token token, EntryBuilder builder, Scope scope)
    {
        switch (token.Text)
        {
            case ".reg": RegisterDeclaration(builder, scope); break;
            case ".shared" or ".local" or ".const" or ".global": VariableDeclaration(token, scope); break;
            case ".pragma": SkipStatement(); break;
            case ".loc" or ".file": SkipLine(token.Line); break;
            default: throw new PtxException(token.Line, $"directive '{token.Text}' is not supported in a body");
        }
    }

    // .reg .f32 %f<20>, sum;
    private void RegisterDeclaration(EntryBuilder builder, Scope scope)
    {
        Token dotted = Expect(TokenKind.Dotted);
        if (!PtxTypes.TryParse(dotted.Text, out PtxType type)) throw new PtxException(dotted.Line, $"registers of type '{dotted.Text}' are not supported");

        do
        {
            Token name = Expect(TokenKind.Identifier);
            if (TryTake("<"))
            {
                scope.DeclareRange(name.Text, Integer(), type, name.Line);
                Expect(">");
            }
            else
            {
                scope.Declare(name.Text, builder.Registers.Add(name.Text, type), name.Line);
            }
        }
        while (TryTake(","));
        Expect(";");
    }

    private InstructionSyntax Instruction(EntryBuilder builder, Scope scope)
    {
        Token first = Peek;
        RegisterOperand? guard = null;
        if (TryTake("@"))
        {
            bool isNegated = TryTake("!");
            Token name = Expect(TokenKind.Identifier);
            Register register = scope.FindRegister(name.Text, builder.Registers) ?? throw new PtxException(name.Line, $"register '{name.Text}' is not declared");
            if (register.Type != PtxType.Pred) throw new PtxException(name.Line, $"'{name.Text}' is not a predicate");
            guard = new RegisterOperand(register, isNegated, name.Line);
        }

        Token opcode = Expect(TokenKind.Identifier);
        List<string> modifiers = [];
        while (Peek.Kind == TokenKind.Dotted) modifiers.Add(Take().Text);

        List<Operand> operands = [];
        if (!Peek.Is(";"))
        {
            do { operands.Add(OperandOf(builder, scope)); } while (TryTake(","));
        }
        Token end = Peek;
        Expect(";");
        return new InstructionSyntax(opcode.Text, modifiers, operands, guard, first.Line, text[first.Start..end.Start], Comment(first.Line), scope);
    }

    // The comment on the line, or else the last one that stood on a line of its own above it.
    private string? Comment(int line)
    {
        if (comments.TryGetValue(line, out string? here)) return nearestComment = here;
        return comments.TryGetValue(line - 1, out string? above) ? nearestComment = above : nearestComment;
    }

    private Operand OperandOf(EntryBuilder builder, Scope scope)
    {
        Operand first = SingleOperand(builder, scope);
        return TryTake("|") ? new PairOperand(first, SingleOperand(builder, scope), first.Line) : first;
    }

    private Operand SingleOperand(EntryBuilder builder, Scope scope)
    {
        Token token = Take();
        switch (token.Text)
        {
            case "[":
                Operand address = Sum(SingleOperand(builder, scope), out long displacement);
                Expect("]");
                return new AddressOperand(address, displacement, token.Line);
            case "{":
                List<Operand> elements = [];
                do { elements.Add(SingleOperand(builder, scope)); } while (TryTake(","));
                Expect("}");
                return new TupleOperand(elements, token.Line);
            case "!":
                return SingleOperand(builder, scope) is RegisterOperand { Register.Type: PtxType.Pred } predicate
                    ? predicate with { Negated = !predicate.Negated }
                    : throw new PtxException(token.Line, "'!' stands before something that is not a predicate");
            case "-":
                Token number = Expect(TokenKind.Number);
                return new LiteralOperand(Literal.Parse(number.Text, number.Line).Negated(), token.Line);
        }
        return token.Kind switch
        {
            TokenKind.Number => new LiteralOperand(Literal.Parse(token.Text, token.Line), token.Line),
            TokenKind.Identifier => Named(token, builder, scope),
            _ => throw new PtxException(token.Line, $"found '{token.Text}', expected an operand"),
        };
    }

    private Operand Named(Token token, EntryBuilder builder, Scope scope)
    {
        if (token.Text == "_") return new SinkOperand(token.Line);
        if (scope.FindRegister(token.Text, builder.Registers) is Register register) return new RegisterOperand(register, false, token.Line);
        if (scope.FindVariable(token.Text) is Variable variable)
        {
            Operand start = new VariableOperand(variable, 0, token.Line);
            return Peek.Is("+") || Peek.Is("-") ? new VariableOperand(variable, SumOf(start), token.Line) : start;
        }
        if (token.Text == "WARP_SZ") return new LiteralOperand(new Literal(Literal.Form.Integer, 32), token.Line);
        if (token.Text[0] != '%') return new LabelOperand(token.Text, token.Line);

        string name = Peek.Kind == TokenKind.Dotted ? token.Text + Take().Text : token.Text;
        return SpecialRegisters.IsKnown(name)
            ? new SpecialOperand(name, token.Line)
            : throw new PtxException(token.Line, $"register '{name}' is not declared");
    }

    private long SumOf(Operand start)
    {
        Sum(start, out long addend);
        return addend;
    }

    // base+12, base+-12, base-12
    private Operand Sum(Operand start, out long displacement)
    {
        displacement = start is VariableOperand variable ? variable.Addend : 0;
        if (start is VariableOperand other) start = other with { Addend = 0 };
        while (Peek.Is("+") || Peek.Is("-"))
        {
            bool isNegative = Take().Text == "-";
            if (TryTake("-")) isNegative = !isNegative;
            long value = Integer();
            displacement += isNegative ? -value : value;
        }
        return start;
    }
}
