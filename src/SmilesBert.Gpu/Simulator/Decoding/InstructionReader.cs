namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Hands out an instruction's modifiers and operands to its decoder, in order, as places in the register file. What nobody has taken at the end
/// is something the simulator does not know: it is named.
/// </summary>
internal sealed class InstructionReader(InstructionSyntax syntax, EntryBuilder builder)
{
    private readonly List<string> modifiers = [.. syntax.Modifiers];
    private readonly List<Register> reads = [];
    private readonly List<Register> writes = [];
    private int next;

    public InstructionSyntax Syntax { get; } = syntax;

    public EntryBuilder Builder { get; } = builder;

    public OpcodeClass Class { get; set; }

    public int OperandsLeft => Syntax.Operands.Count - next;

    public PtxException Error(string message) => new(Syntax.Line, $"{message} (in '{Syntax.Text}')");

    /// <summary>Takes a modifier if it is there.</summary>
    public bool Has(string modifier) => modifiers.Remove(modifier);

    /// <summary>Takes the first of these that is there.</summary>
    public string? OneOf(params ReadOnlySpan<string> choices)
    {
        foreach (string choice in choices)
        {
            if (Has(choice)) return choice;
        }
        return null;
    }

    /// <summary>Takes every one of these that is there: hints which change nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> hints)
    {
        foreach (string hint in hints) modifiers.Remove(hint);
    }

    /// <summary>Takes the first type that is left.</summary>
    public PtxType Type()
    {
        foreach (string modifier in modifiers)
        {
            if (!PtxTypes.TryParse(modifier, out PtxType type)) continue;
            modifiers.Remove(modifier);
            return type;
        }
        throw Error("a type is missing");
    }

    public PtxException BadType(PtxType type) => Error($"'{Syntax.Opcode}' on {type.Dotted()} is not supported");

    public Operand Operand() => next < Syntax.Operands.Count ? Syntax.Operands[next++] : throw Error("an operand is missing");

    public Operand? PeekOperand() => next < Syntax.Operands.Count ? Syntax.Operands[next] : null;

    /// <summary>The place of a register that is written, of exactly the type's width.</summary>
    public int Destination(PtxType type) => Destination(Operand(), type, out _);

    /// <summary>The place of a register that is written, of the type's width or wider.</summary>
    public int WideDestination(PtxType type, out PtxType registerType) => Destination(Operand(), type, out registerType, canBeWider: true);

    public int Destination(Operand operand, PtxType type, out PtxType registerType, bool canBeWider = false)
    {
        registerType = type;
        if (operand is SinkOperand) return Builder.Registers.Sink();
        if (operand is not RegisterOperand { Negated: false } target) throw Error("the result is not a register");
        CheckWidth(target.Register, type, canBeWider);
        registerType = target.Register.Type;
        writes.Add(target.Register);
        return target.Register.Offset;
    }

    /// <summary>The place of a value that is read, of exactly the type's width.</summary>
    public int Source(PtxType type) => Source(Operand(), type, out _);

    /// <summary>The place of a value that is read, of the type's width or wider.</summary>
    public int WideSource(PtxType type, out PtxType registerType) => Source(Operand(), type, out registerType, canBeWider: true);

    public int Source(Operand operand, PtxType type, out PtxType registerType, bool canBeWider = false)
    {
        registerType = type;
        switch (operand)
        {
            case RegisterOperand { Negated: false } source:
                CheckWidth(source.Register, type, canBeWider);
                registerType = source.Register.Type;
                reads.Add(source.Register);
                return source.Register.Offset;
            case LiteralOperand literal:
                return Builder.Registers.Literal(literal.Value.As(type, literal.Line), type.Bytes() == 8);
            case SpecialOperand special when type.Bytes() == 4 || canBeWider:
                registerType = PtxType.U32;
                return Builder.Registers.Special(special.Name);
            case VariableOperand variable when type.Bytes() is 4 or 8:
                return Builder.AddressOf(variable.Variable, variable.Addend, type.Bytes() == 8, variable.Line);
            default:
                throw Error("an operand is of the wrong kind");
        }
    }

    public int PredicateDestination(Operand operand) => Destination(operand, PtxType.Pred, out _);

    public PredicateSource Predicate()
    {
        switch (Operand())
        {
            case RegisterOperand { Register.Type: PtxType.Pred } predicate:
                reads.Add(predicate.Register);
                return new PredicateSource(predicate.Register.Offset, predicate.Negated);
            case LiteralOperand { Value.Kind: Literal.Form.Integer } literal:
                return PredicateSource.Constant(literal.Value.Bits != 0);
            default:
                throw Error("an operand is not a predicate");
        }
    }

    /// <summary>[base + displacement]: the place of the base and whether it has 64 bits.</summary>
    public AddressSource Address()
    {
        if (Operand() is not AddressOperand address) throw Error("an operand is not an address in brackets");
        if (address.Base is RegisterOperand { Register: Register register })
        {
            if (register.Type.Bytes() < 4) throw Error($"register '{register.Name}' is too narrow for an address");
            reads.Add(register);
            return new AddressSource(register.Offset, register.Type.Bytes() == 8, address.Displacement);
        }
        return new AddressSource(Source(address.Base, PtxType.U64, out _), true, address.Displacement);
    }

    /// <summary>The registers of {a, b} or of a single operand.</summary>
    public IReadOnlyList<Operand> Tuple() => Operand() switch
    {
        TupleOperand tuple => tuple.Elements,
        Operand single => [single],
    };

    /// <summary>Completes a decoded instruction; throws when a modifier or an operand was not understood.</summary>
    public Instruction Complete(Instruction instruction)
    {
        if (modifiers.Count > 0) throw Error($"modifier '{modifiers[0]}' of '{Syntax.Opcode}' is not supported");
        if (OperandsLeft > 0) throw Error("there are too many operands");

        if (Syntax.Guard is RegisterOperand guard)
        {
            instruction.Guard = guard.Register.Offset;
            instruction.GuardFlip = guard.Negated ? Lanes.All : 0;
            reads.Add(guard.Register);
        }
        instruction.Syntax = Syntax;
        instruction.Class = Class;
        instruction.Reads = [.. reads.Distinct()];
        instruction.Writes = [.. writes.Distinct()];
        return instruction;
    }

    private void CheckWidth(Register register, PtxType type, bool canBeWider)
    {
        bool fits = register.Type == PtxType.Pred || type == PtxType.Pred
            ? register.Type == type
            : register.Type.Bytes() == type.Bytes() || (canBeWider && register.Type.Bytes() > type.Bytes());
        if (!fits) throw Error($"register '{register.Name}' is {register.Type.Dotted()}, {type.Dotted()} is expected");
    }
}

/// <summary>Where an address comes from: a register of 32 or 64 bits and a displacement.</summary>
internal readonly record struct AddressSource(int Place, bool IsWide, long Displacement);
