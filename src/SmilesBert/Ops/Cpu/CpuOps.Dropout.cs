using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    // Element-wise work is shared in blocks of this many elements: a whole number of mask draws, small enough for the first cache.
    private const int ElementBlock = 4096;

    private readonly record struct DropoutArgs(Floats Y, Floats X, int Count, Dropout Dropout);

    public void Dropout(Floats y, Floats x, int count, Dropout dropout) =>
        team.For(Blocks(count), 1, new DropoutArgs(y, x, count, dropout), static (a, from, to) =>
        {
            float* y = Pointer(a.Y, a.Count), x = Pointer(a.X, a.Count);
            AddDropped(y, null, x, from * ElementBlock, BlockEnd(to, a.Count), new DropoutMask(a.Dropout));
        });

    private static int Blocks(int count) => (int)(((long)count + ElementBlock - 1) / ElementBlock);

    private static int BlockEnd(int block, int count) => (int)Math.Min((long)block * ElementBlock, count);

    /// <summary>Y[i] = residual[i] + dropout(X[i]) for i in [from, to), from a multiple of the mask's width; residual may be left out.</summary>
    private static void AddDropped(float* y, float* residual, float* x, int from, int to, DropoutMask mask)
    {
        Vector256<float> low = Vector256<float>.One, high = low;
        for (int i = from; i < to; i += DropoutMask.Width)
        {
            if (mask.IsOn) mask.Draw((uint)i / 4, 0, out low, out high);
            AddScaled(y + i, residual == null ? null : residual + i, x + i, low, to - i);
            int next = i + VectorMath.Width;
            if (next < to) AddScaled(y + next, residual == null ? null : residual + next, x + next, high, to - next);
        }
    }

    private static void AddScaled(float* y, float* residual, float* x, Vector256<float> factor, int count)
    {
        Vector256<float> v = VectorMath.LoadPart(x, count) * factor;
        if (residual != null) v += VectorMath.LoadPart(residual, count);
        VectorMath.StorePart(v, y, count);
    }
}
