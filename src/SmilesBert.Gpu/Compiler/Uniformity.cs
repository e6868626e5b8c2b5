namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Which values are the same in all threads that compute them together. Thread numbers are not, nor is what memory holds; nor a phi where threads
/// have come different ways, or in different trips of a loop.
/// </summary>
internal sealed class Uniformity
{
    private readonly HashSet<Value> divergent = [];
    private readonly Block exit = new();                        // where all ends of the kernel lead
    private readonly DominatorTree<Block> postdominators;

    public Uniformity(List<Block> blocks)
    {
        Dictionary<Block, Block[]> ends = new() { [exit] = [.. blocks.Where(block => block.Successors.Length == 0)] };
        List<Block> backwards = FlowAnalysis.ReversePostorder(exit, block => ends.GetValueOrDefault(block) ?? (IEnumerable<Block>)block.Predecessors);
        postdominators = new DominatorTree<Block>(backwards, block => block.Successors.Length == 0 ? [exit] : block.Successors);

        var parted = new HashSet<Block>();                      // blocks that end in a divergent branch
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Block block in blocks)
            {
                foreach (Phi phi in block.Phis) changed |= AnyDivergent(phi) && divergent.Add(phi);
                foreach (Instruction instruction in block.Instructions) changed |= Diverges(instruction) && divergent.Add(instruction);
                if (block.Condition is not { } condition || !IsDivergent(condition) || !parted.Add(block)) continue;
                changed = true;
                foreach (Block meeting in Meetings(block)) divergent.UnionWith(meeting.Phis);
            }
        }
    }

    public bool IsUniform(Value value) => !IsDivergent(value);

    private bool IsDivergent(Value value) => value.Current is Element || divergent.Contains(value.Current);

    private bool AnyDivergent(Value value)
    {
        IReadOnlyList<Value> sources = value.Sources;
        for (int i = 0; i < sources.Count; i++)
            if (IsDivergent(sources[i])) return true;
        return false;
    }

    private bool Diverges(Instruction instruction)
    {
        if (instruction.Effect != Effect.None || AnyDivergent(instruction)) return true;
        return instruction.Operands is [Symbol { Name: var name }] && (name.StartsWith("%tid", StringComparison.Ordinal) || name == "%laneid");
    }

    // The blocks in which threads that parted at a branch meet, up to where all of them have met again. If the way there leads back to the branch,
    // they meet threads of other trips everywhere on it.
    private IEnumerable<Block> Meetings(Block branch)
    {
        Block all = postdominators.Parent(branch) ?? exit;
        HashSet<Block> one = Reached(branch.Successors[0], all), other = Reached(branch.Successors[1], all);
        if (one.Contains(branch) || other.Contains(branch)) one.UnionWith(other);
        else one.IntersectWith(other);
        one.Add(all);
        return one;
    }

    private static HashSet<Block> Reached(Block from, Block until)
    {
        var reached = new HashSet<Block>();
        var work = new Stack<Block>([from]);
        while (work.TryPop(out Block? block))
            if (block != until && reached.Add(block))
                foreach (Block successor in block.Successors) work.Push(successor);
        return reached;
    }
}
