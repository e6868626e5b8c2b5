using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    // Exponentials are added up in floats over this many columns, and these sums in double: a vocabulary is long.
    private const int LossBlock = 1024;

    private readonly record struct CrossEntropyArgs(Floats Loss, Floats Dx, Floats X, Ints Labels, Floats Weights, int Rows, int K);

    private readonly record struct ElementLossArgs(Floats Loss, Floats Dx, Floats X, Floats Targets, Floats Weights, int Rows, int K);

    public void CrossEntropy(Floats loss, Floats dx, Floats x, Ints labels, Floats weights, int rows, int k) =>
        team.For(rows, 1 + (ElementBlock / k), new CrossEntropyArgs(loss, dx, x, labels, weights, rows, k), static (a, from, to) =>
        {
            ReadOnlySpan<int> labels = Open(a.Labels);
            float* loss = Pointer(a.Loss, a.Rows), weights = Pointer(a.Weights, a.Rows);
            for (int r = from; r < to; r++)
            {
                float* dx = Row(a.Dx, r, a.K), x = Row(a.X, r, a.K);
                if (weights[r] == 0f)
                {
                    loss[r] = 0f;
                    new Span<float>(dx, a.K).Clear();
                    continue;
                }
                bool isLabel = (uint)labels[r] < (uint)a.K;
                float max = Max(x, a.K), atLabel = isLabel ? x[labels[r]] : float.NaN;
                double sum = ExpShifted(dx, x, max, a.K);
                loss[r] = weights[r] * (float)(Math.Log(sum) + max - atLabel);
                Multiply(dx, (float)(weights[r] / sum), a.K);
                if (isLabel) dx[labels[r]] -= weights[r];
            }
        });

    public void BinaryCrossEntropy(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        ElementLoss<LogisticLoss>(new ElementLossArgs(loss, dx, x, targets, weights, rows, k));

    public void SquaredError(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        ElementLoss<SquareLoss>(new ElementLossArgs(loss, dx, x, targets, weights, rows, k));

    private void ElementLoss<T>(ElementLossArgs args) where T : struct, IElementLoss =>
        team.For(args.Rows, 1 + (ElementBlock / args.K), args, static (a, from, to) =>
        {
            float* loss = Pointer(a.Loss, a.Rows);
            for (int r = from; r < to; r++)
            {
                float* dx = Row(a.Dx, r, a.K), x = Row(a.X, r, a.K), targets = Row(a.Targets, r, a.K), weights = Row(a.Weights, r, a.K);
                Vector256<float> sum = default;
                for (int i = 0; i < a.K; i += VectorMath.Width)
                {
                    int left = a.K - i;
                    Vector256<float> weight = VectorMath.LoadPart(weights + i, left);
                    Vector256<float> target = VectorMath.LoadPart(targets + i, left);
                    Vector256<float> term = T.Term(VectorMath.LoadPart(x + i, left), target, out Vector256<float> slope);
                    // A target without weight may be anything, a NaN too, so it is cut off rather than multiplied away.
                    Vector256<float> none = Vector256.Equals(weight, Vector256<float>.Zero);
                    sum += Vector256.AndNot(term * weight, none);
                    VectorMath.StorePart(Vector256.AndNot(slope * weight, none), dx + i, left);
                }
                loss[r] = Vector256.Sum(sum);
            }
        });

    private static float Max(float* x, int count)
    {
        Vector256<float> max = Vector256.Create(float.NegativeInfinity);
        for (int i = 0; i < count; i += VectorMath.Width)
            max = Vector256.Max(max, VectorMath.LoadPart(x + i, count - i, rest: float.NegativeInfinity));
        return VectorMath.Max(max);
    }

    /// <summary>y[i] = exp(x[i] - shift); returns their sum.</summary>
    private static double ExpShifted(float* y, float* x, float shift, int count)
    {
        Vector256<float> by = Vector256.Create(shift);
        double total = 0;
        for (int block = 0; block < count; block += LossBlock)
        {
            int end = Math.Min(block + LossBlock, count);
            Vector256<float> sum = default;
            for (int i = block; i < end; i += VectorMath.Width)
            {
                Vector256<float> e = VectorMath.Exp(VectorMath.LoadPart(x + i, end - i, rest: float.NegativeInfinity) - by);
                VectorMath.StorePart(e, y + i, end - i);
                sum += e;
            }
            total += Vector256.Sum(sum);
        }
        return total;
    }

    private static void Multiply(float* y, float factor, int count)
    {
        Vector256<float> by = Vector256.Create(factor);
        for (int i = 0; i < count; i += VectorMath.Width) VectorMath.StorePart(VectorMath.LoadPart(y + i, count - i) * by, y + i, count - i);
    }

    /// <summary>One element's loss and its derivative, for eight elements.</summary>
    private interface IElementLoss
    {
        static abstract Vector256<float> Term(Vector256<float> x, Vector256<float> target, out Vector256<float> slope);
    }

    private readonly struct LogisticLoss : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> x, Vector256<float> target, out Vector256<float> slope)
        {
            Vector256<float> zero = Vector256<float>.Zero, one = Vector256<float>.One;
            Vector256<float> e = VectorMath.Exp(-Vector256.Abs(x));
            Vector256<float> sigmoid = Vector256.ConditionalSelect(Vector256.LessThan(x, zero), e, one) / (one + e);
            slope = sigmoid - target;
            return Vector256.Max(x, zero) - (x * target) + VectorMath.Log1p(e);
        }
    }

    private readonly struct SquareLoss : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> x, Vector256<float> target, out Vector256<float> slope)
        {
            Vector256<float> d = x - target;
            slope = d + d;
            return d * d;
        }
    }
}
