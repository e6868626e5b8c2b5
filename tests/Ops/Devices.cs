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

    /// <summary>A new one, with no memory taken. The calling test is reported as skipped where there is no graphics card.</summary>
    public static IOps Create(string name) => name switch
    {
        "cpu" => new CpuOps(threads: 1),
        "simulator" => new KernelOps(new SimulatorDevice()),
        "cuda" => new KernelOps(OpenCard()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

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
        if (name == "simulator")
        {
            yield return new KernelOps(new SimulatorDevice(new SimulatorChecks { Seed = 7 }));
            yield break;
        }
        yield return Create(name);
        if (name != "cpu") yield break;
        yield return new CpuOps(threads: 2);
        yield return new CpuOps(threads: 3);
    }
}
