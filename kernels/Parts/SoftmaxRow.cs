namespace SmilesBert.Kernels;

/// <summary>The softmax of one row of scores, in powers of 2, as its columns come; four threads have the row together.</summary>
/// <param name="Max">The largest score so far, for all four.</param>
/// <param name="Sum">The sum of the thread's exp2(score - Max).</param>
/// <param name="Shrink">What everything summed before the last columns is to be multiplied with.</param>
internal readonly record struct SoftmaxRow(float Max, float Sum, float Shrink)
{
    public static SoftmaxRow Empty => new(float.NegativeInfinity, 0f, 0f);

    /// <summary>Looks at the thread's next scores, of which one thread's at least is finite.</summary>
    public SoftmaxRow Meet(Float4 near, Float4 far)
    {
        float max = XMath.Max(Max, QuadMax(XMath.Max(Largest(near), Largest(far)))), shrink = XMath.Exp2(Max - max);
        return new(max, Sum * shrink, shrink);
    }

    /// <summary>Adds their powers.</summary>
    public SoftmaxRow Add(Float4 near, Float4 far) => this with { Sum = Sum + SumOf(near) + SumOf(far) };

    /// <summary>The sum over the row.</summary>
    public float Total() => QuadSum(Sum);

    /// <summary>The sum over four threads that have a row together, for each of them.</summary>
    public static float QuadSum(float value)
    {
        value += Warp.ShuffleXor(value, 1);
        return value + Warp.ShuffleXor(value, 2);
    }

    private static float QuadMax(float value)
    {
        value = XMath.Max(value, Warp.ShuffleXor(value, 1));
        return XMath.Max(value, Warp.ShuffleXor(value, 2));
    }

    private static float Largest(Float4 v) => XMath.Max(XMath.Max(v.X, v.Y), XMath.Max(v.Z, v.W));

    private static float SumOf(Float4 v) => v.X + v.Y + (v.Z + v.W);
}
