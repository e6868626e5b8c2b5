using System.Globalization;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Driver;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Ops.Gpu;

namespace SmilesBert.Cli;

/// <summary>The devices by the names that --device takes, and which of them auto is.</summary>
internal static class DeviceChoice
{
    public const string Auto = "auto", Cpu = "cpu", Cuda = "cuda", Simulator = "simulator", Ilgpu = "ilgpu";

    /// <summary>The devices that this build has on any machine.</summary>
    public static IReadOnlyList<string> Always { get; } = KernelLanguage.Name == Ilgpu ? [Cpu, Simulator, Ilgpu] : [Cpu, Simulator];

    /// <summary>Whether a text names a device, there or not.</summary>
    public static bool IsName(string text) => text is Auto or Cpu or Simulator or Ilgpu || Ordinal(text) is not null;

    /// <summary>The device of a name; auto is the first graphics card that can be had, else the processor.</summary>
    /// <exception cref="DeviceException">There is no such device, or it cannot be had.</exception>
    public static IOps Open(string name, int threads) => name switch
    {
        Auto => OpenFirstCard() ?? Open(Cpu, threads),
        Cpu => new CpuOps(threads),
        Simulator => new KernelOps(new SimulatorDevice()),
        Ilgpu => new KernelOps(OpenIlgpu()),
        _ => new KernelOps(new CudaDevice(Ordinal(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, "not a device's name"))),
    };

    // Whatever the reason, auto does without; the devices command says what it was.
    private static KernelOps? OpenFirstCard()
    {
        try
        {
            return new KernelOps(new CudaDevice(0));
        }
        catch (DeviceException)
        {
            return null;
        }
    }

    private static Device OpenIlgpu() =>
#if ILGPU
        SmilesBert.Gpu.Ilgpu.IlgpuDevice.Open();
#else
        throw new DeviceException("this build has no ilgpu device: it was made without the ILGPU package");
#endif

    // cuda is cuda:0.
    private static int? Ordinal(string text) =>
        text == Cuda ? 0
        : text.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal) ? ordinal
        : null;
}
