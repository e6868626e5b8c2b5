using System.Runtime.InteropServices;
using System.Text;

namespace SmilesBert.Gpu.Driver;

/// <summary>The CUDA driver of this machine: whether it is there, which devices it has, what its errors mean.</summary>
public static unsafe class CudaDriver
{
    // The first whose compiler reads PTX 7.8, as cuDriverGetVersion counts: 1000 * major + 10 * minor.
    private const int LeastVersion = 11080;

    private static readonly Lock starting = new();
    private static bool started;

    /// <summary>The devices, by number. Loads the driver when it is first called.</summary>
    /// <exception cref="DeviceException">There is no driver, it is too old, or it finds no device.</exception>
    public static IReadOnlyList<CudaDeviceInfo> Devices()
    {
        Start();
        Check(Libcuda.DeviceGetCount(out int count), "counting the CUDA devices");
        return count > 0 ? [.. Enumerable.Range(0, count).Select(Describe)] : throw NoDevice();
    }

    /// <summary>Why a driver of this version cannot be used, or null where it can.</summary>
    internal static string? Refusal(int version) => version >= LeastVersion
        ? null
        : $"the NVIDIA driver is too old: it supports CUDA {VersionText(version)}, and the kernels (PTX 7.8) need {VersionText(LeastVersion)} or newer";

    /// <summary>Turns a failure into an exception.</summary>
    /// <param name="result">What the driver answered.</param>
    /// <param name="doing">What was asked of it: "counting the CUDA devices".</param>
    internal static void Check(CudaResult result, string doing)
    {
        if (result != CudaResult.Success) throw new DeviceException($"{doing} failed: {Explain(result)}");
    }

    /// <summary>An error in the driver's words: "CUDA_ERROR_INVALID_VALUE, invalid argument".</summary>
    internal static string Explain(CudaResult result)
    {
        bool named = Libcuda.GetErrorName(result, out byte* name) == CudaResult.Success;
        bool described = Libcuda.GetErrorString(result, out byte* text) == CudaResult.Success;
        return named && described ? $"{Text(name)}, {Text(text)}" : $"the driver's error {(int)result}";
    }

    private static void Start()
    {
        lock (starting)
        {
            if (started) return;
            if (!Libcuda.TryLoad(out _))
                throw new DeviceException($"there is no NVIDIA driver: none of {Libcuda.SoughtFiles} could be loaded");
            // The version can be had before, and a library that is only there to be linked with has none.
            Check(Libcuda.DriverGetVersion(out int version), "asking the NVIDIA driver for its version");
            if (Refusal(version) is { } refusal) throw new DeviceException(refusal);
            CudaResult result = Libcuda.Init(0);
            if (result == CudaResult.NoDevice) throw NoDevice();
            Check(result, "starting the NVIDIA driver");
            started = true;
        }
    }

    private static DeviceException NoDevice() => new("the NVIDIA driver is there, but it finds no CUDA device");

    private static CudaDeviceInfo Describe(int ordinal)
    {
        const int NameBytes = 256;
        string doing = $"asking about cuda:{ordinal}";
        Check(Libcuda.DeviceGet(out int device, ordinal), doing);
        byte* name = stackalloc byte[NameBytes];
        Check(Libcuda.DeviceGetName(name, NameBytes, device), doing);
        Check(Libcuda.DeviceTotalMem(out nuint memory, device), doing);
        return new CudaDeviceInfo(
            ordinal, Text(name), (long)memory, Attribute(CudaAttribute.ComputeMajor), Attribute(CudaAttribute.ComputeMinor),
            Attribute(CudaAttribute.WarpSize), Attribute(CudaAttribute.MaxThreadsPerGroup), Attribute(CudaAttribute.MaxSharedBytesPerGroup));

        int Attribute(CudaAttribute attribute)
        {
            Check(Libcuda.DeviceGetAttribute(out int value, attribute, device), doing);
            return value;
        }
    }

    private static string VersionText(int version) => $"{version / 1000}.{version % 1000 / 10}";

    private static string Text(byte* text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
