namespace SmilesBert.Gpu.Simulator;

/// <summary>What a launch did and what it would have cost.</summary>
public sealed record LaunchReport
{
    /// <summary>The entry's name.</summary>
    public required string Kernel { get; init; }
    public required int Groups { get; init; }
    public required int Threads { get; init; }
    public required int StaticSharedBytes { get; init; }
    public required int DynamicSharedBytes { get; init; }

    /// <summary>For each instruction that ran, in the order of the text.</summary>
    public required IReadOnlyList<InstructionReport> Instructions { get; init; }

    /// <summary>What went wrong, one for each check and line, in the order of lines.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Instructions issued, counted once for a warp.</summary>
    public long WarpInstructions => Instructions.Sum(instruction => instruction.Warps);

    /// <summary>Instructions executed, counted for each thread.</summary>
    public long LaneInstructions => Instructions.Sum(instruction => instruction.Lanes);

    /// <summary>Times a branch sent lanes of a warp different ways.</summary>
    public long DivergentBranches => Instructions.Sum(instruction => instruction.Divergences);

    /// <summary>Cycles that bank conflicts of shared memory cost.</summary>
    public long BankConflictCycles => Instructions.Sum(instruction => instruction.BankConflictCycles);

    /// <summary>Sectors of 32 bytes that loads and stores of global memory touched, warp by warp.</summary>
    public long GlobalSectors => Instructions.Sum(instruction => instruction.GlobalSectors);

    /// <summary>Sectors that the same bytes would have filled side by side.</summary>
    public long IdealGlobalSectors => Instructions.Sum(instruction => instruction.IdealGlobalSectors);

    /// <summary>Accesses to global memory that touched more sectors than they needed.</summary>
    public IEnumerable<InstructionReport> Uncoalesced => Instructions.Where(instruction => instruction.GlobalSectors > instruction.IdealGlobalSectors);

    /// <summary>Warp instructions of a class.</summary>
    public long Count(OpcodeClass opcodeClass) => Instructions.Where(instruction => instruction.Class == opcodeClass).Sum(instruction => instruction.Warps);
}
