using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SmilesBert.Kernels;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// Draws a <see cref="Dropout"/>'s mask sixteen elements at a time: Philox on four consecutive counters,
/// each word of a counter in the low half of a 64-bit lane.
/// </summary>
internal readonly struct DropoutMask(Dropout dropout)
{
    /// <summary>Elements that one draw decides.</summary>
    public const int Width = 16;

    private readonly uint keyA = (uint)dropout.Seed, keyB = (uint)(dropout.Seed >> 32), step = dropout.Step, site = dropout.SiteWord;
    private readonly float scale = dropout.Scale;

    // A word's top 24 bits as a fraction are at least the rate when, as an integer, they are at least rate * 2^24.
    private readonly int threshold = (int)Math.Ceiling(dropout.Rate * 16777216.0);

    /// <summary>Whether anything is drawn at all.</summary>
    public bool IsOn => threshold > 0;

    /// <summary>What the sixteen elements of counters (c0 to c0 + 3, c1) are multiplied with: 0 where dropped, else the scale.</summary>
    /// <param name="c0">The first counter's word 0, its place within the draw's elements / 4.</param>
    /// <param name="c1">Word 1 of all four.</param>
    /// <param name="low">Of the first eight elements.</param>
    /// <param name="high">Of the other eight.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Draw(uint c0, uint c1, out Vector256<float> low, out Vector256<float> high)
    {
        Words(Vector256.Create((ulong)c0, c0 + 1, c0 + 2, c0 + 3), c1, step, site, keyA, keyB, out Vector256<uint> first, out Vector256<uint> second);
        low = Factors(first);
        high = Factors(second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Factors(Vector256<uint> words) =>
        Vector256.GreaterThanOrEqual((words >>> 8).AsInt32(), Vector256.Create(threshold)).AsSingle() & Vector256.Create(scale);

    /// <summary>
    /// The sixteen words, in order, of the four counters whose word 0 is given (low halves of the lanes count) and whose others are c1 to c3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Words(
        Vector256<ulong> c0, uint c1, uint c2, uint c3, uint keyA, uint keyB, out Vector256<uint> first, out Vector256<uint> second)
    {
        // The upper halves may hold anything: products read the lower halves alone.
        Vector256<ulong> w0 = c0, w1 = Vector256.Create((ulong)c1), w2 = Vector256.Create((ulong)c2), w3 = Vector256.Create((ulong)c3);
        Vector256<ulong> a = Vector256.Create((ulong)Philox.MultiplierA), b = Vector256.Create((ulong)Philox.MultiplierB);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> p = Product(w0, a), q = Product(w2, b);
            w0 = (q >>> 32) ^ w1 ^ Vector256.Create((ulong)keyA);
            w2 = (p >>> 32) ^ w3 ^ Vector256.Create((ulong)keyB);
            w1 = q;
            w3 = p;
            keyA += Philox.WeylA;
            keyB += Philox.WeylB;
        }
        Vector256<ulong> lower = Vector256.Create(0xFFFFFFFFUL);
        Vector256<ulong> ab = (w0 & lower) | (w1 << 32), cd = (w2 & lower) | (w3 << 32);
        first = Interleave(ab.GetLower(), cd.GetLower());
        second = Interleave(ab.GetUpper(), cd.GetUpper());
    }

    // ab0 cd0 ab1 cd1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Interleave(Vector128<ulong> ab, Vector128<ulong> cd)
    {
        if (Sse2.IsSupported) return Vector256.Create(Sse2.UnpackLow(ab, cd), Sse2.UnpackHigh(ab, cd)).AsUInt32();
        return Vector256.Create(ab[0], cd[0], ab[1], cd[1]).AsUInt32();
    }

    /// <summary>The 64-bit products of the lanes' lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> x, Vector256<ulong> y)
    {
        if (Avx2.IsSupported) return Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return (x & Vector256.Create(0xFFFFFFFFUL)) * y;
    }
}
