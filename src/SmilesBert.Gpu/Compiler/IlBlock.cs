namespace SmilesBert.Gpu.Compiler;

/// <summary>Instructions that run one after the other: entered at the first, left after the last.</summary>
internal sealed class IlBlock(int index, IlInstruction[] instructions)
{
    public int Index { get; } = index;

    public IlInstruction[] Instructions { get; } = instructions;

    public int Offset => Instructions[0].Offset;

    public List<IlBlock> Successors { get; } = [];

    public List<IlBlock> Predecessors { get; } = [];

    /// <summary>The innermost loop around it; null outside loops.</summary>
    public IlLoop? Loop { get; set; }
}
