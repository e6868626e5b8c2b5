using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Benchmarks;

/// <summary>
/// A linear layer's three products on the CPU. tools/openblas_gemm.py times OpenBLAS at the same sizes: run both in one session, as
/// machines differ from hour to hour.
/// </summary>
[Config(typeof(Settings))]
public class LinearBench
{
    private CpuOps ops = null!;
    private Floats x, w, bias, y, dx, dy, dw, dBias;

    [Params(1, 2)]
    public int Threads { get; set; }

    [ParamsSource(nameof(Sizes))]
    public LayerSize Size { get; set; }

    // Layers of BERT base (768, 3072) and of the 3 x 384 model, at the tokens of a batch of 16.
    public static IEnumerable<LayerSize> Sizes =>
    [
        new(1024, 768, 768), new(1024, 3072, 768), new(1024, 768, 3072), new(1024, 384, 384), new(1024, 384, 1152), new(1024, 384, 464), new(1024, 464, 384),
    ];

    [GlobalSetup]
    public void Setup()
    {
        ops = new CpuOps(Threads);
        Random random = new(1);
        (x, w, bias, y) = (Fill(Size.N * Size.In), Fill(Size.In * Size.Out), Fill(Size.Out), Fill(Size.N * Size.Out));
        (dx, dy, dw, dBias) = (Fill(Size.N * Size.In), Fill(Size.N * Size.Out), Fill(Size.In * Size.Out), Fill(Size.Out));

        Floats Fill(int count)
        {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f;
            Floats floats = ops.AllocateFloats(count);
            ops.Write(floats, values);
            return floats;
        }
    }

    [GlobalCleanup]
    public void Cleanup() => ops.Dispose();

    [Benchmark]
    public void Forward() => ops.LinearForward(y, x, w, bias, Size.N, Size.In, Size.Out);

    [Benchmark]
    public void BackwardInput() => ops.LinearBackwardInput(dx, dy, w, Size.N, Size.In, Size.Out, accumulate: false);

    [Benchmark]
    public void BackwardParams() => ops.LinearBackwardParams(dw, dBias, dy, x, Size.N, Size.In, Size.Out);

    private sealed class Settings : ManualConfig
    {
        public Settings()
        {
            AddJob(Job.ShortRun);
            AddColumn(new GigaflopsColumn());
        }
    }
}
