namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// When phis and their inputs, which may share a register, are needed: from where they are computed to their last use. A phi uses its inputs at the end
/// of the predecessors.
/// </summary>
internal sealed class Liveness
{
    private const int BlockEntry = -1, BlockEnd = int.MaxValue;

    private readonly Dictionary<Value, (Block Block, int Index)> definitions = [];
    private readonly Dictionary<Value, Dictionary<Block, int>> lastUses = [];              // by block: the last use there
    private readonly Dictionary<Value, HashSet<Block>> liveOut = [];                        // blocks at whose end it is needed further on

    public Liveness(List<Block> blocks)
    {
        HashSet<Value> merged = [];
        foreach (Phi phi in blocks.SelectMany(static block => block.Phis))
        {
            merged.Add(phi);
            foreach (Value input in phi.Inputs) merged.Add(input.Current);
        }
        foreach (Block block in blocks) Define(block, merged);
        foreach (Block block in blocks)
        {
            for (int i = 0; i < block.Instructions.Count; i++)
                foreach (Value operand in block.Instructions[i].Operands) Use(operand.Current, block, i);
            if (block.Condition is { } condition) Use(condition.Current, block, BlockEnd);
            foreach (Phi phi in block.Phis)
                for (int i = 0; i < phi.Inputs.Count; i++) Use(phi.Inputs[i].Current, block.Predecessors[i], BlockEnd);
        }
    }

    /// <summary>Whether one of two values is still needed when the other is computed.</summary>
    public bool Overlap(Value a, Value b) => IsLiveAfterDefinition(a, b) || IsLiveAfterDefinition(b, a);

    private bool IsLiveAfterDefinition(Value value, Value of)
    {
        (Block block, int index) = definitions[of];
        (Block home, int start) = definitions[value];
        if (home == block && start > index) return false;
        if (liveOut.TryGetValue(value, out HashSet<Block>? blocks) && blocks.Contains(block)) return true;
        return lastUses.TryGetValue(value, out Dictionary<Block, int>? uses) && uses.TryGetValue(block, out int last) && last > index;
    }

    private void Define(Block block, HashSet<Value> merged)
    {
        foreach (Phi phi in block.Phis) definitions.Add(phi, (block, BlockEntry));
        for (int i = 0; i < block.Instructions.Count; i++)
        {
            if (merged.Contains(block.Instructions[i])) definitions.Add(block.Instructions[i], (block, i));
            foreach (Element element in block.Instructions[i].Elements)
                if (merged.Contains(element)) definitions.Add(element, (block, i));
        }
    }

    private void Use(Value value, Block block, int index)
    {
        if (!definitions.TryGetValue(value, out (Block Block, int Index) definition)) return;           // its register is its own
        if (!lastUses.TryGetValue(value, out Dictionary<Block, int>? uses)) lastUses.Add(value, uses = []);
        bool isKnownThere = uses.TryGetValue(block, out int last);
        uses[block] = isKnownThere ? Math.Max(last, index) : index;
        if (isKnownThere || definition.Block == block) return;

        if (!liveOut.TryGetValue(value, out HashSet<Block>? live)) liveOut.Add(value, live = []);
        var work = new Stack<Block>(block.Predecessors);
        while (work.TryPop(out Block? before))
        {
            if (!live.Add(before) || before == definition.Block) continue;
            foreach (Block earlier in before.Predecessors) work.Push(earlier);
        }
    }
}
