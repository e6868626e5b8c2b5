namespace ILGPU;

/// <summary>What the language's device functions answer when the host calls them.</summary>
internal static class DeviceCode
{
    /// <summary>The compiler translates the functions by their names; their bodies never run.</summary>
    public static InvalidOperationException OnHost() => new("device code: runs when compiled for a device");
}
