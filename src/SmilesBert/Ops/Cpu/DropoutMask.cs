using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SmilesBert.Kernels;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// Draws a <see cref="Dropout"/>'s mask thirty-two elements at a time: Philox on eight consecutive counters, in two groups of four
/// whose rounds overlap, each word of a counter in the low half of a 64-bit lane.
/// </summary>
internal readonly struct DropoutMask(Dropout dropout)
{
    /// <summary>Elements that one draw decides.</summary>
    public const int Width = 32;

    private readonly uint keyA = (uint)dropout.Seed, keyB = (uint)(dropout.Seed >> 32), step = dropout.Step, site = dropout.SiteWord;
    private readonly float scale = dropout.Scale;

    // A word's top 24 bits as a fraction are at least the rate when, as an integer, they are above rate * 2^24 rounded up, less one.
    private readonly int threshold = (int)Math.Ceiling(dropout.Rate * 16777216.0) - 1;

    /// <summary>Whether anything is drawn at all.</summary>
    public bool IsOn => threshold >= 0;

    /// <summary>
    /// What the elements of counters (c0 to c0 + 7, c1) are multiplied with, eight in each vector: 0 where dropped, else the scale.
    /// </summary>
    /// <param name="c0">The first counter's word 0, its place within the draw's elements / 4.</param>
    /// <param name="c1">Word 1 of all of them.</param>
    /// <param name="f0">Of the first eight elements.</param>
    /// <param name="f1">Of the next eight.</param>
    /// <param name="f2">Of the next.</param>
    /// <param name="f3">Of the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Draw(uint c0, uint c1, out Vector256<float> f0, out Vector256<float> f1, out Vector256<float> f2, out Vector256<float> f3)
    {
        Words(c0, c1, step, site, keyA, keyB, out Vector256<uint> w0, out Vector256<uint> w1, out Vector256<uint> w2, out Vector256<uint> w3);
        (f0, f1, f2, f3) = (Factors(w0), Factors(w1), Factors(w2), Factors(w3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Factors(Vector256<uint> words) =>
        Vector256.GreaterThan((words >>> 8).AsInt32(), Vector256.Create(threshold)).AsSingle() & Vector256.Create(scale);

    /// <summary>The thirty-two words, in order, of the counters (c0 to c0 + 7, c1, c2, c3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Words(
        uint c0, uint c1, uint c2, uint c3, uint keyA, uint keyB,
        out Vector256<uint> first, out Vector256<uint> second, out Vector256<uint> third, out Vector256<uint> fourth)
    {
        // The upper halves of the lanes may hold anything: products read the lower halves alone.
        Vector256<ulong> a0 = Vector256.Create((ulong)c0) + Vector256<ulong>.Indices, b0 = a0 + Vector256.Create(4UL);
        Vector256<ulong> a1 = Vector256.Create((ulong)c1), a2 = Vector256.Create((ulong)c2), a3 = Vector256.Create((ulong)c3);
        Vector256<ulong> b1 = a1, b2 = a2, b3 = a3;
        Vector256<ulong> key0 = Vector256.Create((ulong)keyA), key1 = Vector256.Create((ulong)keyB);
        Vector256<ulong> weyl0 = Vector256.Create((ulong)Philox.WeylA), weyl1 = Vector256.Create((ulong)Philox.WeylB);
        // Two rounds at a time, there and back, so that no word has to change its register.
        for (int round = 0; round < Philox.Rounds; round += 2)
        {
            Round(a0, a1, a2, a3, key0, key1, out Vector256<ulong> x0, out Vector256<ulong> x1, out Vector256<ulong> x2, out Vector256<ulong> x3);
            Round(b0, b1, b2, b3, key0, key1, out Vector256<ulong> y0, out Vector256<ulong> y1, out Vector256<ulong> y2, out Vector256<ulong> y3);
            key0 += weyl0;
            key1 += weyl1;
            Round(x0, x1, x2, x3, key0, key1, out a0, out a1, out a2, out a3);
            Round(y0, y1, y2, y3, key0, key1, out b0, out b1, out b2, out b3);
            key0 += weyl0;
            key1 += weyl1;
        }
        InOrder(a0, a1, a2, a3, out first, out second);
        InOrder(b0, b1, b2, b3, out third, out fourth);
    }

    /// <summary>One round on four counters; see <see cref="Philox.Generate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, Vector256<ulong> key0, Vector256<ulong> key1,
        out Vector256<ulong> n0, out Vector256<ulong> n1, out Vector256<ulong> n2, out Vector256<ulong> n3)
    {
        n1 = Product(w2, Vector256.Create((ulong)Philox.MultiplierB));
        n3 = Product(w0, Vector256.Create((ulong)Philox.MultiplierA));
        n0 = (n1 >>> 32) ^ (w1 ^ key0);
        n2 = (n3 >>> 32) ^ (w3 ^ key1);
    }

    /// <summary>From four counters' words by word to counter by counter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InOrder(
        Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, out Vector256<uint> first, out Vector256<uint> second)
    {
        Vector256<ulong> lower = Vector256.Create(0xFFFFFFFFUL);
        Vector256<ulong> ab = (w0 & lower) | (w1 << 32), cd = (w2 & lower) | (w3 << 32);
        if (Avx2.IsSupported)
        {
            Vector256<ulong> even = Avx2.UnpackLow(ab, cd), odd = Avx2.UnpackHigh(ab, cd);      // counters 0 and 2, 1 and 3
            first = Avx2.Permute2x128(even, odd, 0x20).AsUInt32();
            second = Avx2.Permute2x128(even, odd, 0x31).AsUInt32();
        }
        else
        {
            first = Vector256.Create(ab[0], cd[0], ab[1], cd[1]).AsUInt32();
            second = Vector256.Create(ab[2], cd[2], ab[3], cd[3]).AsUInt32();
        }
    }

    /// <summary>The 64-bit products of the lanes' lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> x, Vector256<ulong> y)
    {
        if (Avx2.IsSupported) return Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return (x & Vector256.Create(0xFFFFFFFFUL)) * y;
    }
}
