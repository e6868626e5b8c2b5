namespace SmilesBert.Gpu.Driver;

/// <summary>The launches that the driver has not yet said to have run well: the last few of them, for the message when one did not.</summary>
internal sealed class LaunchLog
{
    private const int Kept = 8;

    private readonly (string Name, int Groups, int Threads)[] ring = new (string, int, int)[Kept];
    private long count;

    public void Add(string name, int groups, int threads) => ring[count++ % Kept] = (name, groups, threads);

    /// <summary>Everything launched has run.</summary>
    public void Clear() => count = 0;

    /// <summary>The launches, the last one last: "Linear_ForwardKernel (12 x 256 threads), ...".</summary>
    public override string ToString()
    {
        long first = Math.Max(0, count - Kept);
        IEnumerable<string> last = Enumerable.Range(0, (int)(count - first)).Select(i =>
        {
            (string name, int groups, int threads) = ring[(first + i) % Kept];
            return $"{name} ({groups} x {threads} threads)";
        });
        return (first > 0 ? $"{first} others, " : "") + string.Join(", ", last);
    }
}
