namespace ILGPU;

/// <summary>The threads of a group: which one this is, how many there are, and where they wait for each other.</summary>
public static class Group
{
    public static int IdxX => throw DeviceCode.OnHost();
    public static int IdxY => throw DeviceCode.OnHost();
    public static int IdxZ => throw DeviceCode.OnHost();
    public static int DimX => throw DeviceCode.OnHost();
    public static int DimY => throw DeviceCode.OnHost();
    public static int DimZ => throw DeviceCode.OnHost();

    /// <summary>Waits for all threads of the group; what each wrote before it, all see after it.</summary>
    public static void Barrier() => throw DeviceCode.OnHost();

    /// <summary>A barrier that tells whether the predicate holds for all threads.</summary>
    public static bool BarrierAnd(bool predicate) => throw DeviceCode.OnHost();

    /// <summary>A barrier that tells whether the predicate holds for any thread.</summary>
    public static bool BarrierOr(bool predicate) => throw DeviceCode.OnHost();

    /// <summary>A barrier that tells for how many threads the predicate holds.</summary>
    public static int BarrierPopCount(bool predicate) => throw DeviceCode.OnHost();

    /// <summary>The value of thread <paramref name="groupIndex"/>, for all threads; a barrier.</summary>
    public static T Broadcast<T>(T value, int groupIndex) where T : unmanaged => throw DeviceCode.OnHost();
}
