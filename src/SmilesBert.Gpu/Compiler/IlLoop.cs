namespace SmilesBert.Gpu.Compiler;

/// <summary>A natural loop: its header dominates all its blocks, and every way in leads through the header.</summary>
internal sealed class IlLoop(IlBlock header)
{
    public IlBlock Header { get; } = header;

    /// <summary>All blocks, those of inner loops too.</summary>
    public HashSet<IlBlock> Blocks { get; } = [header];

    /// <summary>Locals and arguments that its blocks assign to or take the address of.</summary>
    public HashSet<Slot> Assigned { get; } = [];

    /// <summary>Its blocks in the order of translation, once asked for.</summary>
    public IReadOnlyList<IlBlock>? Order { get; set; }

    /// <summary>The loop around this one; null for an outermost one.</summary>
    public IlLoop? Outer { get; set; }
}
