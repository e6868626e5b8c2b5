namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Builds the flow graph of a kernel in static single assignment, block after block.
/// Variables become values as they are read: Braun, Buchwald, Hack, Leißa, Mallon, Zwinkau: Simple and Efficient Construction of Static Single
/// Assignment Form (2013).
/// </summary>
internal sealed class GraphBuilder
{
    public GraphBuilder()
    {
        Entry = Block = new Block { IsSealed = true };
        Blocks.Add(Entry);
    }

    public Block Entry { get; }

    /// <summary>In the order in which they were entered.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>Where instructions go.</summary>
    public Block Block { get; private set; }

    /// <summary>The IL being translated.</summary>
    public Origin Origin { get; set; }

    /// <summary>Instructions so far.</summary>
    public int Count { get; private set; }

    // ---- Instructions ----------------------------------------------------------------------------------------------

    /// <summary>A value computed from others, simplified where it can be.</summary>
    public Value Pure(string opcode, ValueKind kind, params Value[] operands)
    {
        Value value = new Instruction(opcode, kind, Effect.None, operands);
        while (value is Instruction { Block: null } instruction && Fold.Simplify(instruction) is { } simpler) value = simpler;
        return value is Instruction { Block: null } added ? Add(added) : value;
    }

    public T Add<T>(T instruction) where T : Instruction
    {
        instruction.Block = Block;
        instruction.Origin = Origin;
        Block.Instructions.Add(instruction);
        Count++;
        return instruction;
    }

    // ---- Blocks ----------------------------------------------------------------------------------------------------

    /// <summary>Goes on in a block whose predecessors are all known.</summary>
    public void Enter(Block block)
    {
        Open(block);
        Seal(block);
    }

    /// <summary>Goes on in a block that gets more predecessors: a loop's header.</summary>
    public void Open(Block block)
    {
        Block = block;
        Blocks.Add(block);
    }

    /// <summary>Goes on in a block that was left before, at its end.</summary>
    public void Return(Block block) => Block = block;

    public void Jump(Block target)
    {
        Block.Successors = [target];
        target.Predecessors.Add(Block);
    }

    /// <summary>Leaves the block for one of two others.</summary>
    public void Branch(Value condition, Block whenTrue, Block whenFalse)
    {
        if (condition is Instruction { Opcode: "not.pred" } not)
        {
            Branch(not.Operands[0].Current, whenFalse, whenTrue);
            return;
        }
        Block.Condition = condition;
        Block.Successors = [whenTrue, whenFalse];
        whenTrue.Predecessors.Add(Block);
        whenFalse.Predecessors.Add(Block);
    }

    /// <summary>Declares that no further predecessors come.</summary>
    public void Seal(Block block)
    {
        if (block.IsSealed) return;
        block.IsSealed = true;
        foreach ((Variable variable, Phi phi) in block.Incomplete) Complete(variable, phi);
    }

    // ---- Variables -------------------------------------------------------------------------------------------------

    public void Write(Variable variable, Value value) => variable.Define(Block, value);

    public Value Read(Variable variable) => Read(variable, Block);

    public Value Read(Variable variable, Block block)
    {
        Value? value;
        Block definer = block;
        while ((value = variable.At(definer)) is null && OnlyWay(variable, definer) is { } before) definer = before;
        value = value is null ? Begin(variable, definer) : value.Current;
        if (definer != block) variable.Found(block, value);
        return value;
    }

    // The predecessor at whose end a variable is what it is at the block's beginning; null where several may differ, or none comes before.
    private static Block? OnlyWay(Variable variable, Block block)
    {
        if (block.Predecessors.Count == 0) return null;
        return (block.Predecessors.Count == 1 && block.IsSealed) || block.Changes?.Invoke(variable) == false ? block.Predecessors[0] : null;
    }

    // What a variable is in a block where ways meet, or that nothing comes before.
    private Value Begin(Variable variable, Block block)
    {
        if (block.Predecessors.Count == 0) return Constant.Zero(variable.Scalar.Kind);
        var phi = new Phi(variable.Scalar.Kind, block);
        block.Phis.Add(phi);
        variable.Define(block, phi);                            // before its inputs are read, which may lead back here
        if (block.IsSealed) return Complete(variable, phi);
        block.Incomplete.Add((variable, phi));
        return phi;
    }

    private Value Complete(Variable variable, Phi phi)
    {
        foreach (Block predecessor in phi.Block.Predecessors) phi.Inputs.Add(Read(variable, predecessor));
        Value value = Simplify(phi);
        if (value == phi && phi.Inputs.Exists(input => input.Current is Place)) throw Origin.Refuse("a reference may point to different variables here");
        return value;
    }

    /// <summary>A value that depends on the predecessor of the current block; where they agree, that value itself.</summary>
    public Value Merge(ValueKind kind, IEnumerable<Value> inputs)
    {
        var phi = new Phi(kind, Block);
        phi.Inputs.AddRange(inputs);
        Block.Phis.Add(phi);
        return Simplify(phi);
    }

    /// <summary>A phi whose inputs are one value, or that value and itself, is that value.</summary>
    public static Value Simplify(Phi phi)
    {
        Value? same = null;
        foreach (Value raw in phi.Inputs)
        {
            Value input = raw.Current;
            if (input == phi || (same is not null && AreSame(input, same))) continue;
            if (same is not null) return phi;
            same = input;
        }
        if (same is null) return phi;
        phi.ReplaceBy(same);
        phi.Block.Phis.Remove(phi);
        return same;
    }

    private static bool AreSame(Value a, Value b) => a == b
        || (a is Constant x && b is Constant y && x.Equals(y))
        || (a is Place p && b is Place q && p.Variables.Equals(q.Variables));
}
