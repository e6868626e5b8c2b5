using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

public sealed class LayerNormTests
{
    private const float Epsilon = 1e-12f;

    private static readonly (int N, int C)[] Sizes = [(1, 33), (1, 384), (17, 5), (31, 33), (211, 384), (67, 768), (1501, 7)];

    [Theory, ClassData(typeof(Devices))]
    public void Forward_MatchesReference(string device)
    {
        foreach ((int n, int c) in Sizes)
            OpCheck.Holds(device, $"N={n}, C={c}", run =>
            {
                Floats x = run.Input("x", n * c, scale: 2, shift: 1), gamma = run.Input("gamma", c), beta = run.Input("beta", c);
                Floats y = run.Output("y", n * c, 4e-6, 2e-6), mean = run.Output("mean", n, 1e-6, 1e-6), rstd = run.Output("rstd", n, 0, 2e-6);
                run.Act(() => run.Ops.LayerNormForward(y, mean, rstd, x, gamma, beta, n, c, Epsilon));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void Forward_TakesTheVarianceInTwoPasses(string device) =>
        OpCheck.Holds(device, "mean 1000", run =>
        {
            // The squares' mean minus the mean's square would have no digit left.
            Floats x = run.Input("x", 3 * 64, scale: 0.1, shift: 1000), gamma = run.Input("gamma", 64), beta = run.Input("beta", 64);
            Floats y = run.Output("y", 3 * 64, 5e-3), mean = run.Output("mean", 3, 0, 2e-7), rstd = run.Output("rstd", 3, 0, 1e-4);
            run.Act(() => run.Ops.LayerNormForward(y, mean, rstd, x, gamma, beta, 3, 64, Epsilon));
        });

    [Theory, ClassData(typeof(Devices))]
    public void Forward_OntoItsInput_MatchesReference(string device) =>
        OpCheck.Holds(device, "in place", run =>
        {
            Floats x = run.Changed("x", run.Input("before", 19 * 33), 4e-6, 2e-6), gamma = run.Input("gamma", 33), beta = run.Input("beta", 33);
            Floats mean = run.Output("mean", 19, 1e-6), rstd = run.Output("rstd", 19, 0, 2e-6);
            run.Act(() => run.Ops.LayerNormForward(x, mean, rstd, x, gamma, beta, 19, 33, Epsilon));
        });

    [Theory, ClassData(typeof(Devices))]
    public void ResidualForward_MatchesReference(string device)
    {
        foreach (Dropout dropout in new[] { Dropout.None, new(0.1f, 0x123456789ABCDEF0, 7, 2, 5) })
            foreach ((int n, int c) in Sizes)
                OpCheck.Holds(device, $"N={n}, C={c}, {dropout}", run =>
                {
                    Floats x = run.Input("x", n * c), residual = run.Input("residual", n * c);
                    Floats gamma = run.Input("gamma", c), beta = run.Input("beta", c);
                    Floats y = run.Output("y", n * c, 4e-6, 2e-6), s = run.Output("s", n * c, 3e-7, 2e-7);
                    Floats mean = run.Output("mean", n, 1e-6, 1e-6), rstd = run.Output("rstd", n, 0, 2e-6);
                    run.Act(() => run.Ops.ResidualLayerNormForward(y, s, mean, rstd, x, residual, gamma, beta, n, c, Epsilon, dropout));
                });
    }

    [Theory, ClassData(typeof(Devices))]
    public void ResidualForward_OntoItsInput_MatchesReference(string device) =>
        OpCheck.Holds(device, "in place", run =>
        {
            Floats x = run.Changed("x", run.Input("before", 19 * 33), 3e-7, 2e-7), residual = run.Input("residual", 19 * 33);
            Floats gamma = run.Input("gamma", 33), beta = run.Input("beta", 33), y = run.Output("y", 19 * 33, 4e-6, 2e-6);
            Floats mean = run.Output("mean", 19, 1e-6), rstd = run.Output("rstd", 19, 0, 2e-6);
            Dropout dropout = new(0.3f, 9, 1, 0, 1);
            run.Act(() => run.Ops.ResidualLayerNormForward(y, x, mean, rstd, x, residual, gamma, beta, 19, 33, Epsilon, dropout));
        });

    [Theory, ClassData(typeof(Devices))]
    public void Backward_MatchesReference(string device)
    {
        foreach ((int n, int c) in Sizes)
            OpCheck.Holds(device, $"N={n}, C={c}", run =>
            {
                Floats x = run.Input("x", n * c, scale: 2, shift: 1), gamma = run.Input("gamma", c), dy = run.Input("dy", n * c);
                Floats mean = run.Input("mean", n, scale: 0.1, shift: 1), rstd = run.Input("rstd", n, scale: 0.02, shift: 0.5);
                Floats dx = run.Output("dx", n * c, 3e-6, 2e-6), dGamma = run.Sum("dGamma", c, 3e-5, 2e-6), dBeta = run.Sum("dBeta", c, 3e-5, 2e-6);
                run.Act(() => run.Ops.LayerNormBackward(dx, dGamma, dBeta, dy, x, gamma, mean, rstd, n, c));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void Backward_OntoItsInput_MatchesReference(string device) =>
        OpCheck.Holds(device, "in place", run =>
        {
            Floats dy = run.Changed("dy", run.Input("before", 19 * 33), 3e-6, 2e-6), x = run.Input("x", 19 * 33), gamma = run.Input("gamma", 33);
            Floats mean = run.Input("mean", 19, scale: 0.1), rstd = run.Input("rstd", 19, scale: 0.02, shift: 1);
            Floats dGamma = run.Sum("dGamma", 33, 1e-5, 2e-6), dBeta = run.Sum("dBeta", 33, 1e-5, 2e-6);
            run.Act(() => run.Ops.LayerNormBackward(dy, dGamma, dBeta, dy, x, gamma, mean, rstd, 19, 33));
        });

    [Theory, ClassData(typeof(Devices))]
    public void ResidualBackward_MatchesReference(string device)
    {
        foreach (Dropout dropout in new[] { Dropout.None, new(0.1f, 0x123456789ABCDEF0, 7, 2, 5) })
            foreach ((int n, int c) in Sizes)
                OpCheck.Holds(device, $"N={n}, C={c}, {dropout}", run =>
                {
                    Floats s = run.Input("s", n * c, scale: 2, shift: 1), gamma = run.Input("gamma", c), dy = run.Input("dy", n * c);
                    Floats mean = run.Input("mean", n, scale: 0.1, shift: 1), rstd = run.Input("rstd", n, scale: 0.02, shift: 0.5);
                    Floats dx = run.Output("dx", n * c, 4e-6, 2e-6), dResidual = run.Output("dResidual", n * c, 3e-6, 2e-6);
                    Floats dGamma = run.Sum("dGamma", c, 3e-5, 2e-6), dBeta = run.Sum("dBeta", c, 3e-5, 2e-6);
                    run.Act(() => run.Ops.ResidualLayerNormBackward(dx, dResidual, dGamma, dBeta, dy, s, gamma, mean, rstd, n, c, dropout));
                });
    }

    [Theory, ClassData(typeof(Devices))]
    public void ResidualBackward_OntoItsInput_MatchesReference(string device) =>
        OpCheck.Holds(device, "in place", run =>
        {
            Floats dy = run.Changed("dy", run.Input("before", 19 * 33), 3e-6, 2e-6), s = run.Input("s", 19 * 33), gamma = run.Input("gamma", 33);
            Floats mean = run.Input("mean", 19, scale: 0.1), rstd = run.Input("rstd", 19, scale: 0.02, shift: 1), dx = run.Output("dx", 19 * 33, 5e-6, 2e-6);
            Floats dGamma = run.Sum("dGamma", 33, 1e-5, 2e-6), dBeta = run.Sum("dBeta", 33, 1e-5, 2e-6);
            Dropout dropout = new(0.3f, 9, 1, 0, 1);
            run.Act(() => run.Ops.ResidualLayerNormBackward(dx, dy, dGamma, dBeta, dy, s, gamma, mean, rstd, 19, 33, dropout));
        });

    [Fact]
    public void Reference_ResidualGradientsMatchFiniteDifferences()
    {
        const int N = 3, C = 5;
        Dropout dropout = new(0.4f, 9, 1, 0, 1);
        OpRun run = new(new ReferenceOps(), "");
        Floats x = run.Input("x", N * C), residual = run.Input("residual", N * C), gamma = run.Input("gamma", C), beta = run.Input("beta", C);
        Floats y = run.Output("y", N * C, 0), s = run.Output("s", N * C, 0), mean = run.Output("mean", N, 0), rstd = run.Output("rstd", N, 0);
        Floats dx = run.Output("dx", N * C, 0), dResidual = run.Output("dResidual", N * C, 0), dy = run.Input("dy", N * C);
        Floats dGamma = run.Input("dGamma", new float[C]), dBeta = run.Input("dBeta", new float[C]);
        double Loss()
        {
            run.Ops.ResidualLayerNormForward(y, s, mean, rstd, x, residual, gamma, beta, N, C, Epsilon, dropout);
            return OpCheck.Dot(dy, y);
        }
        Loss();
        run.Ops.ResidualLayerNormBackward(dx, dResidual, dGamma, dBeta, dy, s, gamma, mean, rstd, N, C, dropout);
        OpCheck.IsGradient("dx", dx, x, Loss);
        OpCheck.IsGradient("dResidual", dResidual, residual, Loss);
        OpCheck.IsGradient("dGamma", dGamma, gamma, Loss);
        OpCheck.IsGradient("dBeta", dBeta, beta, Loss);
    }

    [Fact]
    public void Reference_GradientsMatchFiniteDifferences()
    {
        const int N = 3, C = 5;
        OpRun run = new(new ReferenceOps(), "");
        Floats x = run.Input("x", N * C), gamma = run.Input("gamma", C), beta = run.Input("beta", C), dy = run.Input("dy", N * C);
        Floats y = run.Output("y", N * C, 0), mean = run.Output("mean", N, 0), rstd = run.Output("rstd", N, 0);
        Floats dx = run.Output("dx", N * C, 0), dGamma = run.Input("dGamma", new float[C]), dBeta = run.Input("dBeta", new float[C]);
        double Loss()
        {
            run.Ops.LayerNormForward(y, mean, rstd, x, gamma, beta, N, C, Epsilon);
            return OpCheck.Dot(dy, y);
        }
        Loss();
        run.Ops.LayerNormBackward(dx, dGamma, dBeta, dy, x, gamma, mean, rstd, N, C);
        OpCheck.IsGradient("dx", dx, x, Loss);
        OpCheck.IsGradient("dGamma", dGamma, gamma, Loss);
        OpCheck.IsGradient("dBeta", dBeta, beta, Loss);
    }
}
