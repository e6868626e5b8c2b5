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
/// Brings operands into the order in which <see cref="GemmKernel"/> reads them: panels of 6 or 16 lanes, in each of them
/// the lanes of step 0 side by side, then those of step 1, and so on. Lanes past the last repeat it (their sums are never stored),
/// steps past the last are zero.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Floats that packing may write past the end of the last panel.</summary>
    public const int Overrun = 8;

    // Steps copied from panel to panel before the next ones: few enough that the lines of the source, which two or three panels share,
    // are still in the cache even where all rows fall into one set of it.
    private const int StepsAtOnce = 8;

    /// <summary>The depth as packed: filled up to whole turns of the kernel's loop.</summary>
    public static int Padded(int depth) => (depth + GemmKernel.Unroll - 1) / GemmKernel.Unroll * GemmKernel.Unroll;

    /// <summary>
    /// Packs lanes [lane, lane + lanes) and steps [k, k + depth) of an operand into panels of <paramref name="width"/> lanes
    /// (<see cref="GemmKernel.Rows"/> or <see cref="GemmKernel.Columns"/>), Padded(depth) * width floats each.
    /// </summary>
    public static void Pack(float* panels, int width, in GemmOperand source, int lane, int lanes, int k, int depth)
    {
        float* from = source.Origin + lane * source.LaneStride + k * source.DepthStride;
        int panelFloats = Padded(depth) * width;
        if (source.DepthStride == 1)
        {
            for (; lanes > 0; lanes -= width, panels += panelFloats, from += width * source.LaneStride)
            {
                for (int i = 0; i < width; i += 8) Transpose(panels + i, width, from, source.LaneStride, i, Math.Min(lanes, width) - 1, depth);
                FillUp(panels, width, depth);
            }
            return;
        }

        for (int d = 0; d < depth; d += StepsAtOnce, from += StepsAtOnce * source.DepthStride)
        {
            int steps = Math.Min(StepsAtOnce, depth - d);
            float* panel = panels + d * width;
            for (int i = 0; i < lanes; i += width, panel += panelFloats)
            {
                if (lanes - i < width) CopyEdge(panel, width, from + i, lanes - i, source.DepthStride, steps);
                else if (width == GemmKernel.Columns) CopyColumns(panel, from + i, source.DepthStride, steps);
                else CopyRows(panel, from + i, source.DepthStride, steps);
            }
        }
        for (int i = 0; i < lanes; i += width, panels += panelFloats) FillUp(panels, width, depth);
    }

    // Eight lanes, each of them contiguous in depth, become eight columns of the panel, four steps at a time: a 4 x 4 transpose in each
    // half of a vector. In panels of six, the last two fall on the next step's place and are overwritten by it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* panel, int width, float* from, nint laneStride, int firstLane, int lastLane, int depth)
    {
        float* r0 = Lane(0), r1 = Lane(1), r2 = Lane(2), r3 = Lane(3), r4 = Lane(4), r5 = Lane(5), r6 = Lane(6), r7 = Lane(7);
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
                Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(panel + width);
                Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(panel + 2 * width);
                Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(panel + 3 * width);
                panel += 4 * width;
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

        float* Lane(int i) => from + Math.Min(firstLane + i, lastLane) * laneStride;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyColumns(float* panel, float* from, nint depthStride, int steps)
    {
        for (; steps > 0; steps--, from += depthStride, panel += GemmKernel.Columns)
        {
            Vector256.Load(from).Store(panel);
            Vector256.Load(from + 8).Store(panel + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* panel, float* from, nint depthStride, int steps)
    {
        for (; steps > 0; steps--, from += depthStride, panel += GemmKernel.Rows)
        {
            Vector128.Load(from).Store(panel);
            Unsafe.WriteUnaligned(panel + 4, Unsafe.ReadUnaligned<long>(from + 4));
        }
    }

    private static void CopyEdge(float* panel, int width, float* from, int lanes, nint depthStride, int steps)
    {
        for (; steps > 0; steps--, from += depthStride, panel += width)
            for (int i = 0; i < width; i++) panel[i] = from[Math.Min(i, lanes - 1)];
    }

    private static void FillUp(float* panel, int width, int depth) => new Span<float>(panel + depth * width, (Padded(depth) - depth) * width).Clear();
}
