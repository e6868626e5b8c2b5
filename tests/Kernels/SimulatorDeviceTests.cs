using System.Reflection;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Kernels;

namespace SmilesBert.Tests.Kernels;

/// <summary>The simulator as a device: kernels compiled from C# run on it, and their faults arrive as exceptions.</summary>
public sealed class SimulatorDeviceTests
{
    [Theory]
    [InlineData(1, 33)]
    [InlineData(7, 384)]
    public void LayerNorm_ComputesItsFormula(int rows, int columns)
    {
        using SimulatorDevice device = new();
        List<LaunchReport> reports = [];
        device.Launched += reports.Add;
        float[] x = Values(rows * columns, 1), gamma = Values(columns, 2), beta = Values(columns, 3);
        DeviceBuffer<float> y = device.AllocateUninitialised<float>(rows * columns), mean = device.AllocateUninitialised<float>(rows), rstd = device.AllocateUninitialised<float>(rows);
        LayerNorm.Forward(device, new LayerNorm.ForwardArgs(
            y.View, mean.View, rstd.View, Buffer(device, x).View, Buffer(device, gamma).View, Buffer(device, beta).View, rows, columns, 1e-5f));

        float[] result = new float[rows * columns];
        y.Read(result, 0);
        for (int row = 0; row < rows; row++)
        {
            double[] values = [.. x.AsSpan(row * columns, columns).ToArray().Select(value => (double)value)];
            double average = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - average) * (value - average)) + 1e-5);
            for (int column = 0; column < columns; column++)
                Assert.Equal((values[column] - average) / deviation * gamma[column] + beta[column], result[row * columns + column], 1e-5);
        }
        LaunchReport report = Assert.Single(reports);
        Assert.Equal((128, 0), (report.Threads, report.StaticSharedBytes));
        Assert.True(report.Count(OpcodeClass.Shuffle) > 0);
    }

    [Fact]
    public void Fault_ThrowsWithKernelAndPlace()
    {
        using SimulatorDevice device = new();
        DeviceBuffer<float> y = device.Allocate<float>(32), x = device.AllocateUninitialised<float>(32), c = device.Allocate<float>(32);
        SimulatorException error = Assert.Throws<SimulatorException>(() =>
            LayerNorm.Forward(device, new LayerNorm.ForwardArgs(y.View, c.View, c.View, x.View, c.View, c.View, 1, 32, 1e-5f)));
        Assert.Equal(Check.UninitialisedMemory, error.Report.Faults[0].Kind);
        Assert.StartsWith("UninitialisedMemory in kernel LayerNorm_ForwardKernel, group 0, thread 0 (warp 0, lane 0): 4 bytes at global address 0x", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> AllKernels => [.. LaunchList.OfAllKernels().Select(static launch => NameOf(launch.Kernel))];

    [Theory]
    [MemberData(nameof(AllKernels))]
    public void EveryKernel_IsUnderstood(string name)
    {
        MethodInfo kernel = LaunchList.OfAllKernels().Single(launch => NameOf(launch.Kernel) == name).Kernel;
        CompiledKernel compiled = KernelCompiler.Compile(kernel);
        PtxEntry entry = PtxModule.Parse(compiled.Ptx).Entry(compiled.Name);
        Assert.Equal((compiled.Parameters.Size, compiled.StaticSharedBytes), (entry.ParameterBytes, entry.StaticSharedBytes));
        Assert.Empty(entry.DoubtfulRegisters);
    }

    // With its type arguments.
    private static string NameOf(MethodInfo kernel) => $"{kernel.DeclaringType!.Name}: {kernel}";

    [Fact]
    public void Checks_MayBeSwitchedOff()
    {
        using SimulatorDevice device = new(SimulatorChecks.None);
        DeviceBuffer<float> y = device.Allocate<float>(32), x = device.AllocateUninitialised<float>(32), c = device.Allocate<float>(32);
        LayerNorm.Forward(device, new LayerNorm.ForwardArgs(y.View, c.View, c.View, x.View, c.View, c.View, 1, 32, 1e-5f));
        device.Synchronize();
        Assert.Contains("checks off", device.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Buffers_CopyPartsOfThemselves()
    {
        using SimulatorDevice device = new();
        DeviceBuffer<int> buffer = device.Allocate<int>(5);
        buffer.Write(2, [7, 8]);
        int[] values = new int[4];
        buffer.Read(values, 1);
        Assert.Equal([0, 7, 8, 0], values);
        Assert.Equal((5, 5L), (buffer.Length, buffer.View.Length));
        Assert.Throws<ArgumentException>(() => buffer.Write(4, [1, 2]));
        Assert.Equal(0, device.Allocate<float>(0).View.Length);
    }

    private static DeviceBuffer<float> Buffer(SimulatorDevice device, float[] values)
    {
        DeviceBuffer<float> buffer = device.AllocateUninitialised<float>(values.Length);
        buffer.Write(0, values);
        return buffer;
    }

    private static float[] Values(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
