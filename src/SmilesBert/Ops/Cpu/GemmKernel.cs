using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    public static void Tile(float* c, float* addend, float* a, float* b, nint depth, nint cStride, nint addendStride)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (; depth > 0; depth--)
        {
            Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
            Vector256<float> s = Vector256.Create(a[0]);
            c00 = Vector256.MultiplyAddEstimate(s, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(s, b1, c01);
            s = Vector256.Create(a[1]);
            c10 = Vector256.MultiplyAddEstimate(s, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(s, b1, c11);
            s = Vector256.Create(a[2]);
            c20 = Vector256.MultiplyAddEstimate(s, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(s, b1, c21);
            s = Vector256.Create(a[3]);
            c30 = Vector256.MultiplyAddEstimate(s, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(s, b1, c31);
            s = Vector256.Create(a[4]);
            c40 = Vector256.MultiplyAddEstimate(s, b0, c40);
            c41 = Vector256.MultiplyAddEstimate(s, b1, c41);
            s = Vector256.Create(a[5]);
            c50 = Vector256.MultiplyAddEstimate(s, b0, c50);
            c51 = Vector256.MultiplyAddEstimate(s, b1, c51);
            a += Rows;
            b += Columns;
        }

        Store(c, addend, c00, c01);
        Store(c += cStride, addend += addendStride, c10, c11);
        Store(c += cStride, addend += addendStride, c20, c21);
        Store(c += cStride, addend += addendStride, c30, c31);
        Store(c += cStride, addend += addendStride, c40, c41);
        Store(c + cStride, addend + addendStride, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, float* addend, Vector256<float> sum0, Vector256<float> sum1)
    {
        (Vector256.Load(addend) + sum0).Store(c);
        (Vector256.Load(addend + 8) + sum1).Store(c + 8);
    }
}
