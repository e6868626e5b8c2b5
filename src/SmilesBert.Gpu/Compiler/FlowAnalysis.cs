namespace SmilesBert.Gpu.Compiler;

/// <summary>Finds a method's loops and the order in which blocks are translated.</summary>
internal static class FlowAnalysis
{
    /// <summary>The natural loops, outer before inner; each block learns its innermost one.</summary>
    /// <exception cref="KernelCompileException">A jump leads into the middle of a loop.</exception>
    public static List<IlLoop> FindLoops(IlMethod method)
    {
        List<IlBlock> order = ReversePostorder(method.Blocks[0], block => block.Successors);
        var number = new Dictionary<IlBlock, int>();
        for (int i = 0; i < order.Count; i++) number.Add(order[i], i);
        var dominators = new DominatorTree<IlBlock>(order, block => block.Predecessors);

        var loops = new Dictionary<IlBlock, IlLoop>();
        foreach (IlBlock latch in order)
        {
            foreach (IlBlock header in latch.Successors)
            {
                if (number[header] > number[latch]) continue;
                if (!dominators.Dominates(header, latch))
                    throw new KernelCompileException(method.Method, header.Offset, "a jump leads into the middle of a loop");
                if (!loops.TryGetValue(header, out IlLoop? loop)) loops.Add(header, loop = new IlLoop(header));
                AddBlocks(loop, latch, number);
            }
        }
        List<IlLoop> outerFirst = [.. loops.Values.OrderByDescending(loop => loop.Blocks.Count)];
        foreach (IlLoop loop in outerFirst)
        {
            loop.Outer = loop.Header.Loop;
            foreach (IlBlock block in loop.Blocks) block.Loop = loop;
        }
        return outerFirst;
    }

    /// <summary>
    /// The blocks whose innermost loop is <paramref name="loop"/> (null: no loop) and the headers of the loops directly within it, each after all
    /// that lead to it but back edges.
    /// </summary>
    public static List<IlBlock> Order(IlBlock entry, IlLoop? loop)
    {
        var order = new List<IlBlock>();
        Visit(entry, loop, [], order);
        order.Reverse();
        return order;
    }

    private static void Visit(IlBlock block, IlLoop? loop, HashSet<IlBlock> seen, List<IlBlock> postorder)
    {
        if (!seen.Add(block)) return;
        IlLoop? inner = InnerLoop(block, loop);
        IEnumerable<IlBlock> successors = inner is null ? block.Successors : inner.Blocks.SelectMany(b => b.Successors).Where(b => !inner.Blocks.Contains(b));
        // Last first: in reverse, what follows in the source follows here.
        foreach (IlBlock successor in successors.OrderByDescending(b => b.Index))
            if (loop is null || (loop.Blocks.Contains(successor) && successor != loop.Header)) Visit(successor, loop, seen, postorder);
        postorder.Add(block);
    }

    /// <summary>The loop directly within <paramref name="loop"/> that <paramref name="block"/>, one of <see cref="Order"/>'s, heads; null where it heads none.</summary>
    public static IlLoop? InnerLoop(IlBlock block, IlLoop? loop) => block.Loop != loop ? block.Loop : null;

    /// <summary>All that is reachable, each block before its successors but those that lead back.</summary>
    public static List<TBlock> ReversePostorder<TBlock>(TBlock entry, Func<TBlock, IEnumerable<TBlock>> successors)
    {
        var seen = new HashSet<TBlock>();
        var order = new List<TBlock>();
        Walk(entry);
        order.Reverse();
        return order;

        void Walk(TBlock block)
        {
            if (!seen.Add(block)) return;
            foreach (TBlock successor in successors(block)) Walk(successor);
            order.Add(block);
        }
    }

    private static void AddBlocks(IlLoop loop, IlBlock latch, Dictionary<IlBlock, int> number)
    {
        if (!number.ContainsKey(latch) || !loop.Blocks.Add(latch)) return;
        foreach (IlBlock predecessor in latch.Predecessors) AddBlocks(loop, predecessor, number);
    }
}
