using System.Runtime.Intrinsics;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Tests.Ops;

public sealed class VectorMathTests
{
    [Fact]
    public void Exp_MatchesDouble() => Holds("exp", Range(-87, 88), VectorMath.Exp, Math.Exp, atol: 0, rtol: 1.2e-7);

    [Fact]
    public void Exp_OfMuchBelowZero_IsZero() =>
        Assert.All(new[] { -88.1f, -1e4f, float.MinValue, float.NegativeInfinity }, x => Assert.Equal(0f, VectorMath.Exp(Vector256.Create(x))[0]));

    [Fact]
    public void Tanh_MatchesDouble() =>
        Holds("tanh", [.. Range(-20, 20), .. Range(-0.7f, 0.7f), 1e-20f], VectorMath.Tanh, Math.Tanh, atol: 0, rtol: 2e-7);

    [Fact]
    public void Log1p_MatchesDouble() =>
        Holds("log1p", [.. Range(0, 1), 1e-20f], VectorMath.Log1p, x => x < 1e-8 ? x : Math.Log(1 + x), atol: 0, rtol: 2e-7);

    [Fact]
    public void NormalCdf_MatchesReference() =>
        Holds("Phi", Range(-14, 14), x => VectorMath.NormalCdf(x, out _), ReferenceOps.NormalCdf, atol: 2e-7, rtol: 0);

    [Fact]
    public unsafe void Sums_OfAnyLength_ReadNoFurther()
    {
        for (int count = 0; count <= 70; count++)
        {
            float[] x = [.. Enumerable.Range(1, count).Select(i => (float)i), float.NaN];
            fixed (float* p = x)
            {
                Assert.Equal(count * (count + 1) / 2f, VectorMath.Sum(p, count));
                Assert.Equal(count * (count + 1) * ((2 * count) + 1) / 6f, VectorMath.Dot(p, p, count));
            }
        }
    }

    private static float[] Range(float from, float to) =>
        [.. Enumerable.Range(0, 100_001).Select(i => (float)(from + ((to - (double)from) * i / 100_000)))];

    private static void Holds(
        string name, float[] x, Func<Vector256<float>, Vector256<float>> f, Func<double, double> exact, double atol, double rtol) =>
        Compare.Close<double, float>(
            name, [.. x.Select(value => exact(value))], [.. x.Select(value => f(Vector256.Create(value))[0])], atol, rtol);
}
