using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

/// <summary>The linear layer's products on every device: whole tiles and edges, operands that can be read with 128 bits and that cannot.</summary>
public sealed class LinearKernelTests
{
    private const int OnSixteenBytes = 8;

    // N, In, Out: single numbers, primes, edges beside a tile of 64 and a step of 16, several tiles each way.
    private static readonly (int N, int In, int Out)[] Sizes =
        [(1, 1, 1), (1, 33, 5), (7, 5, 33), (97, 33, 47), (13, 257, 49), (64, 64, 64), (70, 384, 68), (131, 36, 132)];

    private static readonly ActivationKind[] Kinds = Enum.GetValues<ActivationKind>();

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string device in new Devices().Select(static row => row.Data))
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

    private static ActivationKind Kind(int i) => Kinds[i % Kinds.Length];

    private static void Holds(string device, int guard, int n, int @in, int @out, Action<OpRun> scenario) =>
        OpCheck.Holds(device, $"N={n}, In={@in}, Out={@out}, guard {guard}", scenario, guard);

    // Partial sums of normal numbers are of the size of the depth's root, and as many roundings add up like its root.
    private static double Tolerance(int depth) => 4 * 6e-8 * (depth + 1);
}
