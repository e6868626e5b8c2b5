// SumRows: DRow[c] += sum over n of DY[n,c]. The gradient of a row that all N rows share, such as the token type's.
namespace SmilesBert.Kernels;

public static class SumRows
{
    public readonly record struct Args(
        FloatView DRow,                                     // (C)                   out +=
        FloatView DY,                                       // (N,C)                 in
        int N, int C);

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.N == 0) return;
        device.Launch(Kernel, groups: Reduce.ColumnGroups(a.C), threads: Reduce.ColumnThreads, a);
    }

    // One group per eight columns; each column's threads take its rows in turn, and their sums are added in order.
    internal static void Kernel(Args a)
    {
        int c = Reduce.Column(Grid.IdxX);
        float sum = 0f;
        if (c < a.C)
        {
            for (int n = Reduce.Stripe; n < a.N; n += Reduce.Stripes) sum += a.DY[(n * a.C) + c];
        }
        sum = Reduce.ColumnSum(sum);
        if (Reduce.Stripe == 0 && c < a.C) a.DRow[c] += sum;
    }
}
