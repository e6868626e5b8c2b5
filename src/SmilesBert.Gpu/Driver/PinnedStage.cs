using System.Runtime.InteropServices;

namespace SmilesBert.Gpu.Driver;

/// <summary>
/// Host memory that the card reads and writes by itself. What is copied to the device goes through it, so that a copy neither waits for
/// the launches before it nor leaves the caller waiting: the stage fills up from the front, and only when it is full
/// is the stream waited for. A step's ids and labels are a few kilobytes: hundreds of steps fill it.
/// </summary>
internal sealed unsafe class PinnedStage : IDisposable
{
    private const uint Bytes = 4 << 20;

    private readonly CudaDevice device;
    private readonly nint stream;
    private readonly byte* memory;
    private nuint used;

    public PinnedStage(CudaDevice device, nint stream)
    {
        this.device = device;
        this.stream = stream;
        device.Check(Libcuda.HostMemoryAllocate(out memory, Bytes), "taking pinned host memory");
    }

    /// <summary>Everything copied through the stage has arrived.</summary>
    public void Clear() => used = 0;

    public void Write(ulong address, byte* source, nuint bytes)
    {
        for (nuint done = 0; done < bytes;)
        {
            if (used == Bytes) device.Synchronize();        // clears the stage
            nuint part = nuint.Min(bytes - done, Bytes - used);
            NativeMemory.Copy(source + done, memory + used, part);
            device.Check(Libcuda.CopyToDevice(address + done, memory + used, part, stream), "copying to the device");
            used += part;
            done += part;
        }
    }

    /// <summary>The stage must be clear.</summary>
    public void Read(byte* destination, ulong address, nuint bytes)
    {
        for (nuint done = 0; done < bytes;)
        {
            nuint part = nuint.Min(bytes - done, Bytes);
            device.Check(Libcuda.CopyToHost(memory, address + done, part, stream), "copying to the host");
            device.Synchronize();
            NativeMemory.Copy(memory, destination + done, part);
            done += part;
        }
    }

    public void Dispose() => _ = Libcuda.HostMemoryFree(memory);
}
