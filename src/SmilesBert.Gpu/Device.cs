using ILGPU;
using ILGPU.Runtime;
using SmilesBert.Kernels;

namespace SmilesBert.Gpu;

/// <summary>Something that runs kernels: a graphics card, or the simulator of one.</summary>
public abstract class Device : IKernelDevice, IDisposable
{
    /// <summary>For the program's header: "cuda:0, NVIDIA H200, 141 GB, compute 9.0".</summary>
    public abstract string Description { get; }

    public abstract int WarpSize { get; }

    /// <summary>Takes zeroed memory; it is freed with the device.</summary>
    public abstract DeviceBuffer<T> Allocate<T>(int length) where T : unmanaged;

    /// <summary>A way to the host for up to <paramref name="capacity"/> floats, which the host need not wait at.</summary>
    public virtual DeviceReadback Readback(int capacity) => new ImmediateReadback(capacity);

    public abstract void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0) where TArgs : struct;

    /// <summary>Waits until everything launched has run; an error of a kernel is thrown here at the latest.</summary>
    public abstract void Synchronize();

    public abstract void Dispose();
}

/// <summary>One allocation of a device's memory.</summary>
public abstract class DeviceBuffer<T> where T : unmanaged
{
    /// <summary>Elements.</summary>
    public abstract int Length { get; }

    /// <summary>All of it, as kernels see it; parts of it are SubViews.</summary>
    public abstract ArrayView1D<T, Stride1D.Dense> View { get; }

    /// <summary>Copies from the host to <paramref name="offset"/>, in order with the launches.</summary>
    public abstract void Write(int offset, ReadOnlySpan<T> source);

    /// <summary>Copies to the host from <paramref name="offset"/>; waits for the launches before it.</summary>
    public abstract void Read(Span<T> destination, int offset);
}
