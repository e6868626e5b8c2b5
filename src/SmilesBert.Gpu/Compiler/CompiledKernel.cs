namespace SmilesBert.Gpu.Compiler;

/// <summary>A kernel as PTX text, and what a device must know to launch it.</summary>
/// <param name="Name">The entry: class and method, as in LayerNorm_ForwardKernel.</param>
/// <param name="Ptx">A module that holds this one entry.</param>
/// <param name="Parameters">How the argument struct is laid out in the entry's one parameter.</param>
/// <param name="StaticSharedBytes">Shared memory that the compiler declared; arrays declared inside CudaAsm text come on top.</param>
/// <param name="TargetSm">The oldest architecture that runs it: 70, or 80 where a text needs it.</param>
public sealed record CompiledKernel(string Name, string Ptx, ParameterLayout Parameters, int StaticSharedBytes, int TargetSm);
