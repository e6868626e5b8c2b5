using System.Globalization;

namespace SmilesBert.Gpu.Driver;

/// <summary>What a launch of one kernel on one device may ask for.</summary>
/// <param name="Device">The device's name, for messages: "cuda:0".</param>
/// <param name="MaxThreads">Threads of a group.</param>
/// <param name="StaticSharedBytes">Shared memory that the kernel takes by itself.</param>
/// <param name="MaxSharedBytes">Shared memory of a group, static and dynamic together.</param>
internal readonly record struct KernelLimits(string Device, int MaxThreads, int StaticSharedBytes, int MaxSharedBytes)
{
    /// <summary>Why a launch cannot be, or null where it can.</summary>
    public string? Refusal(string kernel, int groups, int threads, int sharedBytes)
    {
        if (groups < 1) return $"{kernel} was launched with {groups} groups; at least one is needed";
        if (threads < 1 || threads > MaxThreads) return $"{kernel} was launched with groups of {threads} threads; on {Device} it can have 1 to {MaxThreads}";
        if (sharedBytes < 0 || (long)StaticSharedBytes + sharedBytes > MaxSharedBytes)
            return string.Create(CultureInfo.InvariantCulture,
                $"{kernel} was launched with {sharedBytes} bytes of shared memory beside its own {StaticSharedBytes}; {Device} has {MaxSharedBytes} for a group");
        return null;
    }
}
