using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

public sealed class OptimizerTests
{
    private static readonly AdamWStep Step = new(2e-3f, 0.9f, 0.999f, 1e-8f, 0.01f, MaxGradientNorm: 1f, Step: 3);

    private static readonly AdamWStep[] Steps =
        [Step, Step with { MaxGradientNorm = float.PositiveInfinity, Step = 1 }, Step with { MaxGradientNorm = 1e6f, Step = 1000 }];

    [Theory, ClassData(typeof(Devices))]
    public void Norm_MatchesReference(string device)
    {
        foreach (int count in new[] { 0, 1, 7, 256, 4097, 1_500_007 })
            OpCheck.Holds(device, $"{count}", run =>
            {
                Floats x = run.Input("x", count, scale: 0.01), norm = run.Output("norm", 1, 0, 2e-7);
                run.Act(() => run.Ops.Norm(norm, x, count));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void AdamW_MatchesReference(string device)
    {
        foreach ((int count, int decayCount) in new[] { (1, 0), (1, 1), (13, 5), (5003, 4099), (5003, 0), (5003, 5003) })
            foreach (AdamWStep step in Steps)
                OpCheck.Holds(device, $"{decayCount} of {count}, {step}", run =>
                {
                    Floats value = run.Sum("value", count, 2e-7, 2e-7), m = run.Sum("m", count, 1e-7, 2e-7), grad = run.Input("grad", count);
                    Floats v = run.Changed("v", run.Input("v before", [.. Enumerable.Range(1, count).Select(i => 0.01f / i)]), 1e-9, 3e-7);
                    Floats norm = run.Input("norm", [37.5f]);
                    run.Act(() => run.Ops.AdamW(value, m, v, grad, norm, norm, count, decayCount, step));
                });
    }

    [Theory, ClassData(typeof(Devices))]
    public void AdamW_OfNoGradient_OnlyDecays(string device) =>
        OpCheck.Holds(device, "no gradient", run =>
        {
            Floats zero = run.Input("zero", new float[20]), m = run.Changed("m", zero, 0), v = run.Changed("v", zero, 0);
            Floats value = run.Sum("value", 20, 0, 1e-7);
            Floats grad = run.Input("grad", new float[20]), norm = run.Input("norm", [0f]);
            run.Act(() => run.Ops.AdamW(value, m, v, grad, norm, norm, 20, 11, Step));
        });

    [Theory, ClassData(typeof(Devices))]
    public void AdamW_OfANormThatIsNoNumber_ChangesNothing(string device)
    {
        foreach ((float now, float before) in new[] { (float.NaN, 1f), (float.PositiveInfinity, 1f), (1f, float.NaN), (1f, float.PositiveInfinity) })
            OpCheck.Holds(device, $"{now} after {before}", run =>
            {
                Floats value = run.Sum("value", 20, 0), m = run.Sum("m", 20, 0), v = run.Sum("v", 20, 0), grad = run.Input("grad", 20);
                Floats norm = run.Input("norm", [now]), normBefore = run.Input("norm before", [before]);
                run.Act(() => run.Ops.AdamW(value, m, v, grad, norm, normBefore, 20, 11, Step));
            });
    }
}
