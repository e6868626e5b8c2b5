namespace ILGPU;

/// <summary>Orders this thread's memory accesses as others see them.</summary>
public static class MemoryFence
{
    public static void GroupLevel() => throw DeviceCode.OnHost();
    public static void DeviceLevel() => throw DeviceCode.OnHost();
    public static void SystemLevel() => throw DeviceCode.OnHost();
}
