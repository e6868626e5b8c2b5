using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>One call of a method, inlined where it is called.</summary>
internal sealed class Frame
{
    public Frame(MethodBase method, Frame? caller)
    {
        Caller = caller;
        Il = IlMethod.Of(method);
        Locals = [.. Il.LocalTypes.Select((local, i) => NewVariables(local, new Slot(i)))];
        Arguments = [.. Il.ArgumentTypes.Select((argument, i) => NewVariables(argument, Slot.Argument(i)))];
    }

    public IlMethod Il { get; }

    public Frame? Caller { get; }

    /// <summary>Each local's leaves.</summary>
    public Variable[][] Locals { get; }

    /// <summary>Each argument's leaves.</summary>
    public Variable[][] Arguments { get; }

    /// <summary>Where an edge to an IL block leads at present: unrolled loops have several copies of their blocks.</summary>
    public Dictionary<IlBlock, Block> Targets { get; } = [];

    /// <summary>The blocks that return, with what they leave on the stack: the result.</summary>
    public List<(Block Block, Operand[] Stack)> Returns { get; } = [];

    public Variable[] Variables(Slot slot) => slot.Number >= 0 ? Locals[slot.Number] : Arguments[-1 - slot.Number];

    public Variable[] NewVariables(Type type, Slot slot) => Array.ConvertAll(TypeShape.Of(type).Leaves, leaf => new Variable(leaf.Scalar, this, slot));

    /// <summary>Whether a loop of this call may assign to a variable, its own or a caller's.</summary>
    public bool MayAssign(IlLoop loop, Variable variable)
    {
        bool hasReferences = variable.Frame.Il.AddressTaken.Contains(variable.Slot) || variable.Slot == Slot.Temporary;
        if (variable.Frame != this) return hasReferences;
        return loop.Assigned.Contains(variable.Slot) || (hasReferences && Il.HoldsReferences);
    }
}
