namespace SmilesBert.Gpu.Simulator;

/// <summary>Runs one group of a launch after another on one host thread: its warps take turns, each until a barrier or the end.</summary>
internal sealed class GroupRun
{
    private const long Quantum = 1 << 16;                               // lets a warp that spins on another's write end up seeing it
    private const int ShuffledQuantum = 40;

    private readonly SimulatorChecks checks;
    private readonly MemoryBlock?[] lastBlocks;                         // for each instruction, the allocation it touched last

    public GroupRun(Launch launch)
    {
        Entry = launch.Entry;
        Memory = launch.Memory;
        Groups = launch.Groups;
        Threads = launch.Threads;
        DynamicSharedBytes = launch.DynamicSharedBytes;
        Parameters = launch.Parameters;
        checks = launch.Checks;

        int instructions = Entry.Code.Length;
        lastBlocks = new MemoryBlock?[instructions];
        Executions = new long[instructions];
        LaneExecutions = new long[instructions];
        Divergences = new long[instructions];
        Faults = new FaultLog(Entry.Name);
        Accesses = checks.CountAccesses ? new AccessCounter(instructions) : null;
        Shared = new MemoryBlock(StateSpace.Shared, 0, Entry.Shared.StaticEnd + DynamicSharedBytes, "shared memory");
        Races = IsOn(Check.SharedRace) ? new RaceDetector(Shared.Length, Entry.SharedCellBytes) : null;
        Owners = IsOn(Check.GroupConflict) ? launch.Owners : null;
        Barriers = new Barriers(this);
        Warps = [.. Enumerable.Range(0, (Threads + Lanes.Count - 1) / Lanes.Count).Select(warp => new WarpState(this, warp))];
    }

    public PtxEntry Entry { get; }
    public SimulatedMemory Memory { get; }

    /// <summary>The group's number, how many there are, and threads in each.</summary>
    public int Index { get; private set; }
    public int Groups { get; }
    public int Threads { get; }

    public int DynamicSharedBytes { get; }
    public MemoryBlock Shared { get; }
    public MemoryBlock Parameters { get; }
    public WarpState[] Warps { get; }
    public Barriers Barriers { get; }
    public RaceDetector? Races { get; }
    public GroupOwners? Owners { get; }
    public AccessCounter? Accesses { get; }
    public FaultLog Faults { get; }
    public bool HasGuards => Entry.Shared.Guards.Count > 0;

    /// <summary>For each instruction: times executed by a warp, by a lane, and times it divided a warp.</summary>
    public long[] Executions { get; }
    public long[] LaneExecutions { get; }
    public long[] Divergences { get; }

    public bool IsOn(Check check) => (checks.Enabled & check) != 0;

    public void CountDivergence(Instruction branch) => Divergences[branch.Index]++;

    /// <summary>The allocation that holds a global address, mostly the one this instruction touched before.</summary>
    public MemoryBlock? FindGlobal(Instruction instruction, ulong address)
    {
        MemoryBlock? last = lastBlocks[instruction.Index];
        if (last != null && last.Contains(address)) return last;
        return lastBlocks[instruction.Index] = Memory.Find(address);
    }

    /// <summary>Runs a group to its end.</summary>
    public void Run(int index)
    {
        Index = index;
        Shared.Clear();
        foreach ((int offset, int length) in Entry.Shared.Guards) Shared.Mark(offset, length, MemoryBlock.Guard);
        Races?.NextEpoch();
        Barriers.Clear();
        foreach (WarpState warp in Warps) warp.Start();

        Random? random = checks.Seed == 0 ? null : new Random(unchecked(checks.Seed * 7919 + index));
        WarpState[] order = [.. Warps];
        while (true)
        {
            random?.Shuffle(order);
            bool hasRun = false, isWaiting = false;
            foreach (WarpState warp in order)
            {
                if (warp.Status == WarpStatus.Ready)
                {
                    hasRun = true;
                    warp.Run(random == null ? Quantum : random.Next(1, ShuffledQuantum));
                    if (warp.Status == WarpStatus.Exited) Barriers.OnExit();
                    else if (warp.Executed > checks.WarpBudget) throw new BudgetException(warp);
                }
                isWaiting |= warp.Status == WarpStatus.AtBarrier;
            }
            if (hasRun) continue;
            if (!isWaiting) return;
            Barriers.ReportStuck();
        }
    }
}

/// <summary>A warp has used up its instructions: the launch ends here.</summary>
internal sealed class BudgetException(WarpState warp) : Exception
{
    public WarpState Warp { get; } = warp;
}
