namespace SmilesBert.Ops;

/// <summary>
/// One place that drops activations, in one pass over one micro-batch. The mask is a function of these fields and of the
/// element's place (Philox 4x32-10, <see cref="Kernels.Philox"/>), so the backward pass draws it again and every device draws the same.
/// <para>Key: the seed's low and high word. Counter words:
/// for the element-wise operations, element / 4 (its low 32 bits), 0, step, site + 65536 * micro-batch;
/// for attention, query * 65536 + key / 4, molecule * heads + head, step, site + 65536 * micro-batch,
/// where query and key are places in the molecule. Of the four words, element (or key) modulo 4 is taken;
/// an element is kept when the word's top 24 bits, as a fraction, are at least <paramref name="Rate"/>.</para>
/// </summary>
/// <param name="Rate">The share dropped, in [0,1). With 0 nothing is drawn.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The training step, from 0.</param>
/// <param name="MicroBatch">The micro-batch within the step, below 65536.</param>
/// <param name="Site">The place in the network, below 65536.</param>
public readonly record struct Dropout(float Rate, ulong Seed, uint Step, uint MicroBatch, uint Site)
{
    /// <summary>Nothing dropped: evaluation.</summary>
    public static Dropout None => default;

    /// <summary>What a kept element is multiplied with, so that the expected value stays.</summary>
    public float Scale => 1f / (1f - Rate);

    /// <summary>The counter's last word.</summary>
    public uint SiteWord => Site | (MicroBatch << 16);
}
