// Norm: Result[0] = sqrt(sum of X[i]^2), in two launches: each group's part, then the parts. The order is fixed by Count alone.
namespace SmilesBert.Kernels;

public static class Norm
{
    public readonly record struct Args(
        FloatView Result, FloatView Parts,                  // (1) (PartsLength)     out =; Parts is scratch
        FloatView X,                                        // (Count)               in
        int Count);

    /// <summary>Floats of scratch that a launch needs.</summary>
    public const int PartsLength = 256;

    public static void Forward(IKernelDevice device, in Args a)
    {
        device.Launch(PartsKernel, groups: Parts(a.Count), threads: Elements.Threads, a);
        device.Launch(ResultKernel, groups: 1, threads: PartsLength, a);
    }

    private static int Parts(int count) => Math.Min((count / Elements.Threads) + 1, PartsLength);

    internal static void PartsKernel(Args a)
    {
        float sum = 0f;
        for (int i = Grid.GlobalIndex.X; i < a.Count; i += Grid.DimX * Group.DimX) sum += a.X[i] * a.X[i];
        sum = Reduce.GroupSum(sum);
        if (Group.IdxX == 0) a.Parts[Grid.IdxX] = sum;
    }

    // One group, a thread per part.
    internal static void ResultKernel(Args a)
    {
        float sum = 0f;
        if (Group.IdxX < Parts(a.Count)) sum = a.Parts[Group.IdxX];
        sum = Reduce.GroupSum(sum);
        if (Group.IdxX == 0) a.Result[0] = XMath.Sqrt(sum);
    }
}
