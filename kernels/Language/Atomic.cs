namespace ILGPU;

/// <summary>Changes of memory that many threads make at once, in any order: each returns what was there before.</summary>
public static class Atomic
{
    public static int Add(ref int target, int value) => throw DeviceCode.OnHost();
    public static float Add(ref float target, float value) => throw DeviceCode.OnHost();
    public static int Max(ref int target, int value) => throw DeviceCode.OnHost();

    /// <summary>Writes <paramref name="value"/> where <paramref name="compare"/> is found.</summary>
    public static int CompareExchange(ref int target, int compare, int value) => throw DeviceCode.OnHost();
}
