namespace ILGPU.Algorithms;

/// <summary>
/// Elementary functions. On a device Exp is ex2.approx after a multiplication, Log lg2.approx before one, Rsqrt the rounded root's
/// rounded reciprocal; the others are rounded correctly. On the host they are .NET's.
/// </summary>
public static class XMath
{
    public static float Exp(float value) => MathF.Exp(value);
    public static float Exp2(float value) => MathF.Pow(2f, value);
    public static float Log(float value) => MathF.Log(value);
    public static float Log2(float value) => MathF.Log2(value);
    public static float Sqrt(float value) => MathF.Sqrt(value);
    public static float Rsqrt(float value) => 1f / MathF.Sqrt(value);
    public static float Rcp(float value) => 1f / value;
    public static float Abs(float value) => MathF.Abs(value);

    /// <summary>The larger; on a device the other one where one is NaN.</summary>
    public static float Max(float first, float second) => MathF.Max(first, second);

    /// <summary>The smaller; on a device the other one where one is NaN.</summary>
    public static float Min(float first, float second) => MathF.Min(first, second);

    public static float Clamp(float value, float min, float max) => MathF.Max(MathF.Min(value, max), min);
}
