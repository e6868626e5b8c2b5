namespace SmilesBert.Gpu.Driver;

/// <summary>What the driver's functions return (CUresult): the ones that are told apart here; the driver itself names the others.</summary>
internal enum CudaResult
{
    Success = 0,
    OutOfMemory = 2,
    NoDevice = 100,

    // What a kernel did wrong. The driver answers it from then on, whatever it is asked: the device is lost to the process.
    IllegalAddress = 700,
    LaunchTimeout = 702,
    Assert = 710,
    HardwareStackError = 714,
    IllegalInstruction = 715,
    MisalignedAddress = 716,
    InvalidAddressSpace = 717,
    InvalidProgramCounter = 718,
    LaunchFailed = 719,
}
