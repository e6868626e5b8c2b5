using ILGPU.Runtime;

namespace ILGPU;

/// <summary>
/// Makes views of device memory, in builds against ILGPU: its views lie in buffers of its own, so memory that another driver or the
/// simulator took is dressed as one. As in kernels/Language, for devices alone.
/// </summary>
public static class DeviceView
{
    /// <summary>The view of <paramref name="length"/> elements at <paramref name="address"/>.</summary>
    public static unsafe ArrayView1D<T, Stride1D.Dense> At<T>(long address, long length) where T : unmanaged =>
        new ArrayView<T>(new ForeignMemory(address, length, sizeof(T)), 0, length);

    private sealed class ForeignMemory : MemoryBuffer
    {
        public ForeignMemory(long address, long length, int elementSize) : base(null!, length, elementSize) => NativePtr = (IntPtr)address;

        protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) => throw NotIlgpus();

        protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) => throw NotIlgpus();

        protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) => throw NotIlgpus();

        protected override void DisposeAcceleratorObject(bool disposing) { }

        private static InvalidOperationException NotIlgpus() => new("memory of another driver: ILGPU cannot copy it");
    }
}
