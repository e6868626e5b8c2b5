namespace ILGPU;

/// <summary>The groups of a launch: which one this is, and how many there are.</summary>
public static class Grid
{
    public static int IdxX => throw DeviceCode.OnHost();
    public static int IdxY => throw DeviceCode.OnHost();
    public static int IdxZ => throw DeviceCode.OnHost();
    public static int DimX => throw DeviceCode.OnHost();
    public static int DimY => throw DeviceCode.OnHost();
    public static int DimZ => throw DeviceCode.OnHost();

    /// <summary>This thread's place among all of the launch: Grid.Idx * Group.Dim + Group.Idx.</summary>
    public static Index3D GlobalIndex => throw DeviceCode.OnHost();
    public static LongIndex3D LongGlobalIndex => throw DeviceCode.OnHost();
}
