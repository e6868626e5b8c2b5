using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

/// <summary>.ftz: subnormal inputs and results are zeros of the same sign.</summary>
internal static class Flush
{
    private const float SmallestNormal = 1.17549435e-38f;

    public static Vector256<float> Apply(Vector256<float> a)
    {
        Vector256<float> sign = Vector256.Create(0x80000000u).AsSingle();
        Vector256<float> isSmall = Vector256.LessThan(Vector256.AndNot(a, sign), Vector256.Create(SmallestNormal));
        return Vector256.ConditionalSelect(isSmall, a & sign, a);
    }
}

/// <summary>.sat: the result is clamped to 0..1, NaN is 0.</summary>
internal static class Saturate
{
    public static Vector256<float> Apply(Vector256<float> a) => Vector256.MinNumber(Vector256.MaxNumber(a, Vector256<float>.Zero), Vector256<float>.One);
}

internal readonly struct FlushedUnary<TOperation> : IVectorUnary<float> where TOperation : struct, IVectorUnary<float>
{
    public static Vector256<float> Apply(Vector256<float> a) => Flush.Apply(TOperation.Apply(Flush.Apply(a)));
}

internal readonly struct FlushedBinary<TOperation> : IVectorBinary<float> where TOperation : struct, IVectorBinary<float>
{
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b) => Flush.Apply(TOperation.Apply(Flush.Apply(a), Flush.Apply(b)));
}

internal readonly struct FlushedTernary<TOperation> : IVectorTernary<float> where TOperation : struct, IVectorTernary<float>
{
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Flush.Apply(TOperation.Apply(Flush.Apply(a), Flush.Apply(b), Flush.Apply(c)));
}

internal readonly struct SaturatedBinary<TOperation> : IVectorBinary<float> where TOperation : struct, IVectorBinary<float>
{
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b) => Saturate.Apply(TOperation.Apply(a, b));
}

internal readonly struct SaturatedTernary<TOperation> : IVectorTernary<float> where TOperation : struct, IVectorTernary<float>
{
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Saturate.Apply(TOperation.Apply(a, b, c));
}
