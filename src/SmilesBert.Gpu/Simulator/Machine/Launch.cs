using System.Runtime.ExceptionServices;

namespace SmilesBert.Gpu.Simulator;

/// <summary>One launch: shares its groups among host threads and adds up what they found.</summary>
internal sealed class Launch(
    PtxEntry entry, int groups, int threads, int dynamicSharedBytes, MemoryBlock parameters, SimulatedMemory memory, SimulatorChecks checks)
{
    public PtxEntry Entry { get; } = entry;
    public int Groups { get; } = groups;
    public int Threads { get; } = threads;
    public int DynamicSharedBytes { get; } = dynamicSharedBytes;
    public MemoryBlock Parameters { get; } = parameters;
    public SimulatedMemory Memory { get; } = memory;
    public SimulatorChecks Checks { get; } = checks;
    public GroupOwners Owners { get; } = new(entry.GlobalCellBytes);

    public LaunchReport Run()
    {
        bool areGroupsIndependent = !Entry.HasGlobalAtomics && (Checks.Enabled & Check.GroupConflict) == 0;
        int workers = areGroupsIndependent ? Math.Clamp(Checks.HostThreads, 1, Groups) : 1;
        GroupRun[] runs = [.. Enumerable.Range(0, workers).Select(_ => new GroupRun(this))];
        int[] order = Order();
        if (workers == 1)
        {
            Run(runs[0], order, 0, 1);
        }
        else
        {
            try
            {
                Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker => Run(runs[worker], order, worker, workers));
            }
            catch (AggregateException several)
            {
                ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
            }
        }
        return Report(runs);
    }

    private int[] Order()
    {
        int[] order = [.. Enumerable.Range(0, Groups)];
        if (Checks.Seed != 0) new Random(Checks.Seed).Shuffle(order);
        return order;
    }

    // Every worker-th group: neighbours cost much the same.
    private static void Run(GroupRun run, int[] order, int first, int step)
    {
        try
        {
            for (int i = first; i < order.Length; i += step) run.Run(order[i]);
        }
        catch (BudgetException exceeded)
        {
            exceeded.Warp.ReportBudget();
        }
    }

    private LaunchReport Report(GroupRun[] runs)
    {
        FaultLog faults = runs[0].Faults;
        foreach (GroupRun run in runs.AsSpan(1)) faults.Merge(run.Faults);
        List<InstructionReport> instructions = [];
        for (int i = 0; i < Entry.Code.Length; i++)
        {
            Instruction instruction = Entry.Code[i];
            int index = i;
            long warps = Sum(run => run.Executions);
            if (warps == 0 || index == Entry.Code.Length - 1) continue;  // the last one stands for the closing brace
            instructions.Add(new InstructionReport(
                instruction.Syntax.Line, instruction.Syntax.Text, instruction.Class, warps, Sum(run => run.LaneExecutions), Sum(run => run.Divergences),
                Sum(run => run.Accesses?.ExtraCycles), Sum(run => run.Accesses?.Sectors), Sum(run => run.Accesses?.IdealSectors)));

            long Sum(Func<GroupRun, long[]?> counts) => runs.Sum(run => counts(run)?[index] ?? 0);
        }
        return new LaunchReport
        {
            Kernel = Entry.Name,
            Groups = Groups,
            Threads = Threads,
            StaticSharedBytes = Entry.StaticSharedBytes,
            DynamicSharedBytes = DynamicSharedBytes,
            Instructions = instructions,
            Faults = [.. faults.Faults],
        };
    }
}
