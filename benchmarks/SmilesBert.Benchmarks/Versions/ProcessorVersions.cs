using System.Globalization;
using System.Runtime.CompilerServices;
using SmilesBert.Benchmarking;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>
/// The CPU's matrix product and layer norm, from the plain loops to the product's code: each version is held to double precision, then timed, and
/// stands beside the floor of as many threads.
/// </summary>
internal static unsafe class ProcessorVersions
{
    private const int N = 1024, In = 768, Out = 768;
    private const float Epsilon = 1e-12f;
    private const double Seconds = 1, Tolerance = 1e-4;

    public static void Run()
    {
        using CpuOps one = new(threads: 1), all = new(Environment.ProcessorCount);
        Gemm(one, all);
        Console.WriteLine();
        LayerNorm(one, all);
    }

    private static void Gemm(CpuOps one, CpuOps all)
    {
        Operands operands = new(one);
        Operand x = operands.Random(N * In), w = operands.Random(Out * In);
        Floats y = operands.Output(N * Out);
        float* py = Pointer(y), px = Pointer(x), pw = Pointer(w);
        int threads = Environment.ProcessorCount;
        Version[] versions =
        [
            new(1, "three loops", 1, () => Gemm1TripleLoop.Multiply(py, px, pw, N, In, Out)),
            new(2, "eight products at once", 1, () => Gemm2Vectors.Multiply(py, px, pw, N, In, Out)),
            new(3, "4 x 3 sums in registers", 1, () => Gemm3RegisterTile.Multiply(py, px, pw, N, In, Out)),
            new(4, "6 x 16 sums, packed, in blocks: the product's", 1, () => one.LinearForward(y, x, w, default, N, In, Out)),
            new(5, "threads", threads, () => all.LinearForward(y, x, w, default, N, In, Out)),
        ];

        double[] expected = new double[N * Out];
        for (int i = 0; i < expected.Length; i++)
            for (int k = 0; k < In; k++) expected[i] += (double)px[(i / Out * In) + k] * pw[(i % Out * In) + k];

        double floorOfOne = MultiplyAddSpeed.Measure(1), floorOfAll = MultiplyAddSpeed.Measure(threads);
        Print(
            $"Y = X W^T, {N} x {In} x {Out}; the floor: multiply-adds in registers", "GFLOP/s", versions, y, expected, 2.0 * N * In * Out,
            version => version.Threads == 1 ? floorOfOne : floorOfAll);
    }

    private static void LayerNorm(CpuOps one, CpuOps all)
    {
        Operands operands = new(one);
        Operand x = operands.Random(N * In, shift: 3f), gamma = operands.Random(In), beta = operands.Random(In);
        Floats y = operands.Output(N * In), mean = operands.Output(N), rstd = operands.Output(N);
        float* py = Pointer(y), px = Pointer(x), pGamma = Pointer(gamma), pBeta = Pointer(beta);
        int threads = Environment.ProcessorCount;
        Version[] versions =
        [
            new(1, "three loops a row", 1, () => LayerNorm1Loops.Normalise(py, px, pGamma, pBeta, N, In, Epsilon)),
            new(2, "eight columns at once", 1, () => LayerNorm2Vectors.Normalise(py, px, pGamma, pBeta, N, In, Epsilon)),
            new(3, "several sums abreast: the product's", 1, () => one.LayerNormForward(y, mean, rstd, x, gamma, beta, N, In, Epsilon)),
            new(4, "threads", threads, () => all.LayerNormForward(y, mean, rstd, x, gamma, beta, N, In, Epsilon)),
        ];

        double[] expected = new double[N * In];
        for (int row = 0; row < N; row++)
        {
            double average = 0, variance = 0;
            for (int i = 0; i < In; i++) average += px[(row * In) + i] / (double)In;
            for (int i = 0; i < In; i++) variance += Math.Pow(px[(row * In) + i] - average, 2) / In;
            for (int i = 0; i < In; i++)
                expected[(row * In) + i] = ((px[(row * In) + i] - average) / Math.Sqrt(variance + Epsilon) * pGamma[i]) + pBeta[i];
        }

        double bytes = 2.0 * sizeof(float) * N * In;
        double floorOfOne = Copy(one, bytes), floorOfAll = Copy(all, bytes);
        Print(
            $"layer norm, {N} x {In}; the floor: a copy of as many bytes", "GB/s", versions, y, expected, bytes,
            version => version.Threads == 1 ? floorOfOne : floorOfAll);
    }

    private static double Copy(CpuOps ops, double bytes) =>
        DeviceSpeed.Measure(ops, new OperationClock(ops, Seconds), new BenchmarkPlan().LargestStream, threads: null).BytesPerSecond(bytes);

    private static void Print(
        string heading, string unit, Version[] versions, Floats y, double[] expected, double work, Func<Version, double> floor)
    {
        Console.WriteLine(heading);
        Console.WriteLine($"  {"version",-50}{"threads",9}{"time",12}{unit,10}{"of the floor",15}");
        using CpuOps waiting = new(threads: 1);
        OperationClock clock = new(waiting, Seconds);
        foreach (Version version in versions)
        {
            ((float[])y.Memory!).AsSpan().Fill(float.NaN);
            version.Call();
            Check(version, (float[])y.Memory!, expected);
            double seconds = clock.Time(version.Call).Median, rate = work / seconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {$"{version.Number}  {version.Idea}",-50}{version.Threads,9}{seconds * 1e3,9:0.00} ms{rate / 1e9,10:0.0}{rate / floor(version),15:P0}"));
        }
    }

    private static void Check(Version version, float[] actual, double[] expected)
    {
        double size = Math.Sqrt(expected.Average(static value => value * value));
        for (int i = 0; i < expected.Length; i++)
            if (!(Math.Abs(actual[i] - expected[i]) <= Tolerance * size)) throw version.Wrong(i, actual[i], expected[i]);
    }

    // The CPU's memory is pinned.
    private static float* Pointer(Floats x) => (float*)Unsafe.AsPointer(ref ((float[])x.Memory!)[0]);
}
