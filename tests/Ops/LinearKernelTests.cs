using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

/// <summary>The linear layer's products on every device: whole tiles and edges, operands that can be read with 128 bits and that cannot.</summary>
public sealed class LinearKernelTests
{
    private const int OnSixteenBytes = 8;

    // N, In, Out: single numbers, primes, edges beside a tile of 64 and a step of 16, several tiles each way.
    private static readonly (int N, int In, int Out)[] Sizes =
        [(1, 1, 1), (1, 33, 5), (7, 5, 33), (97, 33, 47), (13, 257, 49), (64, 64, 64), (70, 384, 68), (131, 36, 132)];

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

    private static void Holds(string device, int guard, int n, int @in, int @out, Action<OpRun> scenario) =>
        OpCheck.Holds(device, $"N={n}, In={@in}, Out={@out}, guard {guard}", scenario, guard);

    // Partial sums of normal numbers are of the size of the depth's root, and as many roundings add up like its root.
    private static double Tolerance(int depth) => 4 * 6e-8 * (depth + 1);
}
