namespace SmilesBert.Gpu.Driver;

/// <summary>Properties of a device (CUdevice_attribute), numbered as the driver numbers them.</summary>
internal enum CudaAttribute
{
    MaxThreadsPerGroup = 1,
    WarpSize = 10,
    ComputeMajor = 75,
    ComputeMinor = 76,

    /// <summary>Shared memory of a group, in bytes, for kernels that ask for more than the 48 KB all have.</summary>
    MaxSharedBytesPerGroup = 97,
}
