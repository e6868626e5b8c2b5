// BinaryCrossEntropy: the loss of independent yes-or-no scores, and its gradient in the same pass. Targets are in [0,1].
//
//   Loss[r]  = sum over k of Weights[r,k] * (max(x,0) - x * t + log(1 + exp(-|x|)))
//   DX[r,k]  = (sigmoid(x) - t) * Weights[r,k]
//
// Both are written with =. An element of weight 0 gives 0, whatever its target.
namespace SmilesBert.Kernels;

public static class BinaryCrossEntropy
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
            float weight = a.Weights[row + k], slope = 0f;
            if (weight != 0f)                               // a target without weight may be anything, a NaN too
            {
                float x = a.X[row + k], t = a.Targets[row + k], e = XMath.Exp(-XMath.Abs(x));
                sum += weight * ((x > 0f ? x : 0f) - (x * t) + Log1p(e));
                slope = weight * (((x < 0f ? e : 1f) / (1f + e)) - t);
            }
            a.DX[row + k] = slope;
        }
        sum = Reduce.GroupSum(sum);
        if (Group.IdxX == 0) a.Loss[Grid.IdxX] = sum;
    }

    // log(1 + e) for e in [0,1]: 2 artanh(s) with s = e / (2 + e), at most 1/3: 2s + s^3 P(s^2), the fit of the CPU's VectorMath.
    private static float Log1p(float e)
    {
        float s = e / (e + 2f), z = s * s;
        float p = (0.280147135f * z) + 0.280012965f;
        p = (p * z) + 0.400215566f;
        p = (p * z) + 0.666664183f;
        return s + s + (p * z * s);
    }
}
