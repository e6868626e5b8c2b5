using System.Reflection;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Ilgpu;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Gpu;
using SmilesBert.Tests.Ops;
using Dropout = SmilesBert.Ops.Dropout;

namespace SmilesBert.Tests.Kernels;

/// <summary>
/// Real ILGPU compiles and runs every kernel, on its CPU accelerator at 32 lanes, and the numbers are the reference's; our compiler's PTX
/// of the same kernels, simulated, gives them too. All but those for tensor cores, whose texts are for our compiler. In builds with the package alone. The accelerator has a thread of the operating
/// system for each lane, so sizes are small.
/// </summary>
public sealed class IlgpuTests
{
    private const int C = 5, Rows = 3;

    private static readonly Dropout Dropped = new(0.3f, 0x0123456789ABCDEF, 5, 1, 4);

    // Each calls an operation or two of the page; together they launch every kernel.
    private static readonly (string Name, Action<OpRun> Scenario)[] Scenarios =
    [
        ("Fill", run =>
        {
            Floats y = run.Output("y", 7, 0);
            run.Ops.Fill(y, 2.5f);
        }),
        ("EmbeddingForward", run =>
        {
            Floats word = run.Input("word", 4 * C), position = run.Input("position", 3 * C), type = run.Input("type", C), y = run.Output("y", 3 * C, 4e-7);
            run.Ops.EmbeddingForward(y, word, position, type, run.Index(3, 0, 3), run.Index(0, 1, 2), C);
        }),
        ("GatherRows", run =>
        {
            Floats table = run.Input("table", 4 * C), y = run.Output("y", 3 * C, 0), dTable = run.Sum("dTable", 4 * C, 5e-6, 1e-6);
            RowIndex index = run.Index(3, 0, 3);
            run.Ops.GatherRows(y, table, index, C);
            run.Ops.GatherRowsBackward(dTable, table.Slice(0, 3 * C), index, C);
        }),
        ("SumRows", run =>
        {
            Floats dRow = run.Sum("dRow", C, 2e-5, 1e-6), dy = run.Input("dy", 35 * C);
            run.Ops.SumRows(dRow, dy, 35, C);
        }),
        ("MeanTokens", run =>
        {
            Floats x = run.Input("x", 9 * C), y = run.Output("y", 3 * C, 1e-6);
            run.Ops.MeanTokens(y, x, run.Input(0, 1, 3, 9), 3, C);
        }),
        ("Linear, edges", run => Products(run, 3, 18, 5)),
        ("Linear, two tiles", run => Products(run, 66, 4, 8)),
        ("Attention", run => AttentionOf(run, Dropout.None)),
        ("Attention with dropout", run => AttentionOf(run, Dropped)),
        ("LayerNorm", run =>
        {
            Floats x = run.Input("x", Rows * 37, scale: 2, shift: 1), gamma = run.Input("gamma", 37), beta = run.Input("beta", 37);
            Floats y = run.Output("y", Rows * 37, 4e-6), mean = run.Output("mean", Rows, 1e-6), rstd = run.Output("rstd", Rows, 0, 2e-6);
            run.Ops.LayerNormForward(y, mean, rstd, x, gamma, beta, Rows, 37, 1e-12f);
            Floats dy = run.Input("dy", Rows * 37), dx = run.Output("dx", Rows * 37, 5e-6);
            Floats dGamma = run.Sum("dGamma", 37, 3e-5, 2e-6), dBeta = run.Sum("dBeta", 37, 3e-5, 2e-6);
            run.Ops.LayerNormBackward(dx, dGamma, dBeta, dy, x, gamma, mean, rstd, Rows, 37);
        }),
        ("LayerNorm of a residual", run =>
        {
            Floats x = run.Input("x", Rows * C), residual = run.Input("residual", Rows * C), gamma = run.Input("gamma", C), beta = run.Input("beta", C);
            Floats y = run.Output("y", Rows * C, 4e-6), s = run.Output("s", Rows * C, 5e-7);
            Floats mean = run.Output("mean", Rows, 1e-6), rstd = run.Output("rstd", Rows, 0, 4e-6);
            run.Ops.ResidualLayerNormForward(y, s, mean, rstd, x, residual, gamma, beta, Rows, C, 1e-12f, Dropped);
            Floats dy = run.Input("dy", Rows * C), dx = run.Output("dx", Rows * C, 1e-5), dResidual = run.Output("dResidual", Rows * C, 1e-5);
            Floats dGamma = run.Sum("dGamma", C, 3e-5), dBeta = run.Sum("dBeta", C, 3e-5);
            run.Ops.ResidualLayerNormBackward(dx, dResidual, dGamma, dBeta, dy, s, gamma, mean, rstd, Rows, C, Dropped);
        }),
        ("Dropout", run =>
        {
            Floats x = run.Input("x", 31), y = run.Output("y", 31, 0, 1e-7);
            run.Ops.Dropout(y, x, 31, Dropped);
        }),
        .. Enum.GetValues<ActivationKind>().Select(static kind => ($"{kind}", (Action<OpRun>)(run =>
        {
            Floats x = run.Input("x", 31, scale: 3), dy = run.Input("dy", 31), y = run.Output("y", 31, 2e-6), dx = run.Output("dx", 31, 3e-6);
            run.Ops.LinearActivationForward(y, default, run.Input("one", [1]), x, default, 1, 1, 31, kind);
            run.Ops.ActivationBackward(dx, dy, x, 31, kind);
        }))),
        ("CrossEntropy", run =>
        {
            Floats x = run.Input("x", Rows * C, scale: 5), weights = run.Input("weights", [1, 0, 0.5f]);
            Floats loss = run.Output("loss", Rows, 4e-6), dx = run.Output("dx", Rows * C, 1e-6);
            run.Ops.CrossEntropy(loss, dx, x, run.Input(4, -100, 1), weights, Rows, C);
        }),
        ("BinaryCrossEntropy", run =>
        {
            Floats x = run.Input("x", Rows * C, scale: 5), targets = run.Input("targets", [.. Enumerable.Range(0, Rows * C).Select(static i => i % 2f)]);
            Floats weights = run.Input("weights", Rows * C), loss = run.Output("loss", Rows, 1e-5), dx = run.Output("dx", Rows * C, 2e-6);
            run.Ops.BinaryCrossEntropy(loss, dx, x, targets, weights, Rows, C);
        }),
        ("SquaredError", run =>
        {
            Floats x = run.Input("x", Rows * C), targets = run.Input("targets", Rows * C), weights = run.Input("weights", Rows * C);
            Floats loss = run.Output("loss", Rows, 1e-5), dx = run.Output("dx", Rows * C, 2e-6);
            run.Ops.SquaredError(loss, dx, x, targets, weights, Rows, C);
        }),
        ("Norm", run =>
        {
            Floats x = run.Input("x", 300), norm = run.Output("norm", 1, 0, 4e-7);
            run.Ops.Norm(norm, x, 300);
        }),
        ("AdamW", run =>
        {
            Floats value = run.Sum("value", 13, 4e-7), m = run.Sum("m", 13, 2e-7), grad = run.Input("grad", 13), norm = run.Input("norm", [37.5f]);
            Floats v = run.Changed("v", run.Input("v before", [.. Enumerable.Range(1, 13).Select(static i => 0.01f / i)]), 1e-9, 3e-7);
            run.Ops.AdamW(value, m, v, grad, norm, norm, 13, 5, new AdamWStep(2e-3f, 0.9f, 0.999f, 1e-8f, 0.01f, MaxGradientNorm: 1f, Step: 3));
        }),
    ];

    [Fact]
    public void EveryKernel_RunByILGPU_MatchesTheReferenceAndOurs()
    {
        using RecordingDevice recorder = new(IlgpuDevice.Cpu());
        Assert.Equal(32, recorder.WarpSize);
        KernelOps ilgpu = new(recorder);
        foreach ((string name, Action<OpRun> scenario) in Scenarios)
        {
            using ReferenceOps reference = new();
            using KernelOps simulator = new(new SimulatorDevice());
            OpRun expected = new(reference, name), theirs = new(ilgpu, name + " by ILGPU"), ours = new(simulator, name + " by our compiler");
            foreach (OpRun run in (OpRun[])[expected, theirs, ours]) scenario(run);
            theirs.AssertNear(expected);
            ours.AssertNear(expected);
        }
        Assert.Equal(
            LaunchList.OfAllKernels().Select(static launch => launch.Kernel).Where(static kernel => !kernel.DeclaringType!.Name.StartsWith("Tensor", StringComparison.Ordinal)).Select(NameOf).Order(),
            recorder.Kernels.Select(NameOf).Order());
    }

    private static string NameOf(MethodInfo kernel) => $"{kernel.DeclaringType!.Name}.{kernel.Name}";

    private static void Products(OpRun run, int n, int @in, int @out)
    {
        Floats x = run.Input("x", n * @in), w = run.Input("w", @out * @in), bias = run.Input("bias", @out), dy = run.Input("dy", n * @out);
        Floats y = run.Output("y", n * @out, 1e-5), dx = run.Sum("dx", n * @in, 1e-5), dw = run.Sum("dw", @out * @in, 3e-5), dBias = run.Sum("dBias", @out, 3e-5);
        run.Ops.LinearForward(y, x, w, bias, n, @in, @out);
        run.Ops.LinearBackwardInput(dx, dy, w, n, @in, @out, accumulate: true);
        Floats pre = run.Output("pre", n * @out, 1e-5), activated = run.Output("activated", n * @out, 1e-5), sloped = run.Output("sloped", n * @in, 1e-5);
        run.Ops.LinearActivationForward(activated, pre, x, w, bias, n, @in, @out, ActivationKind.Gelu);
        run.Ops.LinearActivationBackwardInput(sloped, dy, w, x, n, @in, @out, ActivationKind.Gelu);
        run.Ops.LinearBackwardParams(dw, dBias, dy, x, n, @in, @out);
    }

    // Three molecules, one of a single token, one longer than the 32 keys that a group holds at a time.
    private static void AttentionOf(OpRun run, Dropout dropout)
    {
        const int B = 3, N = 41, Heads = 2, Size = 3, Width = Heads * Size;
        Ints starts = run.Input(0, 1, 7, N);
        Floats qkv = run.Input("qkv", N * 3 * Width), dO = run.Input("dO", N * Width);
        Floats o = run.Output("o", N * Width, 4e-6), lse = run.Output("lse", N * Heads, 4e-6), dqkv = run.Output("dqkv", N * 3 * Width, 1e-5);
        float scale = 1 / MathF.Sqrt(Size);
        run.Ops.AttentionForward(o, lse, qkv, starts, B, Heads, Size, scale, dropout);
        run.Ops.AttentionBackward(dqkv, dO, o, lse, qkv, starts, B, Heads, Size, scale, dropout);
    }

    /// <summary>Notes which kernels another device launches.</summary>
    private sealed class RecordingDevice(Device device) : Device
    {
        public HashSet<MethodInfo> Kernels { get; } = [];

        public override string Description => device.Description;

        public override int WarpSize => device.WarpSize;

        public override DeviceBuffer<T> Allocate<T>(int length) => device.Allocate<T>(length);

        public override void Launch<TArgs>(Action<TArgs> kernel, int groups, int threads, in TArgs args, int sharedBytes = 0)
        {
            Kernels.Add(kernel.Method);
            device.Launch(kernel, groups, threads, args, sharedBytes);
        }

        public override void Synchronize() => device.Synchronize();

        public override void Dispose() => device.Dispose();
    }
}
