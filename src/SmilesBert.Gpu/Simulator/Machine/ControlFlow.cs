namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// The shape of a kernel: where its basic blocks start, where each can go, and where the sides of a branch meet again: the immediate
/// post-dominator, by Cooper, Harvey and Kennedy's iteration ("A simple, fast dominance algorithm") on the reversed graph.
/// </summary>
internal sealed class ControlFlow
{
    private readonly Instruction[] code;
    private readonly int[] blockOf;
    private readonly List<int> starts = [];
    private readonly int[][] successors;

    public ControlFlow(Instruction[] code)
    {
        this.code = code;
        Leaders = FindLeaders();
        blockOf = new int[code.Length];
        for (int i = 0; i < code.Length; i++)
        {
            if (Leaders[i]) starts.Add(i);
            blockOf[i] = starts.Count - 1;
        }
        successors = [.. starts.Select((_, block) => Successors(block))];
    }

    /// <summary>Whether an instruction starts a block; one more than there are instructions, the last one true.</summary>
    public bool[] Leaders { get; }

    public int Count => starts.Count;

    public int Start(int block) => starts[block];

    public int End(int block) => block + 1 < starts.Count ? starts[block + 1] : code.Length;

    /// <summary>Blocks that may follow; <see cref="PtxEntry.Exit"/> for the kernel's end.</summary>
    public int[] SuccessorsOf(int block) => successors[block];

    /// <summary>For each instruction that may divide a warp, the instruction where its sides meet, or <see cref="PtxEntry.Exit"/>.</summary>
    public int[] Meetings()
    {
        int[] postDominators = PostDominators();
        int[] meetings = new int[code.Length];
        Array.Fill(meetings, PtxEntry.Exit);
        for (int block = 0; block < Count; block++)
        {
            int meeting = postDominators[block];
            if (meeting < Count) meetings[End(block) - 1] = starts[meeting];
        }
        return meetings;
    }

    private bool[] FindLeaders()
    {
        bool[] leaders = new bool[code.Length + 1];
        leaders[0] = leaders[code.Length] = true;
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i].Flow is Flow.Branch or Flow.BranchTable or Flow.Exit) leaders[i + 1] = true;
            foreach (int target in Targets(code[i])) leaders[target] = true;
        }
        return leaders;
    }

    private static int[] Targets(Instruction instruction) => instruction switch
    {
        BranchInstruction branch => [branch.Target],
        BranchTableInstruction table => table.Targets,
        _ => [],
    };

    private int[] Successors(int block)
    {
        Instruction last = code[End(block) - 1];
        List<int> next = [.. Targets(last).Select(target => blockOf[target])];
        bool fallsThrough = last.Guard >= 0 || last.Flow is Flow.Straight or Flow.Barrier;
        if (fallsThrough) next.Add(block + 1);
        if (last.Flow == Flow.Exit) next.Add(PtxEntry.Exit);
        return [.. next.Distinct()];
    }

    // Block numbers; Count stands for the kernel's end, also for blocks that never reach it.
    private int[] PostDominators()
    {
        int end = Count;
        int[] order = ReversePostOrder(out int[] rank);
        int[] dominators = new int[Count + 1];
        Array.Fill(dominators, -1);
        dominators[end] = end;
        for (bool isChanged = true; isChanged;)
        {
            isChanged = false;
            foreach (int block in order)
            {
                int found = -1;
                foreach (int successor in successors[block])
                {
                    int node = successor == PtxEntry.Exit ? end : successor;
                    if (dominators[node] >= 0) found = found < 0 ? node : Intersect(found, node);
                }
                if (found == dominators[block]) continue;
                dominators[block] = found;
                isChanged = true;
            }
        }
        for (int block = 0; block < Count; block++)
        {
            if (dominators[block] < 0) dominators[block] = end;
        }
        return dominators;

        int Intersect(int a, int b)
        {
            while (a != b)
            {
                while (rank[a] > rank[b]) a = dominators[a];
                while (rank[b] > rank[a]) b = dominators[b];
            }
            return a;
        }
    }

    // Of the reversed graph, from the end: the end has rank 0.
    private int[] ReversePostOrder(out int[] rank)
    {
        List<int>[] predecessors = [.. Enumerable.Range(0, Count + 1).Select(_ => new List<int>())];
        for (int block = 0; block < Count; block++)
        {
            foreach (int successor in successors[block]) predecessors[successor == PtxEntry.Exit ? Count : successor].Add(block);
        }

        List<int> postOrder = [];
        bool[] isSeen = new bool[Count + 1];
        Stack<(int Node, int Next)> stack = new([(Count, 0)]);
        isSeen[Count] = true;
        while (stack.Count > 0)
        {
            (int node, int next) = stack.Pop();
            if (next == predecessors[node].Count)
            {
                postOrder.Add(node);
                continue;
            }
            stack.Push((node, next + 1));
            int child = predecessors[node][next];
            if (isSeen[child]) continue;
            isSeen[child] = true;
            stack.Push((child, 0));
        }

        postOrder.Reverse();
        rank = new int[Count + 1];
        for (int i = 0; i < postOrder.Count; i++) rank[postOrder[i]] = i;
        return [.. postOrder.Skip(1)];
    }
}
