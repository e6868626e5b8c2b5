// MeanTokens: Y[b,c] = the mean of X[n,c] over the tokens n of molecule b.
namespace SmilesBert.Kernels;

public static class MeanTokens
{
    public readonly record struct Args(
        FloatView Y,                                        // (B,C)                 out =
        FloatView X, IntView Starts,                        // (N,C) (B+1)           in
        int B, int C);

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.B == 0) return;
        device.Launch(Kernel, groups: a.B * Reduce.ColumnGroups(a.C), threads: Reduce.ColumnThreads, a);
    }

    // One group per molecule and eight columns; each column's threads take the tokens in turn.
    internal static void Kernel(Args a)
    {
        int columnGroups = Reduce.ColumnGroups(a.C), b = Grid.IdxX / columnGroups;
        int c = Reduce.Column(Grid.IdxX % columnGroups), start = a.Starts[b], end = a.Starts[b + 1];
        float sum = 0f;
        if (c < a.C)
        {
            for (int n = start + Reduce.Stripe; n < end; n += Reduce.Stripes) sum += a.X[(n * a.C) + c];
        }
        sum = Reduce.ColumnSum(sum);
        if (Reduce.Stripe == 0 && c < a.C) a.Y[(b * a.C) + c] = sum / (end - start);
    }
}
