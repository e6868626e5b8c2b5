using ILGPU.Runtime;

namespace ILGPU;

/// <summary>Memory that a group's threads share, uninitialised. Extents are constants; several allocations add up, to 48 KB at most.</summary>
public static class SharedMemory
{
    public static ref T Allocate<T>() where T : unmanaged => throw DeviceCode.OnHost();
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => throw DeviceCode.OnHost();
    public static ArrayView1D<T, Stride1D.Dense> Allocate1D<T>(Index1D extent) where T : unmanaged => throw DeviceCode.OnHost();

    /// <summary>What the launch asked for beside the allocations, aligned to <typeparamref name="T"/>.</summary>
    public static ArrayView<T> GetDynamic<T>() where T : unmanaged => throw DeviceCode.OnHost();
}
