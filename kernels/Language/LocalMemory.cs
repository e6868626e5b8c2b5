namespace ILGPU;

/// <summary>Memory of one thread.</summary>
public static class LocalMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => throw DeviceCode.OnHost();
}
