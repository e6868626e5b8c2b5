namespace SmilesBert.Gpu.Driver;

/// <summary>Properties of a loaded kernel (CUfunction_attribute), numbered as the driver numbers them.</summary>
internal enum CudaFunctionAttribute
{
    /// <summary>Threads of a group, at most: fewer than the device's where the kernel uses many registers.</summary>
    MaxThreadsPerGroup = 0,

    StaticSharedBytes = 1,
    MaxDynamicSharedBytes = 8,
}
