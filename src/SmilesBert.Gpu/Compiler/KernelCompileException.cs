using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>A kernel uses something that has no translation; the message names the method, the place in its IL and the reason.</summary>
public sealed class KernelCompileException : Exception
{
    internal KernelCompileException(MethodBase method, int offset, string reason)
        : base($"{Describe(method)} at IL_{offset:X4}: {reason}.")
    {
        Method = method;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The method that holds the refused instruction: the kernel or something it calls.</summary>
    public MethodBase Method { get; }

    /// <summary>Where the refused instruction starts in that method's IL, in bytes.</summary>
    public int Offset { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    private static string Describe(MethodBase method) => method.DeclaringType is { } type ? $"{type.Name}.{method.Name}" : method.Name;
}
