using System.Runtime.CompilerServices;
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

    /// <summary>
    /// Y[i] = residual[i] + dropout(X[i]) for i in [from, to), from a multiple of 4 (a counter's elements); residual may be left out.
    /// </summary>
    private static void AddDropped(float* y, float* residual, float* x, int from, int to, DropoutMask mask)
    {
        Vector256<float> f0 = Vector256<float>.One, f1 = f0, f2 = f0, f3 = f0;
        for (int i = from; i < to; i += DropoutMask.Width)
        {
            if (mask.IsOn) mask.Draw((uint)i / 4, 0, out f0, out f1, out f2, out f3);
            AddScaled(y, residual, x, f0, i, to);
            AddScaled(y, residual, x, f1, i + VectorMath.Width, to);
            AddScaled(y, residual, x, f2, i + (2 * VectorMath.Width), to);
            AddScaled(y, residual, x, f3, i + (3 * VectorMath.Width), to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(float* y, float* residual, float* x, Vector256<float> factor, int i, int to)
    {
        Vector256<float> sum = VectorMath.LoadPart(x + i, to - i) * factor;
        if (residual != null) sum += VectorMath.LoadPart(residual + i, to - i);
        VectorMath.StorePart(sum, y + i, to - i);
    }
}
