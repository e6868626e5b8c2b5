namespace ILGPU;

/// <summary>The lanes of a warp: which one this is, how many there are, and how they pass values without memory.</summary>
public static class Warp
{
    /// <summary>Lanes: 32 on NVIDIA's devices.</summary>
    public static int WarpSize => throw DeviceCode.OnHost();
    public static int LaneIdx => throw DeviceCode.OnHost();
    public static int WarpIdx => throw DeviceCode.OnHost();
    public static bool IsFirstLane => throw DeviceCode.OnHost();

    /// <summary>Waits for all lanes of the warp; what each wrote before it, all see after it.</summary>
    public static void Barrier() => throw DeviceCode.OnHost();

    /// <summary>The value of lane <paramref name="sourceLane"/>.</summary>
    public static T Shuffle<T>(T variable, int sourceLane) where T : unmanaged => throw DeviceCode.OnHost();
    public static T Shuffle<T>(T variable, int sourceLane, int width) where T : unmanaged => throw DeviceCode.OnHost();

    /// <summary>The value of the lane <paramref name="delta"/> above; a lane without one keeps its own.</summary>
    public static T ShuffleDown<T>(T variable, int delta) where T : unmanaged => throw DeviceCode.OnHost();
    public static T ShuffleDown<T>(T variable, int delta, int width) where T : unmanaged => throw DeviceCode.OnHost();

    /// <summary>The value of the lane <paramref name="delta"/> below; a lane without one keeps its own.</summary>
    public static T ShuffleUp<T>(T variable, int delta) where T : unmanaged => throw DeviceCode.OnHost();
    public static T ShuffleUp<T>(T variable, int delta, int width) where T : unmanaged => throw DeviceCode.OnHost();

    /// <summary>The value of the lane whose number differs by the bits of <paramref name="mask"/>.</summary>
    public static T ShuffleXor<T>(T variable, int mask) where T : unmanaged => throw DeviceCode.OnHost();
    public static T ShuffleXor<T>(T variable, int mask, int width) where T : unmanaged => throw DeviceCode.OnHost();

    /// <summary>The value of lane <paramref name="sourceLane"/>, the same for all lanes.</summary>
    public static T Broadcast<T>(T value, int sourceLane) where T : unmanaged => throw DeviceCode.OnHost();
}
