using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>What a device can do at most, measured on the spot: the floors that operations are held to.</summary>
/// <param name="Product">Floating-point operations per second of a large matrix product.</param>
/// <param name="Streams">Bytes per second of a copy by the bytes that it reads and writes, the fewest first.</param>
/// <param name="MultiplyAdd">Operations per second of multiply-adds in registers alone; null where that is not known.</param>
internal sealed record DeviceSpeed(double Product, IReadOnlyList<(long Bytes, double BytesPerSecond)> Streams, double? MultiplyAdd)
{
    private const int BytesOfElement = 2 * sizeof(float);

    /// <summary>
    /// Bytes per second at best for an operation that moves so many bytes: the fastest copy of as many or more. Few bytes stay in a cache;
    /// but that few of them may also be too few to fill the device is the operation's own affair.
    /// </summary>
    public double BytesPerSecond(double bytes)
    {
        double longest = Streams[^1].BytesPerSecond;
        return Streams.Where(stream => stream.Bytes >= bytes).Select(static stream => stream.BytesPerSecond).Append(longest).Max();
    }

    /// <summary>Measures a device.</summary>
    /// <param name="ops">The device.</param>
    /// <param name="clock">Times its streams.</param>
    /// <param name="largestStream">Bytes of the longest stream.</param>
    /// <param name="threads">Threads of a processor; null for other devices.</param>
    public static DeviceSpeed Measure(IOps ops, OperationClock clock, int largestStream, int? threads) => new(
        ProductSpeed.Measure(ops), MeasureStreams(ops, clock, largestStream), threads is { } count ? MultiplyAddSpeed.Measure(count) : null);

    private static (long, double)[] MeasureStreams(IOps ops, OperationClock clock, int largest)
    {
        int[] shares = [256, 64, 16, 4, 1];
        int most = largest / BytesOfElement;
        Floats x = ops.AllocateFloats(most), y = ops.AllocateFloats(most);
        ops.Fill(x, 1f);
        Stream(most / shares[0]);       // not for its time: the code is compiled anew when it has been seen often
        return [.. shares.Select(share => Stream(most / share))];

        (long Bytes, double BytesPerSecond) Stream(int count)
        {
            double seconds = clock.Time(() => ops.Dropout(y, x, count, Dropout.None)).Best;
            return ((long)count * BytesOfElement, (double)count * BytesOfElement / seconds);
        }
    }
}
