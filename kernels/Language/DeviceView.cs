using ILGPU.Runtime;

namespace ILGPU;

/// <summary>Makes views of device memory. For devices alone, and not part of ILGPU: a kernel gets its views as arguments.</summary>
public static class DeviceView
{
    /// <summary>The view of <paramref name="length"/> elements at <paramref name="address"/>.</summary>
    public static ArrayView1D<T, Stride1D.Dense> At<T>(long address, long length) where T : unmanaged => new ArrayView<T>(address, length);
}
