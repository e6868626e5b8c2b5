namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// A block dominates another where every way to that one leads through it.
/// (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001.)
/// </summary>
internal sealed class DominatorTree<TBlock> where TBlock : class
{
    private readonly Dictionary<TBlock, int> number = [];
    private readonly int[] parent;                              // by number; the entry's is itself
    private readonly IReadOnlyList<TBlock> order;

    /// <summary>Builds the tree of the blocks in <paramref name="order"/>: reverse postorder from the entry.</summary>
    public DominatorTree(IReadOnlyList<TBlock> order, Func<TBlock, IEnumerable<TBlock>> predecessors)
    {
        this.order = order;
        for (int i = 0; i < order.Count; i++) number.Add(order[i], i);
        parent = new int[order.Count];
        Array.Fill(parent, -1);
        parent[0] = 0;
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 1; i < order.Count; i++)
            {
                int best = -1;
                foreach (TBlock predecessor in predecessors(order[i]))
                    if (number.TryGetValue(predecessor, out int p) && parent[p] >= 0) best = best < 0 ? p : Intersect(best, p);
                changed |= parent[i] != best;
                parent[i] = best;
            }
        }
    }

    /// <summary>The closest block that dominates another; null of the entry, and of a block that is not reached.</summary>
    public TBlock? Parent(TBlock block) => number.TryGetValue(block, out int n) && n > 0 ? order[parent[n]] : null;

    public bool Dominates(TBlock dominator, TBlock block)
    {
        int n = number[block];
        while (n > number[dominator]) n = parent[n];
        return n == number[dominator];
    }

    private int Intersect(int a, int b)
    {
        while (a != b)
        {
            if (a > b) a = parent[a];
            else b = parent[b];
        }
        return a;
    }
}
