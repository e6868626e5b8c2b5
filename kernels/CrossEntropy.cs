// CrossEntropy: the loss of scores against a label each, and its gradient in the same pass.
//
//   Loss[r] = Weights[r] * (log sum over k of exp X[r,k] - X[r,Labels[r]])
//   DX[r,k] = (softmax(X[r,:])[k] - (k == Labels[r] ? 1 : 0)) * Weights[r]
//
// Both are written with =. A row of weight 0 gives 0 and its label is not read; a label outside [0,K) gives a loss of NaN.
namespace SmilesBert.Kernels;

public static class CrossEntropy
{
    public readonly record struct Args(
        FloatView Loss, FloatView DX,                       // (Rows) (Rows,K)       out =
        FloatView X, IntView Labels, FloatView Weights,     // (Rows,K) (Rows) (Rows) in
        int Rows, int K);

    private const int Warps = 4;

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.Rows == 0) return;
        device.Launch(Kernel, groups: a.Rows, threads: Warps * device.WarpSize, a);
    }

    // One group per row. The maximum is subtracted, so that no exponential overflows.
    internal static void Kernel(Args a)
    {
        int r = Grid.IdxX, row = r * a.K;
        float weight = a.Weights[r];
        if (weight == 0f)                                   // for the whole group alike
        {
            for (int k = Group.IdxX; k < a.K; k += Group.DimX) a.DX[row + k] = 0f;
            if (Group.IdxX == 0) a.Loss[r] = 0f;
            return;
        }

        float max = float.NegativeInfinity;
        for (int k = Group.IdxX; k < a.K; k += Group.DimX) max = XMath.Max(max, a.X[row + k]);
        max = Reduce.GroupMax(max);
        float sum = 0f;
        for (int k = Group.IdxX; k < a.K; k += Group.DimX) sum += XMath.Exp(a.X[row + k] - max);
        sum = Reduce.GroupSum(sum);

        int label = a.Labels[r];
        if (Group.IdxX == 0)
        {
            float atLabel = label >= 0 && label < a.K ? a.X[row + label] : float.NaN;
            a.Loss[r] = weight * (XMath.Log(sum) + (max - atLabel));
        }
        for (int k = Group.IdxX; k < a.K; k += Group.DimX)
            a.DX[row + k] = ((XMath.Exp(a.X[row + k] - max) / sum) - (k == label ? 1f : 0f)) * weight;
    }
}
