using SmilesBert.Kernels;

namespace SmilesBert.Data;

/// <summary>
/// Orders drawn from Philox (<see cref="Philox"/>), so that they are a function of their arguments and a resumed run needs no carried state.
/// <para>Key: the seed's low and high word. Counter words: the place that is drawn for, 0 (or the row), the epoch, the purpose; purposes lie above every
/// place of dropout that a network has, so no word is drawn twice.</para>
/// </summary>
public static class Shuffle
{
    private const uint EpochPurpose = 0xFFFF_FFFF, SplitPurpose = 0xFFFF_FFFE, WritingPurpose = 0xFFFF_FFFB;

    /// <summary>The order in which an epoch visits rows: a permutation of 0 ... count - 1.</summary>
    public static int[] Order(int count, ulong seed, uint epoch) => Order(count, seed, row: 0, epoch, EpochPurpose);

    /// <summary>The order in which a split deals out; <paramref name="turn"/> tells several of one split apart.</summary>
    internal static int[] SplitOrder(int count, ulong seed, uint turn = 0) => Order(count, seed, row: 0, turn, SplitPurpose);

    /// <summary>The order in which an epoch writes the atoms of a row's molecule.</summary>
    internal static int[] WritingOrder(int atoms, ulong seed, uint row, uint epoch) => Order(atoms, seed, row, epoch, WritingPurpose);

    // Fisher-Yates, from the end. The place is the top word of a 64-bit draw times the bound (Lemire: Fast random integer generation in an
    // interval, 2019), without its rejection step: for bounds below 2^31 the bias is below 2^-33.
    private static int[] Order(int count, ulong seed, uint row, uint turn, uint purpose)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            Philox.Words words = Philox.Generate((uint)i, row, turn, purpose, (uint)seed, (uint)(seed >> 32));
            int j = (int)Math.BigMul(((ulong)words.A << 32) | words.B, (ulong)(i + 1), out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
