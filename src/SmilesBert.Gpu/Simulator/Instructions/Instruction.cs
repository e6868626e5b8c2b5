namespace SmilesBert.Gpu.Simulator;

/// <summary>How an instruction moves the program counter.</summary>
internal enum Flow : byte { Straight, Branch, BranchTable, Exit, Barrier }

/// <summary>A decoded instruction: operands are places in the warp's register file.</summary>
internal abstract class Instruction
{
    /// <summary>Line, text and comment, for messages.</summary>
    public InstructionSyntax Syntax { get; set; } = null!;

    /// <summary>Its place in the entry's code.</summary>
    public int Index { get; set; }

    public OpcodeClass Class { get; set; }

    /// <summary>Place of the predicate it runs under, or -1.</summary>
    public int Guard { get; set; } = -1;

    /// <summary>All ones for @!%p.</summary>
    public uint GuardFlip { get; set; }

    /// <summary>Registers whose value it needs; after <see cref="DefiniteAssignment"/> only those that may be unset.</summary>
    public Register[] Reads { get; set; } = [];

    public Register[] Writes { get; set; } = [];

    public virtual Flow Flow => Flow.Straight;

    /// <summary>Runs it for the lanes of <paramref name="mask"/>, at least one.</summary>
    public abstract void Execute(WarpState warp, uint mask);
}
