using ILGPU;
using ILGPU.Runtime;

namespace SmilesBert.Gpu.Driver;

/// <summary>One allocation of a <see cref="CudaDevice"/>'s memory, which frees it.</summary>
internal sealed unsafe class CudaBuffer<T>(CudaDevice device, ulong address, int length) : DeviceBuffer<T> where T : unmanaged
{
    public override int Length => length;

    public override ArrayView1D<T, Stride1D.Dense> View { get; } = DeviceView.At<T>((long)address, length);

    public override void Write(int offset, ReadOnlySpan<T> source)
    {
        fixed (T* from = source) device.Write(At(offset, source.Length), (byte*)from, (nuint)source.Length * (nuint)sizeof(T));
    }

    public override void Read(Span<T> destination, int offset)
    {
        fixed (T* to = destination) device.Read((byte*)to, At(offset, destination.Length), (nuint)destination.Length * (nuint)sizeof(T));
    }

    // The driver would see a copy past the end only where it leaves all the process's memory.
    internal ulong At(int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + count, length, nameof(count));
        return address + ((ulong)offset * (ulong)sizeof(T));
    }
}
