namespace SmilesBert.Gpu.Simulator;

/// <summary>What an instruction keeps busy: the lines of a launch's account.</summary>
public enum OpcodeClass
{
    /// <summary>Moves, parameter reads and what has no line of its own.</summary>
    Move,
    Integer,
    /// <summary>fp32 and fp64 but for fused multiply-adds.</summary>
    Float,
    /// <summary>fma and mad on floats.</summary>
    FusedMultiplyAdd,
    /// <summary>Square roots, reciprocals, exponentials and so on.</summary>
    SpecialFunction,
    Conversion,
    /// <summary>setp, set, selp, slct and predicate logic.</summary>
    Compare,
    /// <summary>mma.sync.</summary>
    Matrix,
    GlobalLoad,
    GlobalStore,
    SharedLoad,
    SharedStore,
    /// <summary>Loads and stores of .local memory: spilled or indexed arrays.</summary>
    Local,
    Atomic,
    /// <summary>cp.async and its commits and waits.</summary>
    AsyncCopy,
    /// <summary>shfl, vote, match, redux.</summary>
    Shuffle,
    /// <summary>bar, fences.</summary>
    Barrier,
    Branch,
}
