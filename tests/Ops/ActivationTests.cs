using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

public sealed class ActivationTests
{
    private static readonly ActivationKind[] Kinds = Enum.GetValues<ActivationKind>();

    // Every scale from where functions are linear to where they are flat.
    private static readonly float[] Grid =
    [
        .. Enumerable.Range(-6000, 12001).Select(i => i * 0.0025f),
        0f, -0f, 1e-30f, -1e-30f, 1e-5f, -1e-5f, 0.625f, 40f, -40f, 1000f, -1000f, 1e15f, -1e15f,
    ];

    [Theory, ClassData(typeof(Devices))]
    public void Forward_MatchesReference(string device)
    {
        foreach (ActivationKind kind in Kinds)
            foreach (int count in new[] { 1, 13, Grid.Length })
                OpCheck.Holds(device, $"{kind}, {count}", run =>
                {
                    // A linear layer that passes its weights on as they are: 1 * w.
                    Floats one = run.Input("one", [1]), w = run.Input("w", Grid[^count..]), y = run.Output("y", count, 2e-7, 2e-7);
                    run.Act(() => run.Ops.LinearActivationForward(y, default, one, w, default, 1, 1, count, kind));
                });
    }

    [Theory, ClassData(typeof(Devices))]
    public void Backward_MatchesReference(string device)
    {
        foreach (ActivationKind kind in Kinds)
            foreach (int count in new[] { 1, 13, Grid.Length - 2 })
                OpCheck.Holds(device, $"{kind}, {count}", run =>
                {
                    // Without the last two: there x^3 of the tanh form is past float.
                    Floats x = run.Input("x", Grid[^(count + 2)..^2]), dy = run.Input("dy", count), dx = run.Output("dx", count, 3e-7, 4e-7);
                    run.Act(() => run.Ops.ActivationBackward(dx, dy, x, count, kind));
                });
    }

    [Theory, ClassData(typeof(Devices))]
    public void NaN_StaysNaN(string device)
    {
        using IOps ops = Devices.Create(device);
        foreach (ActivationKind kind in Kinds)
        {
            Floats one = ops.AllocateFloats(1), w = ops.AllocateFloats(9), y = ops.AllocateFloats(9);
            float[] values = new float[9];
            ops.Fill(one, 1);
            ops.Fill(w, float.NaN);
            ops.LinearActivationForward(y, default, one, w, default, 1, 1, 9, kind);
            ops.Read(values, y);
            Assert.All(values, value => Assert.True(float.IsNaN(value), $"{kind}"));
        }
    }

    // Phi at 1, 1.96 and -5, as tabulated.
    [Theory]
    [InlineData(1, 0.841344746068542949)]
    [InlineData(1.96, 0.975002104851779565)]
    [InlineData(-5, 2.86651571879193911e-7)]
    public void Reference_NormalCdfMatchesTables(double x, double expected) => Compare.Close("Phi", expected, ReferenceOps.NormalCdf(x), 0, 1e-14);

    [Fact]
    public void Reference_SlopesMatchFiniteDifferences()
    {
        foreach (ActivationKind kind in Kinds)
        {
            OpRun run = new(new ReferenceOps(), "");
            Floats x = run.Input("x", [-5f, -2.3f, -0.7f, -0.01f, 0.02f, 0.4f, 1.1f, 3.9f, 4.2f]), dy = run.Input("dy", 9);
            Floats one = run.Input("one", [1]), y = run.Output("y", 9, 0), dx = run.Output("dx", 9, 0);
            run.Ops.ActivationBackward(dx, dy, x, 9, kind);
            OpCheck.IsGradient($"{kind}", dx, x, () =>
            {
                run.Ops.LinearActivationForward(y, default, one, x, default, 1, 1, 9, kind);
                return OpCheck.Dot(dy, y);
            });
        }
    }
}
