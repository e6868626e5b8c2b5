namespace SmilesBert.Gpu.Compiler;

/// <summary>What a register can hold. Signs belong to instructions, as in IL and PTX.</summary>
internal enum ValueKind
{
    /// <summary>Nothing: a store, a barrier.</summary>
    None,
    Predicate,
    Int32,
    Int64,
    Float32,
    Float64,
    /// <summary>Several results of one load; each is an <see cref="Element"/>.</summary>
    Vector,
    /// <summary>A managed reference to variables of a method: known while compiling, never in a register.</summary>
    Place,
    /// <summary>A string literal, for CudaAsm.</summary>
    Text,
}
