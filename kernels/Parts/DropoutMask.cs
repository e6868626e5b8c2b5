namespace SmilesBert.Kernels;

/// <summary>
/// One place that drops, in one pass over one micro-batch: what a kernel needs to draw its mask. The counters are those that the ops
/// page documents: an element's mask depends on its place alone, never on which thread draws it.
/// </summary>
/// <param name="Rate">The share dropped, in [0,1). With 0 nothing is drawn.</param>
/// <param name="Scale">What is kept is multiplied with: 1 / (1 - Rate).</param>
/// <param name="Key0">The seed's low word.</param>
/// <param name="Key1">The seed's high word.</param>
/// <param name="Step">The training step.</param>
/// <param name="Site">The place in the network, and above its 16 bits the micro-batch.</param>
public readonly record struct DropoutMask(float Rate, float Scale, uint Key0, uint Key1, uint Step, uint Site)
{
    /// <summary>The four words of a counter: for four elements, or for four keys of a query.</summary>
    internal Philox.Words Words(uint c0, uint c1) => Philox.Generate(c0, c1, Step, Site, Key0, Key1);

    /// <summary>What an element is multiplied with: 0 where its word says that it is dropped.</summary>
    internal float Factor(uint word) => Philox.ToUnit(word) >= Rate ? Scale : 0f;

    /// <summary>The factor of one element of an element-wise operation.</summary>
    internal float ElementFactor(int element) => Rate > 0f ? Factor(Pick(Words((uint)(element / 4), 0u), element % 4)) : 1f;

    /// <summary>The factor of one probability of attention; query and key are places in the molecule, row = molecule * heads + head.</summary>
    internal float KeyFactor(int row, int query, int key) =>
        Rate > 0f ? Factor(Pick(Words(((uint)query * 65536u) + (uint)(key / 4), (uint)row), key % 4)) : 1f;

    /// <summary>Which of four keys a query drops: bit i is set where key 4 * <paramref name="quad"/> + i is dropped.</summary>
    internal uint DroppedKeys(int row, int query, int quad)
    {
        if (Rate <= 0f) return 0;
        Philox.Words words = Words(((uint)query * 65536u) + (uint)quad, (uint)row);
        return Dropped(words.A) | (Dropped(words.B) << 1) | (Dropped(words.C) << 2) | (Dropped(words.D) << 3);
    }

    /// <summary>The factor that bit <paramref name="i"/> of <see cref="DroppedKeys"/> stands for, without a branch.</summary>
    internal float Factor(uint dropped, int i) => Interop.IntAsFloat(Interop.FloatAsInt(Scale) & (((dropped >> i) & 1) - 1));

    // The sign of a difference that is never rounded to 0.
    private uint Dropped(uint word) => Interop.FloatAsInt(Philox.ToUnit(word) - Rate) >> 31;

    private static uint Pick(Philox.Words words, int lane) => lane == 0 ? words.A : lane == 1 ? words.B : lane == 2 ? words.C : words.D;
}
