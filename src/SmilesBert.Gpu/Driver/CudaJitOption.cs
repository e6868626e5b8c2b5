namespace SmilesBert.Gpu.Driver;

/// <summary>Options of the driver's PTX compiler (CUjit_option), numbered as the driver numbers them.</summary>
internal enum CudaJitOption
{
    ErrorLog = 5,
    ErrorLogBytes = 6,
}
