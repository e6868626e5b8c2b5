using System.Globalization;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Kernels;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>
/// The kernels of a matrix product, from the naive one to the product's, on the simulator: what each would ask of a GPU. The counts are the same on
/// every machine.
/// </summary>
internal static class KernelVersions
{
    private const int N = 128, In = 128, Out = 128;
    private const double Tolerance = 1e-4;

    public static void Run()
    {
        using SimulatorDevice device = new();
        long warps = 0, sectors = 0, conflicts = 0;
        device.Launched += report =>
        {
            warps += report.WarpInstructions;
            sectors += report.GlobalSectors;
            conflicts += report.BankConflictCycles;
        };

        float[] x = Numbers(N * In, seed: 1), w = Numbers(Out * In, seed: 2), y = new float[N * Out];
        DeviceBuffer<float> deviceX = Filled(device, x), deviceW = Filled(device, w), deviceY = device.Allocate<float>(y.Length);
        GemmKernels.Args args = new(deviceY.View, deviceX.View, deviceW.View, N, In, Out);
        Linear.ForwardArgs product = new(deviceY.View, default, deviceX.View, deviceW.View, default, N, In, Out, Activation.Kind.None);
        Version[] versions =
        [
            new(1, "a thread an element", 0, () => GemmKernels.Naive(device, args)),
            new(2, "tiles of 16 x 16 in shared memory", 0, () => GemmKernels.Tiles(device, args)),
            new(3, "their rows spread over the banks", 0, () => GemmKernels.PaddedTiles(device, args)),
            new(4, "4 x 4 sums in registers: the product's", 0, () => Linear.Forward(device, product)),
            new(5, "tensor cores, tf32: the product's", 0, () => OnTensorCores(TensorLinear.Format.TensorFloat32)) { Rounding = 1.0 / (1 << 11) },
            new(6, "the same, bf16", 0, () => OnTensorCores(TensorLinear.Format.BFloat16)) { Rounding = 1.0 / (1 << 8) },
        ];

        Console.WriteLine($"Y = X W^T as kernels, {N} x {In} x {Out}, counted by the simulator");
        Console.WriteLine($"  {"version",-44}{"warp instructions",19}{"multiply-adds",16}{"sectors",10}{"conflicts",11}");
        foreach (Version version in versions)
        {
            deviceY.Write(0, [.. Enumerable.Repeat(float.NaN, y.Length)]);
            (warps, sectors, conflicts) = (0, 0, 0);
            version.Call();
            deviceY.Read(y, 0);
            Check(version, y, x, w);
            double useful = (double)N * In * Out / device.WarpSize / warps;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {$"{version.Number}  {version.Idea}",-44}{warps,19:N0}{useful,16:P0}{sectors,10:N0}{conflicts,11:N0}"));
        }
        Console.WriteLine("  multiply-adds: of a lane, for 100 instructions of its warp; sectors: 32 bytes of global memory each, warp by warp;");
        Console.WriteLine("  conflicts: cycles lost to bank conflicts of shared memory.");

        void OnTensorCores(TensorLinear.Format format) =>
            TensorLinear.Forward(device, new(product, default, device.Allocate<float>(TensorLinear.PartsLength(N, Out, In)).View, format));
    }

    private static void Check(Version version, float[] y, float[] x, float[] w)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double expected = 0;
            for (int k = 0; k < In; k++) expected += (double)x[(i / Out * In) + k] * w[(i % Out * In) + k];
            if (!(Math.Abs(y[i] - expected) <= (Tolerance + version.Rounding) * Math.Sqrt(In))) throw version.Wrong(i, y[i], expected);
        }
    }

    private static DeviceBuffer<float> Filled(Device device, float[] values)
    {
        DeviceBuffer<float> buffer = device.Allocate<float>(values.Length);
        buffer.Write(0, values);
        return buffer;
    }

    private static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
