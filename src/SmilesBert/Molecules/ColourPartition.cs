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
        : this(starts, neighbours, [.. Enumerable.Range(0, colours.Length)],
            new int[colours.Length], new int[colours.Length], new int[colours.Length])
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

    // Work is in proportion to the neighbours of splitting cells: what they do not reach is not looked at.
    private void Refine(Queue<int> splitters)
    {
        int[] counts = new int[order.Length];       // (vertices) neighbours in the splitting cell
        int[] hits = new int[order.Length];         // (cells) vertices with such neighbours; they stand at the cell's end
        bool[] waiting = new bool[order.Length];    // (cells) in the queue
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
            foreach (int vertex in reached)
            {
                int own = cell[vertex];
                if (hits[own] == 0) reachedCells.Add(own);
                Swap(place[vertex], own + length[own] - ++hits[own]);
            }
            reachedCells.Sort();
            Mix(splitter);
            foreach (int start in reachedCells)
            {
                SplitCell(start, hits[start], counts, splitters, waiting);
                hits[start] = 0;
            }
            foreach (int vertex in reached) counts[vertex] = 0;
        }
    }

    // A cell falls into one cell for each count, in ascending order. All but the largest must split others in turn, and that too if the cell had to.
    private void SplitCell(int start, int hit, int[] counts, Queue<int> splitters, bool[] waiting)
    {
        int size = length[start], untouched = size - hit;
        Span<int> members = order.AsSpan(start + untouched, hit);
        int[] keys = new int[hit];
        for (int i = 0; i < hit; i++) keys[i] = counts[members[i]];
        keys.AsSpan().Sort(members);
        for (int i = 0; i < hit; i++) place[members[i]] = start + untouched + i;

        Mix(start);
        Mix(untouched);
        int largest = start, largestSize = untouched;
        for (int i = 0, end; i < hit; i = end)
        {
            end = EndOfRun(keys, i);
            Mix(keys[i]);
            Mix(end - i);
            if (end - i > largestSize) (largest, largestSize) = (start + untouched + i, end - i);
        }
        if (largestSize == size) return;

        bool all = waiting[start];
        if (untouched > 0)
        {
            length[start] = untouched;
            Enqueue(start);
        }
        else Cells--;
        for (int i = 0, end; i < hit; i = end)
        {
            end = EndOfRun(keys, i);
            SetCell(start + untouched + i, end - i);
            Enqueue(start + untouched + i);
        }

        void Enqueue(int part)
        {
            if ((part == largest && !all) || waiting[part]) return;
            waiting[part] = true;
            splitters.Enqueue(part);
        }
    }

    private static int EndOfRun(int[] keys, int start)
    {
        int end = start + 1;
        while (end < keys.Length && keys[end] == keys[start]) end++;
        return end;
    }

    private void Mix(int value) => Trace = (Trace ^ (uint)value) * Prime + (Trace >> 29);
}
