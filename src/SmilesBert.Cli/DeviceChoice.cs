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
    /// <exception cref="InputException">The device does not compute in this precision.</exception>
    public static IOps Open(string name, int threads, Precision precision = Precision.Fp32) => name switch
    {
        Auto => OpenFirstCard(precision) ?? Open(Cpu, threads),
        Cpu when precision == Precision.Fp32 => new CpuOps(threads),
        Simulator => new KernelOps(new SimulatorDevice(), precision),
        Ilgpu when precision == Precision.Fp32 => new KernelOps(OpenIlgpu()),
        Cpu or Ilgpu => throw new InputException($"the {name} device computes in fp32 only; --precision {precision.Name()} needs {TensorCores}"),
        _ => OpenCard(Ordinal(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, "not a device's name"), precision),
    };

    private const string TensorCores = "an NVIDIA graphics card of compute 8.0 or newer, or --device simulator";

    // The oldest cards that have bf16 and tf32: compute capability 8.0.
    private const int LeastMajor = 8;

    private static KernelOps OpenCard(int ordinal, Precision precision)
    {
        CudaDevice card = new(ordinal);
        if (precision == Precision.Fp32 || card.ComputeMajor >= LeastMajor) return new KernelOps(card, precision);
        using (card) throw new InputException($"{card.Description} is too old for --precision {precision.Name()}, which needs {TensorCores}");
    }

    // Whatever the reason, auto does without where the processor can do it; the devices command says what it was.
    private static KernelOps? OpenFirstCard(Precision precision)
    {
        try
        {
            return OpenCard(0, precision);
        }
        catch (DeviceException) when (precision == Precision.Fp32)
        {
            return null;
        }
        catch (DeviceException error)
        {
            throw new InputException($"--precision {precision.Name()} needs {TensorCores}: {error.Message}", error);
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
