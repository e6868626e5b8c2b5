namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Tidies the graph: what loops made known is folded, equal computations become one, dead ones go. ptxas would do the same; done here the text is
/// shorter, and addresses show what they are.
/// </summary>
internal static class Optimizer
{
    public static void Run(GraphBuilder graph)
    {
        List<Block> blocks = graph.Blocks;
        do
        {
            while (SimplifyOnce(blocks)) { }
        }
        while (DecideBranches(blocks));
        AddressSpaces.Resolve(blocks);
        MergeEqual(blocks);
        RemoveDead(blocks);
        MergeChains(blocks);
        RemoveDead(blocks);                                     // conditions of branches that went
    }

    private static List<Block> Order(Block entry) => FlowAnalysis.ReversePostorder(entry, block => block.Successors);

    private static bool SimplifyOnce(List<Block> blocks)
    {
        bool changed = false;
        foreach (Block block in blocks)
        {
            foreach (Phi phi in block.Phis.ToArray()) changed |= GraphBuilder.Simplify(phi) != phi;
            List<Instruction> instructions = block.Instructions;
            for (int i = 0; i < instructions.Count; i++)
            {
                if (Fold.Simplify(instructions[i]) is not { } simpler) continue;
                changed = true;
                instructions[i].ReplaceBy(simpler);
                if (simpler is Instruction { Block: null } added)
                {
                    (added.Block, added.Origin) = (block, instructions[i].Origin);
                    instructions[i] = added;
                }
                else
                {
                    instructions.RemoveAt(i);
                }
                i--;
            }
        }
        return changed;
    }

    // Branches on conditions that have become known, and the blocks that nothing leads to any more.
    private static bool DecideBranches(List<Block> blocks)
    {
        bool changed = false;
        foreach (Block block in blocks)
        {
            block.Condition = block.Condition?.Current;
            if (block.Condition is Instruction { Opcode: "not.pred" } not)
            {
                block.Condition = not.Operands[0].Current;
                block.Successors = [block.Successors[1], block.Successors[0]];
            }
            if (block.Condition is not Constant known) continue;
            (Block taken, Block other) = known.Bits != 0 ? (block.Successors[0], block.Successors[1]) : (block.Successors[1], block.Successors[0]);
            block.Condition = null;
            block.Successors = [taken];
            Disconnect(block, other);
            changed = true;
        }
        if (!changed) return false;

        var reachable = Order(blocks[0]).ToHashSet();
        foreach (Block dead in blocks.Where(block => !reachable.Contains(block)))
            foreach (Block successor in dead.Successors.Where(reachable.Contains)) Disconnect(dead, successor);
        blocks.RemoveAll(block => !reachable.Contains(block));
        return true;
    }

    private static void Disconnect(Block from, Block to)
    {
        int edge = to.Predecessors.IndexOf(from);
        to.Predecessors.RemoveAt(edge);
        foreach (Phi phi in to.Phis) phi.Inputs.RemoveAt(edge);
    }

    // Of equal computations the one that dominates the others stays.
    private static void MergeEqual(List<Block> blocks)
    {
        List<Block> order = Order(blocks[0]);
        var tree = new DominatorTree<Block>(order, block => block.Predecessors);
        var known = new Dictionary<(string, Value, Value?, Value?), List<Instruction>>();
        var constants = new Dictionary<(ValueKind, long), Constant>();
        var symbols = new Dictionary<string, Symbol>();
        foreach (Block block in order)
        {
            block.Instructions.RemoveAll(instruction =>
            {
                Value[] operands = instruction.Operands;
                for (int i = 0; i < operands.Length; i++) operands[i] = Canonical(operands[i].Current);
                if (instruction.Effect != Effect.None || operands.Length is 0 or > 3) return false;
                var key = (instruction.Opcode, operands[0], operands.Length > 1 ? operands[1] : null, operands.Length > 2 ? operands[2] : null);
                if (!known.TryGetValue(key, out List<Instruction>? equals)) known.Add(key, equals = []);
                if (equals.Find(equal => tree.Dominates(equal.Block!, block)) is { } first)
                {
                    instruction.ReplaceBy(first);
                    return true;
                }
                equals.Add(instruction);
                return false;
            });
        }

        Value Canonical(Value value)
        {
            if (value is Symbol symbol) return symbols.TryGetValue(symbol.Name, out Symbol? same) ? same : symbols[symbol.Name] = symbol;
            if (value is not Constant constant) return value;
            if (!constants.TryGetValue((constant.Kind, constant.Bits), out Constant? one)) constants.Add((constant.Kind, constant.Bits), one = constant);
            return one;
        }
    }

    private static void RemoveDead(List<Block> blocks)
    {
        var live = new HashSet<Value>();
        var work = new Stack<Value>();
        foreach (Block block in blocks)
        {
            if (block.Condition is { } condition) Mark(condition);
            foreach (Instruction instruction in block.Instructions)
                if (instruction.Effect == Effect.Write) Mark(instruction);
        }
        while (work.TryPop(out Value? value))
        {
            IReadOnlyList<Value> sources = value.Sources;
            for (int i = 0; i < sources.Count; i++) Mark(sources[i]);
        }
        foreach (Block block in blocks)
        {
            block.Instructions.RemoveAll(instruction => !live.Contains(instruction));
            block.Phis.RemoveAll(phi => !live.Contains(phi));
        }

        void Mark(Value value)
        {
            if (live.Add(value.Current)) work.Push(value.Current);
        }
    }

    // A block that only follows one other is part of it; an empty one is skipped.
    private static void MergeChains(List<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            while (block.Successors is [{ Predecessors.Count: 1 } next] && next != block)
            {
                foreach (Instruction instruction in next.Instructions) instruction.Block = block;
                block.Instructions.AddRange(next.Instructions);
                block.Condition = next.Condition;
                block.Successors = next.Successors;
                foreach (Block successor in next.Successors) successor.Predecessors[successor.Predecessors.IndexOf(next)] = block;
                next.Successors = [];
                next.Predecessors.Clear();
                next.Instructions.Clear();
            }
        }
        foreach (Block empty in blocks)
        {
            if (empty is not { Instructions.Count: 0, Phis.Count: 0, Successors: [{ Phis.Count: 0 } next] } || next == empty || empty == blocks[0]) continue;
            next.Predecessors.Remove(empty);
            foreach (Block predecessor in empty.Predecessors)
            {
                predecessor.Successors = [.. predecessor.Successors.Select(block => block == empty ? next : block).Distinct()];
                if (predecessor.Successors.Length == 1) predecessor.Condition = null;               // both ways lead there
                if (!next.Predecessors.Contains(predecessor)) next.Predecessors.Add(predecessor);
            }
            empty.Predecessors.Clear();
            empty.Successors = [];
        }
        blocks.RemoveAll(block => block.Predecessors.Count == 0 && block != blocks[0]);
    }
}
