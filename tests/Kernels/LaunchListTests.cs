using System.Reflection;
using SmilesBert.Gpu;
using SmilesBert.Kernels;

namespace SmilesBert.Tests.Kernels;

/// <summary>The list of kernels that is written, assembled and counted: none is missing, and names tell them apart.</summary>
public sealed class LaunchListTests
{
    [Fact]
    public void EveryKernelIsListedOnce()
    {
        MethodInfo[] kernels =
        [
            .. typeof(IKernelDevice).Assembly.GetTypes()
                .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(static method => method.Name.EndsWith("Kernel", StringComparison.Ordinal)),
        ];
        IReadOnlyList<(MethodInfo Kernel, int Threads)> listed = LaunchList.OfAllKernels();
        Assert.Equal(kernels.Select(NameOf).Order(), listed.Select(static launch => NameOf(launch.Kernel)).Distinct().Order());

        // Of those for tensor cores, one for each of two number formats and, where there are, of two tiles; none twice.
        Assert.All(
            listed.GroupBy(static launch => NameOf(launch.Kernel)),
            static variants => Assert.Equal(1 << variants.First().Kernel.GetGenericArguments().Length, variants.Count()));
        Assert.Distinct(listed.Select(static launch => launch.Kernel));
        Assert.All(listed, static launch => Assert.InRange(launch.Threads, 32, 1024));
    }

    private static string NameOf(MethodInfo kernel) => $"{kernel.DeclaringType!.Name}.{kernel.Name}";
}
