using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

public sealed class LossTests
{
    private static readonly (int Rows, int K)[] Sizes = [(1, 1), (16, 1), (1, 2), (17, 2), (5, 7), (33, 8), (19, 591), (3, 52_000)];

    [Theory, ClassData(typeof(Devices))]
    public void CrossEntropy_MatchesReference(string device)
    {
        foreach ((int rows, int k) in Sizes)
            OpCheck.Holds(device, $"{rows} rows, K={k}", run =>
            {
                // Every fourth row has no label, and says so with a weight of 0 and a label that must not be read.
                Floats x = run.Input("x", rows * k, scale: 5), weights = run.Input("weights", Every(rows, r => r % 4 == 3 ? 0 : 1f / (1 + r)));
                Ints labels = run.Input([.. Enumerable.Range(0, rows).Select(r => r % 4 == 3 ? -100 : r * 7919 % k)]);
                Floats loss = run.Output("loss", rows, 2e-6, 1e-6), dx = run.Output("dx", rows * k, 2e-7, 2e-6);
                run.Act(() => run.Ops.CrossEntropy(loss, dx, x, labels, weights, rows, k));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void CrossEntropy_OfFarApartScores_IsFinite(string device) =>
        OpCheck.Holds(device, "far apart", run =>
        {
            Floats x = run.Input("x", [1000, -1000, 0, -5000, -5000, -5001]), weights = run.Input("weights", [1, 1]);
            Ints labels = run.Input(1, 2);
            Floats loss = run.Output("loss", 2, 1e-6, 1e-6), dx = run.Output("dx", 6, 1e-7, 2e-6);
            run.Act(() => run.Ops.CrossEntropy(loss, dx, x, labels, weights, 2, 3));
        });

    [Theory, ClassData(typeof(Devices))]
    public void CrossEntropy_OfALabelThatIsNoClass_IsNoNumber(string device)
    {
        using IOps ops = Devices.Create(device);
        Floats x = ops.AllocateFloats(12), ones = ops.AllocateFloats(4), loss = ops.AllocateFloats(4);
        Ints labels = ops.AllocateInts(4);
        ops.Fill(x, 0f);
        ops.Write(labels, [2, 3, -1, int.MaxValue]);
        ops.Fill(ones, 1f);
        ops.CrossEntropy(loss, ops.AllocateFloats(12), x, labels, ones, 4, 3);
        float[] read = new float[4];
        ops.Read(read, loss);
        Assert.Equal(MathF.Log(3), read[0], 1e-6f);
        Assert.All(read[1..], static wrong => Assert.Equal(float.NaN, wrong));
    }

    [Theory, ClassData(typeof(Devices))]
    public void BinaryCrossEntropy_MatchesReference(string device)
    {
        foreach ((int rows, int k) in Sizes)
            OpCheck.Holds(device, $"{rows} rows, K={k}", run =>
            {
                (Floats x, Floats targets, Floats weights) = Elements(run, rows, k, scale: 5);
                Floats loss = run.Output("loss", rows, 1e-6, 2e-6), dx = run.Output("dx", rows * k, 6e-7, 1e-6);
                run.Act(() => run.Ops.BinaryCrossEntropy(loss, dx, x, targets, weights, rows, k));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void BinaryCrossEntropy_OfLargeScores_IsFinite(string device) =>
        OpCheck.Holds(device, "large", run =>
        {
            Floats x = run.Input("x", [1000, -1000, 1000, -1000, 90, -90, 0]), targets = run.Input("targets", [1, 1, 0, 0, 0.5f, 0.5f, 1]);
            Floats weights = run.Input("weights", [1, 1, 1, 1, 1, 1, 1]), loss = run.Output("loss", 7, 1e-6, 1e-6), dx = run.Output("dx", 7, 1e-7);
            run.Act(() => run.Ops.BinaryCrossEntropy(loss, dx, x, targets, weights, 7, 1));
        });

    [Theory, ClassData(typeof(Devices))]
    public void SquaredError_MatchesReference(string device)
    {
        foreach ((int rows, int k) in Sizes)
            OpCheck.Holds(device, $"{rows} rows, K={k}", run =>
            {
                (Floats x, Floats targets, Floats weights) = Elements(run, rows, k, scale: 1);
                Floats loss = run.Output("loss", rows, 1e-7, 2e-6), dx = run.Output("dx", rows * k, 1e-7, 1e-6);
                run.Act(() => run.Ops.SquaredError(loss, dx, x, targets, weights, rows, k));
            });
    }

    [Fact]
    public void Reference_GradientsMatchFiniteDifferences()
    {
        const int Rows = 4, K = 3;
        OpRun run = new(new ReferenceOps(), "");
        (Floats x, Floats targets, Floats weights) = Elements(run, Rows, K, scale: 1);
        Floats rowWeights = run.Input("row weights", [0.5f, 1, 0, 2]), loss = run.Output("loss", Rows, 0), ones = run.Input("ones", [1, 1, 1, 1]);
        Ints labels = run.Input(0, 2, -100, 1);
        foreach ((string name, Action<Floats> compute) in new (string, Action<Floats>)[]
        {
            ("cross-entropy", dx => run.Ops.CrossEntropy(loss, dx, x, labels, rowWeights, Rows, K)),
            ("binary cross-entropy", dx => run.Ops.BinaryCrossEntropy(loss, dx, x, targets, weights, Rows, K)),
            ("squared error", dx => run.Ops.SquaredError(loss, dx, x, targets, weights, Rows, K)),
        })
        {
            Floats dx = run.Output("dx", Rows * K, 0), again = run.Output("dx again", Rows * K, 0);
            compute(dx);
            OpCheck.IsGradient(name, dx, x, () =>
            {
                compute(again);
                return OpCheck.Dot(ones, loss);
            });
        }
    }

    // Every fifth element has no label: its weight is 0 and its target a NaN that must not be seen.
    private static (Floats X, Floats Targets, Floats Weights) Elements(OpRun run, int rows, int k, double scale) =>
        (run.Input("x", rows * k, scale),
            run.Input("targets", Every(rows * k, i => i % 5 == 4 ? float.NaN : i % 3 / 2f)),
            run.Input("weights", Every(rows * k, i => i % 5 == 4 ? 0 : (1 + (i % 7)) / (float)k)));

    private static float[] Every(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
}
