using System.Reflection;
using SmilesBert.Kernels;

namespace SmilesBert.Gpu;

/// <summary>
/// Every kernel of the kernels project with the group size that its launcher gives it: a device that only takes note. Each launcher
/// (a public static method over a device and an argument struct) is called with operands that are not there, and with sizes and enums that make it
/// choose each of its kernels.
/// </summary>
public sealed class LaunchList : IKernelDevice
{
    // Every launcher takes the smallest. Products on tensor cores share their depth among groups, or have larger tiles, for the others.
    private const int SmallestSize = 64;
    private static readonly int[] Sizes = [SmallestSize, 512, 2048];

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
                    list.Call(method, args.GetElementType()!);
        return [.. list.launches.Distinct()];
    }

    public void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0) where TArgs : struct =>
        launches.Add((kernel.Method, threads));

    private void Call(MethodInfo launcher, Type argumentType)
    {
        foreach (int size in Sizes)
        {
            foreach (object args in Variants(argumentType, size))
            {
                try
                {
                    launcher.Invoke(null, [this, args]);
                }
                catch (TargetInvocationException e) when (e.InnerException is ArgumentOutOfRangeException && size > SmallestSize)
                {
                    // A size that the operation does not have.
                }
            }
        }
    }

    // The struct with every integer the size, once for each value of each of its own enums.
    private static IEnumerable<object> Variants(Type type, int size)
    {
        object args = Sized(type, size);
        yield return args;
        foreach (FieldInfo field in Fields(type).Where(static field => field.FieldType.IsEnum))
        {
            foreach (object value in Enum.GetValues(field.FieldType))
            {
                field.SetValue(args, value);
                yield return args;
            }
        }
    }

    private static object Sized(Type type, int size)
    {
        object args = Activator.CreateInstance(type)!;
        foreach (FieldInfo field in Fields(type))
        {
            if (field.FieldType == typeof(int)) field.SetValue(args, size);
            else if (field.FieldType is { IsEnum: false } inner && inner.Assembly == type.Assembly) field.SetValue(args, Sized(inner, size));
        }
        return args;
    }

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
}
