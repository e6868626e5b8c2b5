using System.Reflection;
using System.Text.RegularExpressions;

namespace SmilesBert.Gpu.Compiler;

/// <summary>Translates kernels, static C# methods over the kernel language, from IL to PTX.</summary>
public static partial class KernelCompiler
{
    /// <summary>Translates one kernel and everything that it calls.</summary>
    /// <param name="kernel">A static method that takes one struct, or one view or number, and returns nothing.</param>
    /// <param name="maxThreads">The largest group that it is launched with, for ptxas to count registers by; none is promised where null.</param>
    /// <exception cref="KernelCompileException">It uses something that has no translation.</exception>
    public static CompiledKernel Compile(MethodInfo kernel, int? maxThreads = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (!kernel.IsStatic || kernel.ReturnType != typeof(void) || kernel.GetParameters() is not [{ ParameterType.IsByRef: false } argument])
            throw new KernelCompileException(kernel, 0, "a kernel is a static method that takes one argument by value and returns nothing");
        var layout = new ParameterLayout(argument.ParameterType);
        if (layout.Refusal is { } reason) throw new KernelCompileException(kernel, 0, $"its argument cannot be passed: {reason}");

        var graph = new GraphBuilder();
        var module = new ModuleState();
        new Translator(graph, module).TranslateKernel(kernel, layout);
        Optimizer.Run(graph);
        string name = NotInNames().Replace(string.Join('_', [kernel.DeclaringType?.Name, kernel.Name, .. kernel.GetGenericArguments().Select(static type => type.Name)]), "_");
        return new PtxWriter(graph, module, name, kernel, layout, maxThreads).Write();
    }

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotInNames();
}
