namespace SmilesBert.Gpu.Compiler;

/// <summary>What an instruction does besides its result.</summary>
internal enum Effect
{
    /// <summary>Nothing: it may be removed where nobody reads it, and equal ones are one.</summary>
    None,
    /// <summary>It reads memory: it may be removed, but stays where it is.</summary>
    Read,
    /// <summary>It writes memory or talks to other threads: it stays.</summary>
    Write,
}
