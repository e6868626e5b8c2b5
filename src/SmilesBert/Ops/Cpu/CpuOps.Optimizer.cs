using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    private const int NormChunks = 256;
    private readonly double[] squares = new double[NormChunks];

    private readonly record struct NormArgs(double[] Squares, Floats X, int Count, int Chunk);

    private readonly record struct AdamWArgs(
        Floats Value, Floats M, Floats V, Floats Grad, int Count, int DecayCount, AdamWStep Step, float Clip, float Rate, float RootCorrection);

    public void Norm(Floats norm, Floats x, int count)
    {
        int chunk = (int)(((long)count + NormChunks - 1) / NormChunks);
        team.For(NormChunks, 1, new NormArgs(squares, x, count, chunk), static (a, from, to) =>
        {
            float* x = Pointer(a.X, a.Count);
            for (int item = from; item < to; item++)
            {
                long end = Math.Min((item + 1L) * a.Chunk, a.Count);
                double sum = 0;
                for (long i = (long)item * a.Chunk; i < end; i += ElementBlock)
                    sum += VectorMath.Dot(x + i, x + i, (int)Math.Min(ElementBlock, end - i));
                a.Squares[item] = sum;
            }
        });
        double total = 0;
        foreach (double part in squares) total += part;
        Pointer(norm, 1)[0] = (float)Math.Sqrt(total);
    }

    public void AdamW(Floats value, Floats m, Floats v, Floats grad, Floats norm, Floats normBefore, int count, int decayCount, AdamWStep step)
    {
        float length = Pointer(norm, 1)[0];
        if (!float.IsFinite(length) || !float.IsFinite(Pointer(normBefore, 1)[0])) return;
        float clip = MathF.Min(1f, step.MaxGradientNorm / (length + 1e-6f));
        float rate = step.LearningRate / step.Correction1, root = 1f / MathF.Sqrt(step.Correction2);
        AdamWArgs args = new(value, m, v, grad, count, decayCount, step, clip, rate, root);
        team.For(Blocks(count), 1, args, static (a, from, to) =>
        {
            int begin = from * ElementBlock, end = BlockEnd(to, a.Count), split = Math.Clamp(a.DecayCount, begin, end);
            Update(a, begin, split, 1f - (a.Step.LearningRate * a.Step.WeightDecay));
            Update(a, split, end, 1f);
        });
    }

    private static void Update(AdamWArgs a, int from, int to, float keep)
    {
        float* value = Pointer(a.Value, a.Count), m = Pointer(a.M, a.Count), v = Pointer(a.V, a.Count), grad = Pointer(a.Grad, a.Count);
        Vector256<float> clip = Vector256.Create(a.Clip), beta1 = Vector256.Create(a.Step.Beta1), beta2 = Vector256.Create(a.Step.Beta2);
        Vector256<float> rest1 = Vector256.Create(1f - a.Step.Beta1), rest2 = Vector256.Create(1f - a.Step.Beta2);
        Vector256<float> root = Vector256.Create(a.RootCorrection), epsilon = Vector256.Create(a.Step.Epsilon), rate = Vector256.Create(a.Rate);
        Vector256<float> kept = Vector256.Create(keep);
        for (int i = from; i < to; i += VectorMath.Width)
        {
            int left = to - i;
            Vector256<float> g = VectorMath.LoadPart(grad + i, left) * clip;
            Vector256<float> first = VectorMath.MultiplyAdd(VectorMath.LoadPart(m + i, left), beta1, g * rest1);
            Vector256<float> second = VectorMath.MultiplyAdd(VectorMath.LoadPart(v + i, left), beta2, g * g * rest2);
            Vector256<float> size = VectorMath.MultiplyAdd(Vector256.Sqrt(second), root, epsilon);
            Vector256<float> next = (VectorMath.LoadPart(value + i, left) * kept) - (rate * first / size);
            VectorMath.StorePart(first, m + i, left);
            VectorMath.StorePart(second, v + i, left);
            VectorMath.StorePart(next, value + i, left);
        }
    }
}
