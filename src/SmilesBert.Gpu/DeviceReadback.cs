namespace SmilesBert.Gpu;

/// <summary>
/// Floats on their way from a device to the host: the copy starts in order with the launches, and the host waits only when it takes them. Made once, used
/// again and again; freed with the device.
/// </summary>
public abstract class DeviceReadback
{
    /// <summary>Starts a copy of <paramref name="count"/> floats from <paramref name="offset"/> on. What an earlier one brought is given up.</summary>
    public abstract void Start(DeviceBuffer<float> source, int offset, int count);

    /// <summary>What the last copy brought; waits until it is there.</summary>
    public abstract ReadOnlySpan<float> Finish();
}

/// <summary>Of a device without copies that go on by themselves: the start waits, and the copy is there.</summary>
internal sealed class ImmediateReadback(int capacity) : DeviceReadback
{
    private readonly float[] memory = new float[capacity];
    private int count;

    public override void Start(DeviceBuffer<float> source, int offset, int count)
    {
        source.Read(memory.AsSpan(0, count), offset);
        this.count = count;
    }

    public override ReadOnlySpan<float> Finish() => memory.AsSpan(0, count);
}
