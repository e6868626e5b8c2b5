namespace SmilesBert.Gpu.Compiler;

/// <summary>Instructions in a row, and how control goes on from there.</summary>
internal sealed class Block
{
    public List<Phi> Phis { get; } = [];

    public List<Instruction> Instructions { get; } = [];

    public List<Block> Predecessors { get; } = [];

    /// <summary>The predicate that chooses between two successors; null where there is no choice.</summary>
    public Value? Condition { get; set; }

    /// <summary>None: the kernel ends. One: control goes there. Two: there where the condition holds, and where not.</summary>
    public Block[] Successors { get; set; } = [];

    /// <summary>What the block begins with, as text for the reader.</summary>
    public string? Comment { get; set; }

    // ---- While the graph is built ----------------------------------------------------------------------------------

    /// <summary>All predecessors are known.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Of a loop's header: whether the loop may assign to a variable. Others are as they were before the loop.</summary>
    public Func<Variable, bool>? Changes { get; set; }

    /// <summary>Phis whose inputs wait for the remaining predecessors.</summary>
    public List<(Variable Variable, Phi Phi)> Incomplete { get; } = [];

    /// <summary>The evaluation stack that each predecessor leaves.</summary>
    public List<Operand[]> Stacks { get; } = [];
}
