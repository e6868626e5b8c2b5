using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

/// <summary>The linear layer's products on every device: whole tiles and edges, operands that can be read with 128 bits and that cannot.</summary>
public sealed class LinearKernelTests
{
    private const int OnSixteenBytes = 8;

    // N, In, Out: single numbers, primes, edges beside a tile of 64 and a step of 16, several tiles each way; depths of 512 and more in each of
    // the products, which tensor cores do in parts.
    private static readonly (int N, int In, int Out)[] Sizes =
        [(1, 1, 1), (1, 33, 5), (7, 5, 33), (97, 33, 47), (13, 257, 49), (64, 64, 64), (70, 384, 68), (131, 36, 132), (5, 527, 12), (530, 20, 6), (9, 7, 531)];

    private static readonly ActivationKind[] Kinds = Enum.GetValues<ActivationKind>();

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string device in new Devices().Select(static row => row.Data).Concat(Devices.OnTensorCores))
            {
                data.Add(device, OpRun.OffEveryAlignment);
                data.Add(device, OnSixteenBytes);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Forward_MatchesReference(string device, int guard)
    {
        foreach ((int n, int @in, int @out) in Sizes)
            foreach (bool biased in (bool[])[true, false])
                Holds(device, guard, n, @in, @out, run =>
                {
                    Floats x = run.Input("x", n * @in), w = run.Input("w", @out * @in), y = run.Output("y", n * @out, Tolerance(@in));
                    Floats bias = biased ? run.Input("bias", @out) : default;
                    run.Act(() => run.Ops.LinearForward(y, x, w, bias, n, @in, @out));
                });
    }

    [Theory, MemberData(nameof(Cases))]
    public void BackwardInput_MatchesReference(string device, int guard)
    {
        foreach ((int n, int @in, int @out) in Sizes)
            foreach (bool accumulate in (bool[])[true, false])
                Holds(device, guard, n, @in, @out, run =>
                {
                    Floats dy = run.Input("dy", n * @out), w = run.Input("w", @out * @in);
                    Floats dx = accumulate ? run.Sum("dx", n * @in, Tolerance(@out)) : run.Output("dx", n * @in, Tolerance(@out));
                    run.Act(() => run.Ops.LinearBackwardInput(dx, dy, w, n, @in, @out, accumulate));
                });
    }

    // The activation's own error is 2e-7; its slope is at most 1.13.
    [Theory, MemberData(nameof(Cases))]
    public void ActivationForward_MatchesReference(string device, int guard)
    {
        foreach ((int i, (int n, int @in, int @out)) in Sizes.Index())
            foreach (bool keeps in (bool[])[true, false])
                Holds(device, guard, n, @in, @out, run =>
                {
                    Floats x = run.Input("x", n * @in), w = run.Input("w", @out * @in), bias = run.Input("bias", @out);
                    Floats y = run.Output("y", n * @out, (2 * Tolerance(@in)) + 2e-7, 4e-7);
                    Floats pre = keeps ? run.Output("pre", n * @out, Tolerance(@in)) : default;
                    run.Act(() => run.Ops.LinearActivationForward(y, pre, x, w, bias, n, @in, @out, Kind(i)));
                });
    }

    // The slope's own error is 4e-7, and sums are within five deviations.
    [Theory, MemberData(nameof(Cases))]
    public void ActivationBackwardInput_MatchesReference(string device, int guard)
    {
        foreach ((int i, (int n, int @in, int @out)) in Sizes.Index())
            Holds(device, guard, n, @in, @out, run =>
            {
                Floats dy = run.Input("dy", n * @out), w = run.Input("w", @out * @in), pre = run.Input("pre", n * @in);
                Floats dx = run.Output("dx", n * @in, (2 * Tolerance(@out)) + (4e-7 * 5 * Math.Sqrt(@out)));
                run.Act(() => run.Ops.LinearActivationBackwardInput(dx, dy, w, pre, n, @in, @out, Kind(i)));
            });
    }

    [Theory, MemberData(nameof(Cases))]
    public void BackwardParams_AddToWhatWasThere(string device, int guard)
    {
        foreach ((int n, int @in, int @out) in Sizes)
            foreach (bool biased in (bool[])[true, false])
                Holds(device, guard, n, @in, @out, run =>
                {
                    Floats x = run.Input("x", n * @in), dy = run.Input("dy", n * @out), dw = run.Sum("dw", @out * @in, Tolerance(n));
                    Floats dBias = biased ? run.Sum("dBias", @out, Tolerance(n)) : default;
                    run.Act(() => run.Ops.LinearBackwardParams(dw, dBias, dy, x, n, @in, @out));
                });
    }

    [Fact]
    public void Reference_ActivationBackwardInputMatchesFiniteDifferences()
    {
        const int N = 2, In = 3, Out = 4;
        foreach (ActivationKind kind in Kinds)
        {
            OpRun run = new(new ReferenceOps(), "");
            Floats pre = run.Input("pre", N * In), w = run.Input("w", Out * In), dy = run.Input("dy", N * Out), one = run.Input("one", [1]);
            Floats x = run.Output("x", N * In, 0), y = run.Output("y", N * Out, 0), dPre = run.Output("dPre", N * In, 0);
            run.Ops.LinearActivationBackwardInput(dPre, dy, w, pre, N, In, Out, kind);
            OpCheck.IsGradient($"{kind}", dPre, pre, () =>
            {
                run.Ops.LinearActivationForward(x, default, one, pre, default, 1, 1, N * In, kind);
                run.Ops.LinearForward(y, x, w, default, N, In, Out);
                return OpCheck.Dot(dy, y);
            });
        }
    }

    // As many tiles as make tensor cores take 128x128 at a time: 11 by 12, with edges. Each product in turn has the sizes of the result, which
    // has so many elements that the bound must be wider.
    [Theory]
    [InlineData("simulator tf32", 1400, 1412)]
    [InlineData("simulator bf16", 1400, 1412)]
    [InlineData("simulator bf16", 1401, 1411)]
    [InlineData("cuda tf32", 1400, 1412)]
    [InlineData("cuda bf16", 1401, 1411)]
    public void LargeTiles_MatchReference(string device, int rows, int columns)
    {
        const int Depth = 20;
        Holds(device, OnSixteenBytes, rows, Depth, columns, run =>
        {
            Floats x = run.Input("x", rows * Depth), w = run.Input("w", columns * Depth), bias = run.Input("bias", columns);
            Floats y = run.Output("y", rows * columns, 2 * Tolerance(Depth));
            run.Act(() => run.Ops.LinearForward(y, x, w, bias, rows, Depth, columns));
        });
        Holds(device, OnSixteenBytes, rows, columns, Depth, run =>
        {
            Floats dy = run.Input("dy", rows * Depth), w = run.Input("w", Depth * columns), dx = run.Sum("dx", rows * columns, 2 * Tolerance(Depth));
            run.Act(() => run.Ops.LinearBackwardInput(dx, dy, w, rows, columns, Depth, accumulate: true));
        });
        Holds(device, OnSixteenBytes, Depth, columns, rows, run =>
        {
            Floats dy = run.Input("dy", Depth * rows), x = run.Input("x", Depth * columns), dw = run.Sum("dw", rows * columns, 2 * Tolerance(Depth));
            Floats dBias = run.Sum("dBias", rows, Tolerance(Depth));
            run.Act(() => run.Ops.LinearBackwardParams(dw, dBias, dy, x, Depth, columns, rows));
        });
    }

    // Without the reference's rounding: a format with p significant bits rounds with a relative error of 2^-p at most, u. Of two operands, with
    // random signs over a depth of K numbers of size 1, that makes a deviation of at most u sqrt(2K/3); six are allowed.
    [Theory]
    [InlineData("simulator tf32", 11)]
    [InlineData("simulator bf16", 8)]
    [InlineData("cuda tf32", 11)]
    [InlineData("cuda bf16", 8)]
    public void Products_AreWithinTheFormatsRounding(string device, int bits)
    {
        const int N = 70, In = 384, Out = 68;
        using ReferenceOps exact = new();
        using IOps ops = Devices.Create(device);
        OpRun expected = new(exact, device), actual = new(ops, device);
        foreach (OpRun run in (OpRun[])[expected, actual])
        {
            Floats x = run.Input("x", N * In), w = run.Input("w", Out * In), dy = run.Input("dy", N * Out);
            run.Ops.LinearForward(run.Output("y", N * Out, Bound(In)), x, w, default, N, In, Out);
            run.Ops.LinearBackwardInput(run.Output("dx", N * In, Bound(Out)), dy, w, N, In, Out, accumulate: false);
            run.Ops.LinearBackwardParams(run.Sum("dw", Out * In, Bound(N)), default, dy, x, N, In, Out);
        }
        actual.AssertNear(expected);

        double Bound(int depth) => 6 * Math.Pow(2, -bits) * Math.Sqrt(2 * depth / 3.0);
    }

    private static ActivationKind Kind(int i) => Kinds[i % Kinds.Length];

    private static void Holds(string device, int guard, int n, int @in, int @out, Action<OpRun> scenario) =>
        OpCheck.Holds(device, $"N={n}, In={@in}, Out={@out}, guard {guard}", scenario, guard);

    // Partial sums of normal numbers are of the size of the depth's root, and as many roundings add up like its root.
    private static double Tolerance(int depth) => 4 * 6e-8 * (depth + 1);
}
