using System.Reflection;
using SmilesBert.Kernels;

namespace SmilesBert.Gpu;

/// <summary>
/// Every kernel of the kernels project with the group size that its launcher gives it: a device that only takes note. Each launcher
/// (a public static method over a device and an argument struct) is called with operands that are not there and sizes that are all
/// <see cref="Size"/>, which is enough for it to launch.
/// </summary>
public sealed class LaunchList : IKernelDevice
{
    private const int Size = 64;

    private readonly List<(MethodInfo Kernel, int Threads)> launches = [];

    private LaunchList() { }

    public int WarpSize => 32;

    /// <summary>The kernels in the order of their classes' names, each with the threads of its groups.</summary>
    public static IReadOnlyList<(MethodInfo Kernel, int Threads)> OfAllKernels()
    {
        LaunchList list = new();
        foreach (Type operation in typeof(IKernelDevice).Assembly.GetExportedTypes().OrderBy(static type => type.Name, StringComparer.Ordinal))
            foreach (MethodInfo method in operation.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                if (method.GetParameters() is [{ } device, { ParameterType: { IsByRef: true } args }] && device.ParameterType == typeof(IKernelDevice))
                    method.Invoke(null, [list, Sized(args.GetElementType()!)]);
        return [.. list.launches.Distinct()];
    }

    public void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0) where TArgs : struct =>
        launches.Add((kernel.Method, threads));

    private static object Sized(Type type)
    {
        object args = Activator.CreateInstance(type)!;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            if (field.FieldType == typeof(int)) field.SetValue(args, Size);
        return args;
    }
}
