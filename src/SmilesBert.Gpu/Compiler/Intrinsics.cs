using System.Collections.Concurrent;
using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>Translates a call into instructions; the result is null of a void method.</summary>
internal delegate Operand? Intrinsic(IntrinsicCall call);

/// <summary>
/// The methods that the compiler knows: the kernel language by its full names, so that kernels built against ILGPU's own package compile too,
/// and what of .NET's libraries has an instruction of its own. Everything else is inlined from its IL.
/// </summary>
internal static partial class Intrinsics
{
    private static readonly Dictionary<string, Intrinsic> Table = [];
    private static readonly ConcurrentDictionary<MethodBase, Intrinsic?> Found = new();

    static Intrinsics()
    {
        AddThreads();
        AddViews();
        AddMemory();
        AddMath();
    }

    public static Intrinsic? Find(MethodBase method) => Found.GetOrAdd(method, static method =>
        method.DeclaringType is { } type ? Table.GetValueOrDefault($"{DeviceTypes.Definition(type)}.{method.Name}") : null);

    private static void Add(string type, string method, Intrinsic intrinsic) => Table.Add($"{type}.{method}", intrinsic);
}
