// Fill: Y[i] = Value.
namespace SmilesBert.Kernels;

public static class Fill
{
    public readonly record struct Args(
        FloatView Y,                                        // (Count)               out =
        int Count, float Value);

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.Count == 0) return;
        device.Launch(Kernel, groups: Elements.Groups(a.Count), threads: Elements.Threads, a);
    }

    internal static void Kernel(Args a)
    {
        for (int i = Grid.GlobalIndex.X; i < a.Count; i += Grid.DimX * Group.DimX) a.Y[i] = a.Value;
    }
}
