using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

/// <summary>An element-wise function and its derivative, of eight floats at a time.</summary>
internal interface IActivation
{
    static abstract Vector256<float> Value(Vector256<float> x);
    static abstract Vector256<float> Slope(Vector256<float> x);
}

/// <inheritdoc cref="ActivationKind.Gelu"/>
internal readonly struct Gelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> x) => x * VectorMath.NormalCdf(x, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> x)
    {
        Vector256<float> cdf = VectorMath.NormalCdf(x, out Vector256<float> bell);
        return VectorMath.MultiplyAdd(x * bell, Vector256.Create(0.398942280f), cdf);       // 1 / sqrt(2 pi)
    }
}

/// <inheritdoc cref="ActivationKind.GeluTanh"/>
internal readonly struct GeluTanh : IActivation
{
    private const float Root = 0.797884561f, Cubic = 0.044715f;                             // sqrt(2 / pi)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> x) => x * Share(x, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> x)
    {
        // x/2 (1 + tanh u) has the derivative s + x s' with s = (1 + tanh u) / 2 and s' = 2 s (1 - s) u'.
        Vector256<float> share = Share(x, out Vector256<float> rest);
        Vector256<float> inner = VectorMath.MultiplyAdd(x * x, Vector256.Create(3f * Cubic * Root), Vector256.Create(Root));
        return VectorMath.MultiplyAdd(x * inner * (share + share), rest, share);
    }

    // s = (1 + tanh u) / 2 = 1 / (1 + exp(-2u)), and 1 - s = exp(-2u) s: no cancellation on either side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Share(Vector256<float> x, out Vector256<float> rest)
    {
        Vector256<float> u = x * VectorMath.MultiplyAdd(x * x, Vector256.Create(Cubic * Root), Vector256.Create(Root));
        Vector256<float> e = VectorMath.Exp(u * Vector256.Create(-2f)), share = Vector256<float>.One / (Vector256<float>.One + e);
        rest = e * share;
        return share;
    }
}

/// <inheritdoc cref="ActivationKind.Relu"/>
internal readonly struct Relu : IActivation
{
    // 0 > x is false for a NaN, which therefore stays.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> x) => Vector256.AndNot(x, Vector256.LessThan(x, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> x) => Vector256.GreaterThan(x, Vector256<float>.Zero) & Vector256<float>.One;
}

/// <inheritdoc cref="ActivationKind.Tanh"/>
internal readonly struct Tanh : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> x) => VectorMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> x)
    {
        Vector256<float> y = VectorMath.Tanh(x);
        return VectorMath.MultiplyAdd(-y, y, Vector256<float>.One);
    }
}
