namespace SmilesBert.Molecules;

/// <summary>
/// Vertices of a graph in cells of one colour, refined until any two vertices of a cell have equally many neighbours in each cell
/// (Morgan 1965, Weisfeiler and Lehman 1968; the queue is Hopcroft's). Cells lie in an order that does not depend on how vertices are numbered.
/// </summary>
internal sealed class ColourPartition
{
    private const ulong Prime = 0x9E37_79B9_7F4A_7C15;

    private readonly int[] starts, neighbours;      // vertex v's neighbours: neighbours[starts[v] .. starts[v + 1]]
    private readonly int[] order;                   // vertices, cell by cell
    private readonly int[] place;                   // (vertices) where each stands in the order
    private readonly int[] cell;                    // (vertices) where its cell begins
    private readonly int[] length;                  // (places) how many vertices the cell that begins there has

    private ColourPartition(int[] starts, int[] neighbours, int[] order, int[] place, int[] cell, int[] length)
    {
        (this.starts, this.neighbours, this.order, this.place, this.cell, this.length) = (starts, neighbours, order, place, cell, length);
    }

    /// <summary>The refined partition of a graph whose vertices have first colours; cells are in the order of the colours.</summary>
    public ColourPartition(int[] starts, int[] neighbours, ReadOnlySpan<ulong> colours)
        : this(starts, neighbours, [.. Enumerable.Range(0, colours.Length)], new int[colours.Length], new int[colours.Length], new int[colours.Length])
    {
        ulong[] sorted = colours.ToArray();
        sorted.AsSpan().Sort(order.AsSpan());
        Queue<int> splitters = [];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start; end < order.Length && sorted[end] == sorted[start]; end++) place[order[end]] = end;
            SetCell(start, end - start);
            splitters.Enqueue(start);
        }
        Refine(splitters);
    }

    /// <summary>How many cells there are.</summary>
    public int Cells { get; private set; }

    /// <summary>Whether each vertex has a cell of its own.</summary>
    public bool IsDiscrete => Cells == order.Length;

    /// <summary>What the last refinement saw, as a number that does not depend on how vertices are numbered.</summary>
    public ulong Trace { get; private set; }

    /// <summary>(vertices) Cell by cell.</summary>
    public ReadOnlySpan<int> Order => order;

    /// <summary>(vertices) Where each stands in <see cref="Order"/>.</summary>
    public ReadOnlySpan<int> Place => place;

    /// <summary>The vertices of the smallest cell of two or more; of several, the first.</summary>
    public int[] SmallestOpenCell()
    {
        int best = -1;
        for (int start = 0; start < order.Length; start += length[start])
            if (length[start] > 1 && (best < 0 || length[start] < length[best])) best = start;
        return order[best..(best + length[best])];
    }

    /// <summary>The partition in which one vertex is told apart from the others of its cell, refined again.</summary>
    public ColourPartition Individualise(int vertex)
    {
        ColourPartition next = new(starts, neighbours, [.. order], [.. place], [.. cell], [.. length]) { Cells = Cells - 1 };
        int start = cell[vertex], rest = length[start] - 1;
        next.Swap(place[vertex], start);
        next.SetCell(start, 1);
        next.SetCell(start + 1, rest);
        Queue<int> splitters = [];
        splitters.Enqueue(start);
        next.Refine(splitters);
        return next;
    }

    private void SetCell(int start, int size)
    {
        length[start] = size;
        for (int i = start; i < start + size; i++) cell[order[i]] = start;
        Cells++;
    }

    private void Swap(int one, int other)
    {
        (order[one], order[other]) = (order[other], order[one]);
        (place[order[one]], place[order[other]]) = (one, other);
    }

    private void Refine(Queue<int> splitters)
    {
        int[] counts = new int[order.Length];       // neighbours in the splitting cell
        bool[] waiting = new bool[order.Length];
        foreach (int start in splitters) waiting[start] = true;
        List<int> reached = [], reachedCells = [];
        while (splitters.TryDequeue(out int splitter) && !IsDiscrete)
        {
            waiting[splitter] = false;
            reached.Clear();
            reachedCells.Clear();
            for (int i = splitter; i < splitter + length[splitter]; i++)
                foreach (int vertex in neighbours.AsSpan(starts[order[i]]..starts[order[i] + 1]))
                    if (counts[vertex]++ == 0) reached.Add(vertex);
            foreach (int vertex in reached) reachedCells.Add(cell[vertex]);
            reachedCells.Sort();
            Mix(splitter);
            for (int i = 0; i < reachedCells.Count; i++)
                if (i == 0 || reachedCells[i] != reachedCells[i - 1]) SplitCell(reachedCells[i], counts, splitters, waiting);
            foreach (int vertex in reached) counts[vertex] = 0;
        }
    }

    // A cell falls into one cell for each count, in ascending order. All but the largest must split others in turn, and that too if the cell had to.
    private void SplitCell(int start, int[] counts, Queue<int> splitters, bool[] waiting)
    {
        int size = length[start];
        Span<int> members = order.AsSpan(start, size);
        Mix(start);
        if (size == 1)
        {
            Mix(counts[members[0]]);
            return;
        }
        int[] keys = new int[size];
        for (int i = 0; i < size; i++) keys[i] = counts[members[i]];
        keys.AsSpan().Sort(members);
        for (int i = 0; i < size; i++) place[members[i]] = start + i;

        int largest = 0, largestSize = 0;
        for (int i = 0, end; i < size; i = end)
        {
            for (end = i; end < size && keys[end] == keys[i]; end++) { }
            Mix(keys[i]);
            Mix(end - i);
            if (end - i > largestSize) (largest, largestSize) = (start + i, end - i);
        }
        if (largestSize == size) return;

        bool all = waiting[start];
        Cells--;
        for (int i = 0, end; i < size; i = end)
        {
            for (end = i; end < size && keys[end] == keys[i]; end++) { }
            SetCell(start + i, end - i);
            if ((!all && start + i == largest) || waiting[start + i]) continue;
            waiting[start + i] = true;
            splitters.Enqueue(start + i);
        }
    }

    private void Mix(int value) => Trace = (Trace ^ (uint)value) * Prime + (Trace >> 29);
}
