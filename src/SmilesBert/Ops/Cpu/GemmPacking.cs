using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// An operand of <see cref="Gemm"/> as both sides see it: lanes (rows of A, columns of B) by depth (what the product sums over).
/// Element (lane, k) is at Origin[lane * LaneStride + k * DepthStride]; one of the strides is 1.
/// </summary>
internal readonly unsafe struct GemmOperand(float* origin, nint laneStride, nint depthStride)
{
    public readonly float* Origin = origin;
    public readonly nint LaneStride = laneStride, DepthStride = depthStride;
}

/// <summary>
/// Brings operands into the order in which <see cref="GemmKernel"/> reads them: panels of <c>width</c> lanes, in each of them
/// the lanes of step 0 side by side, then those of step 1, and so on. Lanes past the last are whatever is at hand (their sums are
/// never stored), steps past the last are zero.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Floats that packing may write past the end of the last panel of A.</summary>
    public const int Overrun = 8;

    /// <summary>The depth as packed.</summary>
    public static int Padded(int depth) => (depth + GemmKernel.Unroll - 1) / GemmKernel.Unroll * GemmKernel.Unroll;

    /// <summary>Packs one panel of <see cref="GemmKernel.Rows"/> lanes; may spoil <see cref="Overrun"/> floats after it, so pack in ascending order.</summary>
    public static void PackRows(float* panel, in GemmOperand source, int lane, int lanes, int k, int depth)
    {
        float* from = source.Origin + lane * source.LaneStride + k * source.DepthStride;
        if (source.DepthStride == 1)
        {
            nint* rows = stackalloc nint[8];
            for (int i = 0; i < 8; i++) rows[i] = Math.Min(i, Math.Min(lanes, GemmKernel.Rows) - 1) * source.LaneStride;
            Transpose8(panel, GemmKernel.Rows, from, rows, depth);
        }
        else if (lanes >= GemmKernel.Rows)
        {
            for (int d = 0; d < depth; d++, from += source.DepthStride)
            {
                float* to = panel + d * GemmKernel.Rows;
                Vector128.Load(from).Store(to);
                Vector64.Load(from + 4).Store(to + 4);
            }
        }
        else
        {
            CopyEdge(panel, GemmKernel.Rows, from, lanes, source.DepthStride, depth);
        }
        Finish(panel, GemmKernel.Rows, depth);
    }

    /// <summary>Packs one panel of <see cref="GemmKernel.Columns"/> lanes.</summary>
    public static void PackColumns(float* panel, in GemmOperand source, int lane, int lanes, int k, int depth)
    {
        float* from = source.Origin + lane * source.LaneStride + k * source.DepthStride;
        if (source.DepthStride == 1)
        {
            nint* rows = stackalloc nint[GemmKernel.Columns];
            for (int i = 0; i < GemmKernel.Columns; i++) rows[i] = Math.Min(i, lanes - 1) * source.LaneStride;
            Transpose8(panel, GemmKernel.Columns, from, rows, depth);
            Transpose8(panel + 8, GemmKernel.Columns, from, rows + 8, depth);
        }
        else if (lanes >= GemmKernel.Columns)
        {
            for (int d = 0; d < depth; d++, from += source.DepthStride)
            {
                float* to = panel + d * GemmKernel.Columns;
                Vector256.Load(from).Store(to);
                Vector256.Load(from + 8).Store(to + 8);
            }
        }
        else
        {
            CopyEdge(panel, GemmKernel.Columns, from, lanes, source.DepthStride, depth);
        }
        Finish(panel, GemmKernel.Columns, depth);
    }

    // Eight rows of `from` become eight lanes of the panel, four steps at a time: a 4 x 4 transpose in each half of a vector.
    private static void Transpose8(float* panel, int width, float* from, nint* rows, int depth)
    {
        float* r0 = from + rows[0], r1 = from + rows[1], r2 = from + rows[2], r3 = from + rows[3];
        float* r4 = from + rows[4], r5 = from + rows[5], r6 = from + rows[6], r7 = from + rows[7];
        int d = 0;
        if (Avx.IsSupported)
        {
            for (; d <= depth - 4; d += 4)
            {
                Vector256<float> x0 = Vector256.Create(Vector128.Load(r0 + d), Vector128.Load(r4 + d));
                Vector256<float> x1 = Vector256.Create(Vector128.Load(r1 + d), Vector128.Load(r5 + d));
                Vector256<float> x2 = Vector256.Create(Vector128.Load(r2 + d), Vector128.Load(r6 + d));
                Vector256<float> x3 = Vector256.Create(Vector128.Load(r3 + d), Vector128.Load(r7 + d));
                Vector256<float> low01 = Avx.UnpackLow(x0, x1), high01 = Avx.UnpackHigh(x0, x1);
                Vector256<float> low23 = Avx.UnpackLow(x2, x3), high23 = Avx.UnpackHigh(x2, x3);
                Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(panel);
                Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(panel += width);
                Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(panel += width);
                Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(panel += width);
                panel += width;
            }
        }
        for (; d < depth; d++, panel += width)
        {
            panel[0] = r0[d];
            panel[1] = r1[d];
            panel[2] = r2[d];
            panel[3] = r3[d];
            panel[4] = r4[d];
            panel[5] = r5[d];
            panel[6] = r6[d];
            panel[7] = r7[d];
        }
    }

    private static void CopyEdge(float* panel, int width, float* from, int lanes, nint depthStride, int depth)
    {
        for (int d = 0; d < depth; d++, from += depthStride, panel += width)
            for (int i = 0; i < width; i++) panel[i] = from[Math.Min(i, lanes - 1)];
    }

    private static void Finish(float* panel, int width, int depth) =>
        Unsafe.InitBlockUnaligned(panel + depth * width, 0, (uint)((Padded(depth) - depth) * width * sizeof(float)));
}
