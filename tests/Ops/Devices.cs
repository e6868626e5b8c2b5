using SmilesBert.Gpu;
using SmilesBert.Gpu.Driver;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Ops.Gpu;

namespace SmilesBert.Tests.Ops;

/// <summary>The implementations of the ops page that every test of an operation runs on, by name.</summary>
public sealed class Devices : TheoryData<string>
{
    // Held by the process: while one is, the driver keeps the card's context, and taking it again is quick.
    private static CudaDevice? card;

    public Devices() => AddRange("cpu", "simulator", "cuda");

    /// <summary>Those whose matrix products run on tensor cores.</summary>
    public static IReadOnlyList<string> OnTensorCores { get; } = ["simulator tf32", "simulator bf16", "cuda tf32", "cuda bf16"];

    /// <summary>A new one, with no memory taken. The calling test is reported as skipped where there is no graphics card.</summary>
    public static IOps Create(string name) => name.Split(' ')[0] switch
    {
        "cpu" => new CpuOps(threads: 1),
        "simulator" => new KernelOps(new SimulatorDevice(), PrecisionOf(name)),
        "cuda" => new KernelOps(OpenCard(), PrecisionOf(name)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>What its matrix products round their operands to.</summary>
    public static Precision PrecisionOf(string name) =>
        Enum.GetValues<Precision>().FirstOrDefault(precision => name.EndsWith(' ' + precision.Name(), StringComparison.Ordinal));

    /// <summary>A new one, or the calling test skipped where there is none.</summary>
    public static CudaDevice OpenCard()
    {
        try
        {
            card ??= new CudaDevice(0);
            return new CudaDevice(0);
        }
        catch (DeviceException error)
        {
            Assert.Skip(error.Message);
            throw;
        }
    }

    /// <summary>The same device arranged otherwise, which must give the same bits.</summary>
    public static IEnumerable<IOps> Twins(string name)
    {
        if (name.StartsWith("simulator", StringComparison.Ordinal))
        {
            yield return new KernelOps(new SimulatorDevice(new SimulatorChecks { Seed = 7 }), PrecisionOf(name));
            yield break;
        }
        yield return Create(name);
        if (name != "cpu") yield break;
        yield return new CpuOps(threads: 2);
        yield return new CpuOps(threads: 3);
    }
}
