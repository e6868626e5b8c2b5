using SmilesBert.Gpu;
using SmilesBert.Gpu.Driver;
using SmilesBert.Tests.Ops;

namespace SmilesBert.Tests.Kernels;

/// <summary>A graphics card, where the machine has one: memory, copies, launches, and what it refuses.</summary>
public sealed class CudaDeviceTests
{
    [Fact]
    public void Memory_IsZeroAndKeepsWhatIsWritten()
    {
        const int Length = 3_000_000, Offset = 1001;            // more than the pinned stage holds
        using CudaDevice device = Devices.OpenCard();
        DeviceBuffer<float> buffer = device.Allocate<float>(Length);
        float[] read = new float[Length];
        buffer.Read(read, 0);
        Assert.Equal(0, read.Count(static x => x != 0));

        float[] written = [.. Enumerable.Range(0, Length - Offset).Select(static i => i + 0.5f)];
        buffer.Write(Offset, written);
        buffer.Write(1, [7f]);
        buffer.Read(read, 0);
        Assert.Equal([0f, 7f, 0f], read[..3]);
        Assert.Equal(written, read[Offset..]);
    }

    [Fact]
    public void CopiesOutsideABuffer_AreRefused()
    {
        using CudaDevice device = Devices.OpenCard();
        DeviceBuffer<int> buffer = device.Allocate<int>(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Write(9, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read(new int[11], 0));
    }

    [Fact]
    public void MoreMemoryThanThereIs_IsRefusedWithTheFigures()
    {
        using CudaDevice device = Devices.OpenCard();
        string message = Assert.Throws<DeviceException>(() =>
        {
            for (int i = 0; i < 10_000; i++) device.Allocate<double>(int.MaxValue);
        }).Message;
        Assert.Matches("has too little memory: .* MB more were asked for, .* MB are free", message);
    }

    [Fact]
    public void ADeviceThatIsNotThere_IsRefusedWithThoseThatAre()
    {
        using CudaDevice device = Devices.OpenCard();
        string message = Assert.Throws<DeviceException>(static () => new CudaDevice(99)).Message;
        Assert.StartsWith("there is no cuda:99; this machine has cuda:0, ", message, StringComparison.Ordinal);
    }
}
