// AdamW: one step of all parameters in one launch (Loshchilov and Hutter, 2019, as PyTorch computes it).
//
//   g = Grad * min(1, MaxGradientNorm / (Norm[0] + 1e-6))
//   M = Beta1 M + (1-Beta1) g        V = Beta2 V + (1-Beta2) g^2
//   Value = Value * (1 - LearningRate * decay) - LearningRate * (M / Correction1) / (sqrt(V / Correction2) + Epsilon)
//
// decay is WeightDecay for the first DecayCount values and 0 for the others. The norm is read on the device: no step waits for the host. Where it, or that
// of the step before, is not finite, nothing changes: the host finds out a step later, and what it then finds are the weights that led there.
// Where products on tensor cores take weights in bf16, Rounded gets each value so in the same pass; an empty one is not written.
namespace SmilesBert.Kernels;

public static class AdamW
{
    public readonly record struct Args(
        FloatView Value, FloatView M, FloatView V,          // (Count) each          changed
        BFloat16View Rounded,                               // (Count)               out =
        FloatView Grad, FloatView Norm, FloatView NormBefore,   // (Count) (1) (1)   in
        int Count, int DecayCount, float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay,
        float MaxGradientNorm, float Correction1, float Correction2);

    public static void Forward(IKernelDevice device, in Args a)
    {
        if (a.Count == 0) return;
        device.Launch(Kernel, groups: Elements.Groups(a.Count), threads: Elements.Threads, a);
    }

    internal static void Kernel(Args a)
    {
        float norm = a.Norm[0], keep = 1f - (a.LearningRate * a.WeightDecay);
        bool isFinite = norm <= float.MaxValue && a.NormBefore[0] <= float.MaxValue;    // NaN is not
        float clip = a.MaxGradientNorm / (norm + 1e-6f);
        clip = clip > 1f ? 1f : clip;
        for (int i = Grid.GlobalIndex.X; i < a.Count; i += Grid.DimX * Group.DimX)
        {
            float value = a.Value[i];
            if (isFinite)
            {
                float g = a.Grad[i] * clip;
                float m = (a.Beta1 * a.M[i]) + ((1f - a.Beta1) * g);
                float v = (a.Beta2 * a.V[i]) + ((1f - a.Beta2) * g * g);
                value = (value * (i < a.DecayCount ? keep : 1f)) - (a.LearningRate * (m / a.Correction1) / (XMath.Sqrt(v / a.Correction2) + a.Epsilon));
                a.M[i] = m;
                a.V[i] = v;
                a.Value[i] = value;
            }
            if (a.Rounded.Length > 0) a.Rounded[i] = BFloat16.Of(value);
        }
    }
}
