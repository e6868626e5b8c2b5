using System.Globalization;

namespace SmilesBert.Gpu.Driver;

/// <summary>A graphics card as the driver describes it.</summary>
/// <param name="Ordinal">Its number, from 0: the N of cuda:N.</param>
/// <param name="Name">The maker's name of it.</param>
/// <param name="MemoryBytes">All its memory.</param>
/// <param name="ComputeMajor">Its compute capability, before the dot.</param>
/// <param name="ComputeMinor">Its compute capability, after the dot.</param>
/// <param name="WarpSize">Lanes in a warp.</param>
/// <param name="MaxThreads">Threads of a group, at most.</param>
/// <param name="MaxSharedBytes">Shared memory of a group, at most.</param>
public sealed record CudaDeviceInfo(
    int Ordinal, string Name, long MemoryBytes, int ComputeMajor, int ComputeMinor, int WarpSize, int MaxThreads, int MaxSharedBytes)
{
    /// <summary>"cuda:0, NVIDIA H200, 141 GB, compute 9.0".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"cuda:{Ordinal}, {Name}, {MemoryBytes / 1e9:0} GB, compute {ComputeMajor}.{ComputeMinor}");
}
