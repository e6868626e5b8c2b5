namespace SmilesBert.Gpu.Simulator;

/// <summary>What the simulator looks for while a kernel runs; also the kind of a <see cref="Fault"/>.</summary>
[Flags]
public enum Check
{
    None = 0,
    /// <summary>An access outside every allocation, array or parameter. It reads zero; a write is dropped.</summary>
    OutOfBounds = 1 << 0,
    /// <summary>An address that is not a multiple of the access's size (all of a vector's bytes).</summary>
    Misaligned = 1 << 1,
    /// <summary>A read of memory that nobody wrote.</summary>
    UninitialisedMemory = 1 << 2,
    /// <summary>A read of a register that was never written on the way.</summary>
    UninitialisedRegister = 1 << 3,
    /// <summary>A barrier that not all threads of the warp reach together, or not all warps of the group reach.</summary>
    DivergentBarrier = 1 << 4,
    /// <summary>shfl, vote and the like: a lane of the mask does not take part, or an inactive lane is read.</summary>
    InactiveLane = 1 << 5,
    /// <summary>Two threads of a group touch the same shared memory, one writing another value, with no barrier between.</summary>
    SharedRace = 1 << 6,
    /// <summary>A group touches global memory that another group of the same launch wrote, not by atomics. Costs speed: not among the default.</summary>
    GroupConflict = 1 << 7,
    /// <summary>bra.uni on a condition that differs between lanes.</summary>
    DivergentUniformBranch = 1 << 8,
    /// <summary>Shared memory touched while a cp.async into it is still under way.</summary>
    AsyncCopyInFlight = 1 << 9,
    /// <summary>A warp used up its budget of instructions: an endless loop.</summary>
    InstructionBudget = 1 << 10,
    /// <summary>The trap instruction.</summary>
    Trap = 1 << 11,

    Default = All & ~GroupConflict,
    All = (1 << 12) - 1,
}
