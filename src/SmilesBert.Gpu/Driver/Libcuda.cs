using System.Runtime.InteropServices;

namespace SmilesBert.Gpu.Driver;

/// <summary>
/// The functions of the CUDA driver API that the device uses, as cuda.h declares them: CUdevice is an int, CUdeviceptr 64 bits, and
/// contexts, streams, events, modules and functions are pointers. Entry points end in _v2 where cuda.h's plain name stands for that one.
/// Nothing is loaded before the first call; <see cref="CudaDriver"/> makes that one.
/// </summary>
internal static unsafe partial class Libcuda
{
    private const string Library = "cuda";

    // On Linux, WSL included, and on Windows; machines without developer packages have only the .so.1.
    private static readonly string[] FileNames = ["libcuda.so.1", "libcuda.so", "nvcuda.dll"];

    static Libcuda() => NativeLibrary.SetDllImportResolver(
        typeof(Libcuda).Assembly, static (name, _, _) => name == Library && TryLoad(out nint handle) ? handle : 0);

    /// <summary>The files that are looked for, for a message.</summary>
    public static string SoughtFiles => string.Join(", ", FileNames);

    /// <summary>Loads the driver's library where there is one; a library already loaded is only counted once more.</summary>
    public static bool TryLoad(out nint handle)
    {
        foreach (string name in FileNames)
            if (NativeLibrary.TryLoad(name, out handle)) return true;
        handle = 0;
        return false;
    }

    // ---- The driver and its devices ----

    [LibraryImport(Library, EntryPoint = "cuInit")]
    public static partial CudaResult Init(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDriverGetVersion")]
    public static partial CudaResult DriverGetVersion(out int version);

    [LibraryImport(Library, EntryPoint = "cuGetErrorName")]
    public static partial CudaResult GetErrorName(CudaResult error, out byte* text);

    [LibraryImport(Library, EntryPoint = "cuGetErrorString")]
    public static partial CudaResult GetErrorString(CudaResult error, out byte* text);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetCount")]
    public static partial CudaResult DeviceGetCount(out int count);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    public static partial CudaResult DeviceGet(out int device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    public static partial CudaResult DeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    public static partial CudaResult DeviceTotalMem(out nuint bytes, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    public static partial CudaResult DeviceGetAttribute(out int value, CudaAttribute attribute, int device);

    // ---- Contexts: the primary one of a device, current on each thread that calls ----

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial CudaResult DevicePrimaryContextRetain(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial CudaResult DevicePrimaryContextRelease(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxSetCurrent")]
    public static partial CudaResult ContextSetCurrent(nint context);

    // ---- Memory ----

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    public static partial CudaResult MemoryGetInfo(out nuint free, out nuint total);

    [LibraryImport(Library, EntryPoint = "cuMemAlloc_v2")]
    public static partial CudaResult MemoryAllocate(out ulong address, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFree_v2")]
    public static partial CudaResult MemoryFree(ulong address);

    [LibraryImport(Library, EntryPoint = "cuMemAllocHost_v2")]
    public static partial CudaResult HostMemoryAllocate(out byte* memory, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFreeHost")]
    public static partial CudaResult HostMemoryFree(byte* memory);

    [LibraryImport(Library, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    public static partial CudaResult CopyToDevice(ulong destination, byte* source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    public static partial CudaResult CopyToHost(byte* destination, ulong source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemsetD8Async")]
    public static partial CudaResult FillBytes(ulong address, byte value, nuint bytes, nint stream);

    // ---- Streams ----

    [LibraryImport(Library, EntryPoint = "cuStreamCreate")]
    public static partial CudaResult StreamCreate(out nint stream, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    public static partial CudaResult StreamDestroy(nint stream);

    [LibraryImport(Library, EntryPoint = "cuStreamSynchronize")]
    public static partial CudaResult StreamSynchronize(nint stream);

    // ---- Events: marks in a stream ----

    /// <summary>An event that only says that it was reached (CU_EVENT_DISABLE_TIMING).</summary>
    public const uint EventWithoutTime = 2;

    [LibraryImport(Library, EntryPoint = "cuEventCreate")]
    public static partial CudaResult EventCreate(out nint @event, uint flags);

    [LibraryImport(Library, EntryPoint = "cuEventRecord")]
    public static partial CudaResult EventRecord(nint @event, nint stream);

    [LibraryImport(Library, EntryPoint = "cuEventSynchronize")]
    public static partial CudaResult EventSynchronize(nint @event);

    [LibraryImport(Library, EntryPoint = "cuEventDestroy_v2")]
    public static partial CudaResult EventDestroy(nint @event);

    // ---- Modules and kernels ----

    [LibraryImport(Library, EntryPoint = "cuModuleLoadDataEx")]
    public static partial CudaResult ModuleLoad(out nint module, byte* image, uint optionCount, CudaJitOption* options, void** optionValues);

    [LibraryImport(Library, EntryPoint = "cuModuleUnload")]
    public static partial CudaResult ModuleUnload(nint module);

    [LibraryImport(Library, EntryPoint = "cuModuleGetFunction")]
    public static partial CudaResult ModuleGetFunction(out nint function, nint module, byte* name);

    [LibraryImport(Library, EntryPoint = "cuFuncGetAttribute")]
    public static partial CudaResult FunctionGetAttribute(out int value, CudaFunctionAttribute attribute, nint function);

    [LibraryImport(Library, EntryPoint = "cuFuncSetAttribute")]
    public static partial CudaResult FunctionSetAttribute(nint function, CudaFunctionAttribute attribute, int value);

    [LibraryImport(Library, EntryPoint = "cuLaunchKernel")]
    public static partial CudaResult LaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ,
        uint sharedBytes, nint stream, void** parameters, void** extra);
}
