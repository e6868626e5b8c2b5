using System.Runtime.Intrinsics;

namespace SmilesBert.Gpu.Simulator;

internal readonly struct Copy<T> : IVectorUnary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a) => a;
}

internal readonly struct Negate<T> : IVectorUnary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a) => -a;
}

internal readonly struct Absolute<T> : IVectorUnary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a) => Vector256.Abs(a);
}

internal readonly struct Complement<T> : IVectorUnary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a) => ~a;
}

internal readonly struct SquareRoot<T> : IVectorUnary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a) => Vector256.Sqrt(a);
}

internal readonly struct Reciprocal<T> : IVectorUnary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a) => Vector256<T>.One / a;
}

internal readonly struct Add<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a + b;
}

internal readonly struct Subtract<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a - b;
}

internal readonly struct Multiply<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a * b;
}

internal readonly struct Divide<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a / b;
}

internal readonly struct Minimum<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => Vector256.MinNumber(a, b);
}

internal readonly struct Maximum<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => Vector256.MaxNumber(a, b);
}

/// <summary>min.NaN: NaN where either is.</summary>
internal readonly struct MinimumOrNaN<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => Vector256.Min(a, b);
}

internal readonly struct MaximumOrNaN<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);
}

internal readonly struct And<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a & b;
}

internal readonly struct Or<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a | b;
}

internal readonly struct Xor<T> : IVectorBinary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b) => a ^ b;
}

/// <summary>a * b + c, rounded after each (integers: the low half).</summary>
internal readonly struct MultiplyAdd<T> : IVectorTernary<T> where T : unmanaged
{
    public static Vector256<T> Apply(Vector256<T> a, Vector256<T> b, Vector256<T> c) => a * b + c;
}

internal readonly struct FusedSingle : IVectorTernary<float>
{
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);
}

internal readonly struct FusedDouble : IVectorTernary<double>
{
    public static Vector256<double> Apply(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);
}
