using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// Elementary functions of eight floats at a time, good to about 1e-7, and the loads and stores at the ends of rows.
/// The coefficients are minimax fits made for these ranges (least squares, reweighted until the error is level).
/// A NaN stays a NaN.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary>Floats in a vector.</summary>
    public const int Width = 8;

    /// <summary>a * b + c, rounded once where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);

    /// <summary>exp(x) for x up to 88; exactly 0 below -88, denormal results included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // exp(x) = 2^n * exp(r), |r| <= ln(2) / 2. Adding 1.5 * 2^23 rounds to an integer and leaves n in the low bits.
        Vector256<float> magic = Vector256.Create(12582912f);
        x = Vector256.MaxNative(Vector256.Create(-88f), Vector256.MinNative(Vector256.Create(88f), x));
        Vector256<float> shifted = MultiplyAdd(x, Vector256.Create(1.44269504f), magic);
        Vector256<float> n = shifted - magic;
        Vector256<float> r = MultiplyAdd(n, Vector256.Create(-0.693359375f), x);            // ln(2) in two parts: the first has few bits,
        r = MultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);                            // so that n times it is exact
        Vector256<float> p = MultiplyAdd(r, Vector256.Create(0.00138143089f), Vector256.Create(0.00836885627f));
        p = MultiplyAdd(p, r, Vector256.Create(0.0416684002f));
        p = MultiplyAdd(p, r, Vector256.Create(0.166665196f));
        p = MultiplyAdd(p, r, Vector256.Create(0.499999940f));
        p = MultiplyAdd(p, r * r, r) + Vector256<float>.One;
        // n = -127 gives the bits of 0.
        Vector256<float> power = ((shifted.AsInt32() << 23) + Vector256.Create(127 << 23)).AsSingle();
        return p * power;
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> size = Vector256.Abs(x), one = Vector256<float>.One;
        // Far from 0: 1 - 2 / (exp(2|x|) + 1). Near 0 that cancels; there x + x^3 P(x^2).
        Vector256<float> far = one - (Vector256.Create(2f) / (Exp(size + size) + one));
        Vector256<float> z = x * x;
        Vector256<float> p = MultiplyAdd(z, Vector256.Create(-0.00566697307f), Vector256.Create(0.0206061732f));
        p = MultiplyAdd(p, z, Vector256.Create(-0.0537300073f));
        p = MultiplyAdd(p, z, Vector256.Create(0.133313313f));
        p = MultiplyAdd(p, z, Vector256.Create(-0.333332777f));
        Vector256<float> near = MultiplyAdd(p * z, x, x);
        Vector256<float> sign = x & Vector256.Create(-0f);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(size, Vector256.Create(0.625f)), far | sign, near);
    }

    /// <summary>The normal distribution: Phi(x) = (1 + erf(x / sqrt(2))) / 2, and its density's numerator exp(-x^2 / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> NormalCdf(Vector256<float> x, out Vector256<float> bell)
    {
        // The tail beyond |x| is exp(-x^2 / 2) times a smooth function (Mills' ratio), a polynomial in t = 1 / (1 + 0.33 |x|).
        Vector256<float> size = Vector256.Abs(x), one = Vector256<float>.One;
        bell = Exp(x * x * Vector256.Create(-0.5f));
        Vector256<float> t = one / MultiplyAdd(size, Vector256.Create(0.33f), one);
        Vector256<float> p = MultiplyAdd(t, Vector256.Create(0.0446501486f), Vector256.Create(-0.216333687f));
        p = MultiplyAdd(p, t, Vector256.Create(0.322903872f));
        p = MultiplyAdd(p, t, Vector256.Create(-0.0806700885f));
        p = MultiplyAdd(p, t, Vector256.Create(0.176057652f));
        p = MultiplyAdd(p, t, Vector256.Create(0.120963857f));
        p = MultiplyAdd(p, t, Vector256.Create(0.132428259f));
        Vector256<float> tail = p * t * bell;
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), tail, one - tail);
    }

    /// <summary>log(1 + e) for e in [0,1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log1p(Vector256<float> e)
    {
        // 2 artanh(s) with s = e / (2 + e), at most 1/3: 2s + s^3 P(s^2).
        Vector256<float> s = e / (e + Vector256.Create(2f)), z = s * s;
        Vector256<float> p = MultiplyAdd(z, Vector256.Create(0.280147135f), Vector256.Create(0.280012965f));
        p = MultiplyAdd(p, z, Vector256.Create(0.400215566f));
        p = MultiplyAdd(p, z, Vector256.Create(0.666664183f));
        return MultiplyAdd(p * z, s, s + s);
    }

    /// <summary>
    /// The first <paramref name="count"/> floats at <paramref name="x"/>, at most a vector of them (none when negative), the rest 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadPart(float* x, int count)
    {
        if (count >= Width) return Vector256.Load(x);
        // A masked load rather than a call: a call anywhere in a loop's method makes it keep its vectors in memory.
        return Avx.IsSupported ? Avx.MaskLoad(x, Mask(count)) : LoadTail(x, count);
    }

    /// <summary>The same, the rest <paramref name="rest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadPart(float* x, int count, float rest) =>
        count >= Width ? Vector256.Load(x) : Vector256.ConditionalSelect(Mask(count), LoadPart(x, count), Vector256.Create(rest));

    /// <summary>Stores the first <paramref name="count"/> floats of <paramref name="v"/>, at most all, none when negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vector256<float> v, float* y, int count)
    {
        if (count >= Width) v.Store(y);
        else if (Avx.IsSupported) Avx.MaskStore(y, Mask(count), v);
        else StoreTail(v, y, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) => Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle();

    private static Vector256<float> LoadTail(float* x, int count)
    {
        Vector256<float> v = default;
        for (int i = 0; i < count; i++) ((float*)&v)[i] = x[i];
        return v;
    }

    private static void StoreTail(Vector256<float> v, float* y, int count)
    {
        for (int i = 0; i < count; i++) y[i] = ((float*)&v)[i];
    }

    /// <summary>The largest of the eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector256<float> x)
    {
        Vector128<float> four = Vector128.Max(x.GetLower(), x.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }

    /// <summary>The sum of x[i] over <paramref name="count"/> floats.</summary>
    public static float Sum(float* x, int count)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i <= count - (4 * Width); i += 4 * Width)
        {
            a += Vector256.Load(x + i);
            b += Vector256.Load(x + i + Width);
            c += Vector256.Load(x + i + (2 * Width));
            d += Vector256.Load(x + i + (3 * Width));
        }
        for (; i < count; i += Width) a += LoadPart(x + i, count - i);
        return Vector256.Sum(a + b + (c + d));
    }

    /// <summary>The sum of x[i] * y[i] over <paramref name="count"/> floats.</summary>
    public static float Dot(float* x, float* y, int count)
    {
        Vector256<float> a = default, b = default;
        int i = 0;
        for (; i <= count - (2 * Width); i += 2 * Width)
        {
            a = MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), a);
            b = MultiplyAdd(Vector256.Load(x + i + Width), Vector256.Load(y + i + Width), b);
        }
        for (; i < count; i += Width) a = MultiplyAdd(LoadPart(x + i, count - i), LoadPart(y + i, count - i), a);
        return Vector256.Sum(a + b);
    }
}
