namespace SmilesBert.Gpu.Simulator;

internal enum StateSpace { Generic, Param, Shared, Local, Const, Global }

/// <summary>
/// A virtual register. <paramref name="Offset"/> is its place in a warp's register file in 32-bit words (32 lanes side by side; a predicate is
/// one word, a bit for each lane), <paramref name="Index"/> its number among the entry's registers.
/// </summary>
internal sealed record Register(string Name, PtxType Type, int Offset, int Index);

/// <summary>A named stretch of memory. Shared, local and parameter variables have their offset in the space, others get an address at the launch.</summary>
internal sealed class Variable(string name, StateSpace space, int bytes, int alignment, byte[]? initial = null)
{
    public string Name { get; } = name;
    public StateSpace Space { get; } = space;

    /// <summary>0 for <c>extern .shared x[]</c>: the dynamic shared memory.</summary>
    public int Bytes { get; } = bytes;
    public int Alignment { get; } = alignment;
    public byte[]? Initial { get; } = initial;
    public int? Offset { get; set; }
}

internal abstract record Operand(int Line);

/// <summary>A register; <paramref name="Negated"/> for !%p.</summary>
internal sealed record RegisterOperand(Register Register, bool Negated, int Line) : Operand(Line);

internal sealed record LiteralOperand(Literal Value, int Line) : Operand(Line);

/// <summary>%tid.x and the like.</summary>
internal sealed record SpecialOperand(string Name, int Line) : Operand(Line);

/// <summary>The address of a variable.</summary>
internal sealed record VariableOperand(Variable Variable, long Addend, int Line) : Operand(Line);

/// <summary>[base + displacement].</summary>
internal sealed record AddressOperand(Operand Base, long Displacement, int Line) : Operand(Line);

/// <summary>{a, b, c, d}.</summary>
internal sealed record TupleOperand(IReadOnlyList<Operand> Elements, int Line) : Operand(Line);

/// <summary>d|p, as setp and shfl write two results.</summary>
internal sealed record PairOperand(Operand First, Operand Second, int Line) : Operand(Line);

/// <summary>A label, or the name of a table of labels.</summary>
internal sealed record LabelOperand(string Name, int Line) : Operand(Line);

/// <summary>_: a result nobody wants.</summary>
internal sealed record SinkOperand(int Line) : Operand(Line);

/// <summary>One instruction as written, its registers already found.</summary>
internal sealed record InstructionSyntax(
    string Opcode, IReadOnlyList<string> Modifiers, IReadOnlyList<Operand> Operands, RegisterOperand? Guard, int Line, string Text, string? Comment, Scope Scope);
