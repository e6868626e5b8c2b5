using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>A place in the IL of a method.</summary>
internal readonly record struct Origin(MethodBase Method, int Offset)
{
    public KernelCompileException Refuse(string reason) => new(Method, Offset, reason);
}
