// SquaredError: the loss of regression, and its gradient in the same pass.
//
//   Loss[r] = sum over k of Weights[r,k] * (X[r,k] - Targets[r,k])^2
//   DX[r,k] = 2 * (X[r,k] - Targets[r,k]) * Weights[r,k]
//
// Both are written with =. An element of weight 0 gives 0, whatever its target.
namespace SmilesBert.Kernels;

public static class SquaredError
{
    public readonly record struct Args(
        FloatView Loss, FloatView DX,                       // (Rows) (Rows,K)       out =
        FloatView X, FloatView Targets, FloatView Weights,  // (Rows,K) each         in
        int Rows, int K);

    private const int Warps = 4;

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.Rows == 0) return;
        device.Launch(Kernel, groups: a.Rows, threads: Warps * device.WarpSize, a);
    }

    // One group per row.
    internal static void Kernel(Args a)
    {
        int row = Grid.IdxX * a.K;
        float sum = 0f;
        for (int k = Group.IdxX; k < a.K; k += Group.DimX)
        {
            float weight = a.Weights[row + k], d = 0f;
            if (weight != 0f) d = a.X[row + k] - a.Targets[row + k];    // a target without weight may be anything, a NaN too
            sum += weight * (d * d);
            a.DX[row + k] = 2f * d * weight;
        }
        sum = Reduce.GroupSum(sum);
        if (Group.IdxX == 0) a.Loss[Grid.IdxX] = sum;
    }
}
