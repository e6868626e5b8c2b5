namespace SmilesBert.Gpu.Driver;

/// <summary>A copy into host memory that the card writes by itself; an event in the stream says when it is there.</summary>
internal sealed unsafe class CudaReadback : DeviceReadback, IDisposable
{
    private readonly CudaDevice device;
    private readonly nint stream;
    private readonly byte* memory;
    private readonly nint arrived;
    private readonly int capacity;
    private int count;

    public CudaReadback(CudaDevice device, nint stream, int capacity)
    {
        (this.device, this.stream, this.capacity) = (device, stream, capacity);
        device.Check(Libcuda.HostMemoryAllocate(out memory, (nuint)Math.Max(1, capacity) * sizeof(float)), "taking pinned host memory");
        device.Check(Libcuda.EventCreate(out arrived, Libcuda.EventWithoutTime), "making an event");
    }

    public override void Start(DeviceBuffer<float> source, int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, capacity);
        ulong from = ((CudaBuffer<float>)source).At(offset, count);
        device.Enter();
        if (count > 0) device.Check(Libcuda.CopyToHost(memory, from, (nuint)count * sizeof(float), stream), "copying to the host");
        device.Check(Libcuda.EventRecord(arrived, stream), "recording an event");
        this.count = count;
    }

    public override ReadOnlySpan<float> Finish()
    {
        device.Enter();
        device.Check(Libcuda.EventSynchronize(arrived), "running the kernels");
        return new ReadOnlySpan<float>(memory, count);
    }

    public void Dispose()
    {
        _ = Libcuda.EventDestroy(arrived);
        _ = Libcuda.HostMemoryFree(memory);
    }
}
