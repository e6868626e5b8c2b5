namespace SmilesBert.Gpu.Compiler;

/// <summary>Where an address points.</summary>
internal enum MemorySpace
{
    /// <summary>Not known while compiling.</summary>
    Generic,
    Global,
    Shared,
    Local,
}
