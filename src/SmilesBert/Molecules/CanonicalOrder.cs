namespace SmilesBert.Molecules;

/// <summary>
/// An order of a connected graph's vertices that depends on the graph alone, not on how its vertices are numbered: equal graphs, written
/// in their orders, are the same text. Refinement, then a search over what refinement leaves open: a vertex of the smallest open cell is told
/// apart, each in turn, and of all discrete partitions the one with the least trace and adjacency is taken. Two equal ends of the
/// search are a symmetry, and what a symmetry maps onto something searched is not searched again (McKay: Practical graph isomorphism, 1981).
/// </summary>
internal sealed class CanonicalOrder
{
    private const int None = -1;

    // Vertices looked at, over all steps of a search. Molecules need a few hundred to some ten thousand.
    private const long MostWork = 20_000_000;

    private readonly int[] starts, neighbours;
    private readonly List<int> path = [], bestPath = [];
    private readonly List<ulong> traces = [], bestTraces = [];
    private readonly List<int[]> symmetries = [];
    private int[]? best, bestCode;
    private long work;

    private CanonicalOrder(int[] starts, int[] neighbours) => (this.starts, this.neighbours) = (starts, neighbours);

    /// <summary>(vertices) In canonical order; null where the symmetry is beyond what is searched.</summary>
    /// <param name="starts">(vertices + 1) Where each vertex's neighbours begin.</param>
    /// <param name="neighbours">The neighbours of vertex 0, of vertex 1, ...</param>
    /// <param name="partition">The graph's refined partition.</param>
    public static int[]? Of(int[] starts, int[] neighbours, ColourPartition partition)
    {
        if (partition.IsDiscrete) return partition.Order.ToArray();
        CanonicalOrder search = new(starts, neighbours);
        search.Search(partition);
        return search.work > MostWork ? null : search.best;
    }

    // Returns the depth to go on at: one less than that of the call, or that where a symmetry was found and the rest of a branch is known.
    private int Search(ColourPartition partition)
    {
        int depth = path.Count;
        if (partition.IsDiscrete) return Weigh(partition);

        List<int> searched = [];
        int known = 0;
        int[] orbits = [];
        foreach (int vertex in partition.SmallestOpenCell())
        {
            if (searched.Count > 0 && (known < symmetries.Count || orbits.Length == 0))
            {
                orbits = Orbits();
                known = symmetries.Count;
            }
            if (searched.Exists(other => Root(orbits, other) == Root(orbits, vertex))) continue;
            searched.Add(vertex);
            work += starts.Length;
            if (work > MostWork) return None;

            ColourPartition next = partition.Individualise(vertex);
            path.Add(vertex);
            traces.Add(next.Trace);
            int resume = best is not null && CompareTraces() > 0 ? depth : Search(next);
            path.RemoveAt(depth);
            traces.RemoveAt(depth);
            if (resume < depth) return resume;
        }
        return depth - 1;
    }

    private int Weigh(ColourPartition leaf)
    {
        int[] code = Code(leaf);
        int order = best is null ? -1 : CompareTraces();
        if (order == 0) order = code.AsSpan().SequenceCompareTo(bestCode);
        if (order > 0) return path.Count - 1;
        if (order < 0)
        {
            (best, bestCode) = (leaf.Order.ToArray(), code);
            bestPath.Clear();
            bestPath.AddRange(path);
            bestTraces.Clear();
            bestTraces.AddRange(traces);
            return path.Count - 1;
        }
        int[] image = new int[leaf.Order.Length];
        for (int i = 0; i < image.Length; i++) image[best![i]] = leaf.Order[i];
        symmetries.Add(image);
        return path.Zip(bestPath).TakeWhile(pair => pair.First == pair.Second).Count();
    }

    private int CompareTraces()
    {
        for (int i = 0; i < traces.Count && i < bestTraces.Count; i++)
            if (traces[i] != bestTraces[i]) return traces[i].CompareTo(bestTraces[i]);
        return 0;
    }

    // The graph in the leaf's order: of each vertex the places of its neighbours that stand before it, ascending, and -1.
    private int[] Code(ColourPartition leaf)
    {
        List<int> code = new(neighbours.Length);
        foreach (int vertex in leaf.Order)
        {
            int first = code.Count;
            foreach (int other in neighbours.AsSpan(starts[vertex]..starts[vertex + 1]))
                if (leaf.Place[other] < leaf.Place[vertex]) code.Add(leaf.Place[other]);
            code.Sort(first, code.Count - first, null);
            code.Add(None);
        }
        return [.. code];
    }

    // Disjoint sets of vertices that known symmetries map onto each other, of those that leave the path's vertices where they are.
    private int[] Orbits()
    {
        int[] parents = [.. Enumerable.Range(0, starts.Length - 1)];
        foreach (int[] image in symmetries)
        {
            if (path.Exists(vertex => image[vertex] != vertex)) continue;
            for (int vertex = 0; vertex < image.Length; vertex++) parents[Root(parents, vertex)] = Root(parents, image[vertex]);
        }
        return parents;
    }

    private static int Root(int[] parents, int vertex)
    {
        while (parents[vertex] != vertex) vertex = parents[vertex] = parents[parents[vertex]];
        return vertex;
    }
}
