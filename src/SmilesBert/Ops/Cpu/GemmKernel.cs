using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SmilesBert.Ops.Cpu;

/// <summary>The innermost loop of <see cref="Gemm"/>: one tile of 6 rows and 16 columns, its sums in registers from first to last.</summary>
internal static unsafe class GemmKernel
{
    /// <summary>Rows of a tile. With two vectors a row that is 12 sums; with two vectors of B and one of A, 15 of the 16 registers.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile: two vectors.</summary>
    public const int Columns = 16;

    /// <summary>Depths come in multiples of this many steps; packing fills up with zeros.</summary>
    public const int Unroll = 4;

    /// <summary>c[i,j] = addend[i,j] + the sum over k of a[k,i] * b[k,j].</summary>
    /// <param name="c">(6,16), rows <paramref name="cStride"/> floats apart.</param>
    /// <param name="addend">(6,16), rows <paramref name="addendStride"/> apart: C itself to add to it, one row and stride 0 for a bias.</param>
    /// <param name="a">(depth,6) packed.</param>
    /// <param name="b">(depth,16) packed.</param>
    /// <param name="depth">A multiple of <see cref="Unroll"/>.</param>
    /// <param name="cStride">Floats from one row of C to the next.</param>
    /// <param name="addendStride">Floats from one row of the addend to the next.</param>
    // A leaf, never inlined: one call inside and the registers would be spilled around it. Optimised from the first call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply(float* c, float* addend, float* a, float* b, nint depth, nint cStride, nint addendStride)
    {
        Prefetch(c, cStride);
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (; depth > 0; depth -= Unroll)
        {
            Step(0, a, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step(1, a, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step(2, a, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step(3, a, b, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            a += Unroll * Rows;
            b += Unroll * Columns;
        }

        Store(c, addend, c00, c01);
        Store(c += cStride, addend += addendStride, c10, c11);
        Store(c += cStride, addend += addendStride, c20, c21);
        Store(c += cStride, addend += addendStride, c30, c31);
        Store(c += cStride, addend += addendStride, c40, c41);
        Store(c + cStride, addend + addendStride, c50, c51);
    }

    // Fetches the tile of C while the sums are made; a row that does not start on a cache line reaches into a second one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* c, nint cStride)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < Rows; i++, c += cStride)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + Columns - 1);
        }
    }

    // One step of depth, inlined into the loop: the references become the loop's registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        int k, float* a, float* b,
        ref Vector256<float> c00, ref Vector256<float> c01, ref Vector256<float> c10, ref Vector256<float> c11,
        ref Vector256<float> c20, ref Vector256<float> c21, ref Vector256<float> c30, ref Vector256<float> c31,
        ref Vector256<float> c40, ref Vector256<float> c41, ref Vector256<float> c50, ref Vector256<float> c51)
    {
        Vector256<float> b0 = Vector256.Load(b + k * Columns), b1 = Vector256.Load(b + (k * Columns + 8));
        Vector256<float> a0 = Vector256.Create(a[k * Rows]);
        c00 = Vector256.MultiplyAddEstimate(a0, b0, c00);
        c01 = Vector256.MultiplyAddEstimate(a0, b1, c01);
        Vector256<float> a1 = Vector256.Create(a[k * Rows + 1]);
        c10 = Vector256.MultiplyAddEstimate(a1, b0, c10);
        c11 = Vector256.MultiplyAddEstimate(a1, b1, c11);
        Vector256<float> a2 = Vector256.Create(a[k * Rows + 2]);
        c20 = Vector256.MultiplyAddEstimate(a2, b0, c20);
        c21 = Vector256.MultiplyAddEstimate(a2, b1, c21);
        Vector256<float> a3 = Vector256.Create(a[k * Rows + 3]);
        c30 = Vector256.MultiplyAddEstimate(a3, b0, c30);
        c31 = Vector256.MultiplyAddEstimate(a3, b1, c31);
        Vector256<float> a4 = Vector256.Create(a[k * Rows + 4]);
        c40 = Vector256.MultiplyAddEstimate(a4, b0, c40);
        c41 = Vector256.MultiplyAddEstimate(a4, b1, c41);
        Vector256<float> a5 = Vector256.Create(a[k * Rows + 5]);
        c50 = Vector256.MultiplyAddEstimate(a5, b0, c50);
        c51 = Vector256.MultiplyAddEstimate(a5, b1, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, float* addend, Vector256<float> sum0, Vector256<float> sum1)
    {
        (Vector256.Load(addend) + sum0).Store(c);
        (Vector256.Load(addend + 8) + sum1).Store(c + 8);
    }
}
