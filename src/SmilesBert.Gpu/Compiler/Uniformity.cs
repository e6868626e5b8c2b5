namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Which values are the same in all threads that compute them together. Thread numbers are not, nor is what memory holds; nor a phi where threads
/// may have come different ways.
/// </summary>
internal sealed class Uniformity
{
    private readonly HashSet<Value> divergent = [];

    public Uniformity(List<Block> blocks)
    {
        Dictionary<Block, HashSet<Block>> joins = [];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Block block in blocks)
            {
                foreach (Phi phi in block.Phis) changed |= phi.Inputs.Any(IsDivergent) && divergent.Add(phi);
                foreach (Instruction instruction in block.Instructions) changed |= Diverges(instruction) && divergent.Add(instruction);
                if (block.Condition is not { } condition || !IsDivergent(condition) || joins.ContainsKey(block)) continue;
                changed = true;
                joins.Add(block, ReachedBothWays(block));
                foreach (Block join in joins[block])
                    foreach (Phi phi in join.Phis) divergent.Add(phi);
            }
        }
    }

    public bool IsUniform(Value value) => !IsDivergent(value);

    private bool IsDivergent(Value value) => value.Current switch
    {
        Element => true,
        Value current => divergent.Contains(current),
    };

    private bool Diverges(Instruction instruction)
    {
        if (instruction.Effect != Effect.None) return true;
        if (instruction.Operands.Any(IsDivergent)) return true;
        return instruction.Operands is [Symbol { Name: var name }] && (name.StartsWith("%tid", StringComparison.Ordinal) || name == "%laneid");
    }

    // Where threads that parted at a branch may meet, or meet threads of an earlier trip: the blocks that both sides reach. Threads
    // that have met for good diverge no more, but that is not looked for: too few branches would gain.
    private static HashSet<Block> ReachedBothWays(Block branch)
    {
        HashSet<Block> first = Reached(branch.Successors[0]), second = Reached(branch.Successors[1]);
        first.IntersectWith(second);
        return first;
    }

    private static HashSet<Block> Reached(Block from)
    {
        var reached = new HashSet<Block>();
        var work = new Stack<Block>([from]);
        while (work.TryPop(out Block? block))
            if (reached.Add(block))
                foreach (Block successor in block.Successors) work.Push(successor);
        return reached;
    }
}
