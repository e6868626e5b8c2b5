namespace SmilesBert.Kernels;

/// <summary>The launch of an element-wise kernel: enough threads to keep memory busy, each taking every so-many-th element.</summary>
internal static class Elements
{
    public const int Threads = 256;

    // Eight groups of 256 fill a multiprocessor, and no GPU of today has more than about 150.
    private const int MaxGroups = 1184;

    /// <summary>Groups for <paramref name="count"/> elements, at least one.</summary>
    public static int Groups(int count) => Math.Min(((count - 1) / Threads) + 1, MaxGroups);
}
