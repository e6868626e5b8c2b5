// Activation: f(x) for the linear layer that applies it, and DX[i] = DY[i] * f'(X[i]).
//
//   None      x
//   Gelu      x * Phi(x), Phi the normal distribution function (erf form)
//   GeluTanh  x/2 * (1 + tanh(u)) = x / (1 + exp(-2u)),  u = sqrt(2/pi) * (x + 0.044715 x^3)
//   Relu      max(x, 0)
//   Tanh      tanh(x)
//
// Good to about 2e-7. A NaN stays a NaN. DX may be DY.
namespace SmilesBert.Kernels;

public static class Activation
{
    public enum Kind { None, Gelu, GeluTanh, Relu, Tanh }

    public readonly record struct BackwardArgs(
        FloatView DX,                                       // (Count)               out =
        FloatView DY, FloatView X,                          // (Count) (Count)       in
        int Count, Kind Kind);

    private const float RootTwoOverPi = 0.797884561f, Cubic = 0.044715f, RootOfOneOverTwoPi = 0.398942280f;

    public static void Backward(IKernelDevice device, in BackwardArgs a)
    {
        if (a.Count == 0) return;
        device.Launch(BackwardKernel, groups: Elements.Groups(a.Count), threads: Elements.Threads, a);
    }

    internal static void BackwardKernel(BackwardArgs a)
    {
        for (int i = Grid.GlobalIndex.X; i < a.Count; i += Grid.DimX * Group.DimX)
        {
            float x = a.X[i];
            a.DX[i] = a.DY[i] * a.Kind switch
            {
                Kind.Gelu => GeluSlope(x),
                Kind.GeluTanh => GeluTanhSlope(x),
                Kind.Relu => ReluSlope(x),
                Kind.Tanh => TanhSlope(x),
                _ => 1f,
            };
        }
    }

    /// <summary>f of four numbers.</summary>
    internal static Float4 Value(Float4 x, Kind kind) => kind switch
    {
        Kind.Gelu => new(Gelu(x.X), Gelu(x.Y), Gelu(x.Z), Gelu(x.W)),
        Kind.GeluTanh => new(GeluTanh(x.X), GeluTanh(x.Y), GeluTanh(x.Z), GeluTanh(x.W)),
        Kind.Relu => new(Relu(x.X), Relu(x.Y), Relu(x.Z), Relu(x.W)),
        Kind.Tanh => new(Tanh(x.X), Tanh(x.Y), Tanh(x.Z), Tanh(x.W)),
        _ => x,
    };

    /// <summary>f' of four numbers.</summary>
    internal static Float4 Slope(Float4 x, Kind kind) => kind switch
    {
        Kind.Gelu => new(GeluSlope(x.X), GeluSlope(x.Y), GeluSlope(x.Z), GeluSlope(x.W)),
        Kind.GeluTanh => new(GeluTanhSlope(x.X), GeluTanhSlope(x.Y), GeluTanhSlope(x.Z), GeluTanhSlope(x.W)),
        Kind.Relu => new(ReluSlope(x.X), ReluSlope(x.Y), ReluSlope(x.Z), ReluSlope(x.W)),
        Kind.Tanh => new(TanhSlope(x.X), TanhSlope(x.Y), TanhSlope(x.Z), TanhSlope(x.W)),
        _ => new(1f, 1f, 1f, 1f),
    };

    private static float Gelu(float x) => x * NormalCdf(x);

    private static float GeluSlope(float x) => NormalCdf(x) + (x * RootOfOneOverTwoPi * XMath.Exp(-0.5f * x * x));

    private static float Relu(float x) => x < 0f ? 0f : x;  // so a NaN passes

    private static float ReluSlope(float x) => x > 0f ? 1f : 0f;

    private static float GeluTanh(float x) => x * Sigmoid(2f * Inner(x));

    private static float Inner(float x) => RootTwoOverPi * (x + (Cubic * x * x * x));

    private static float Sigmoid(float x) => 1f / (1f + XMath.Exp(-x));

    // s + x s (1-s) 2u' with s = sigmoid(2u). Both s and 1-s come from exp(-2|u|), so that neither cancels.
    private static float GeluTanhSlope(float x)
    {
        float u = Inner(x), e = XMath.Exp(-2f * XMath.Abs(u)), larger = 1f / (1f + e), smaller = e * larger;
        float slope = RootTwoOverPi * (1f + (3f * Cubic * x * x));
        return (u < 0f ? smaller : larger) + (x * larger * smaller * 2f * slope);
    }

    private static float TanhSlope(float x)
    {
        float t = Tanh(x);
        return 1f - (t * t);
    }

    // The tail beyond |x| is exp(-x^2 / 2) times a smooth function (Mills' ratio), a polynomial in t = 1 / (1 + 0.33 |x|):
    // the minimax fit of the CPU's VectorMath.
    internal static float NormalCdf(float x)
    {
        float t = 1f / (1f + (0.33f * XMath.Abs(x)));
        float p = (0.0446501486f * t) - 0.216333687f;
        p = (p * t) + 0.322903872f;
        p = (p * t) - 0.0806700885f;
        p = (p * t) + 0.176057652f;
        p = (p * t) + 0.120963857f;
        p = (p * t) + 0.132428259f;
        float tail = p * t * XMath.Exp(-0.5f * x * x);
        return x < 0f ? tail : 1f - tail;
    }

    // Far from 0: 1 - 2 / (exp(2|x|) + 1). Near 0 that cancels; there x + x^3 P(x^2), fitted likewise.
    internal static float Tanh(float x)
    {
        float size = XMath.Abs(x), z = x * x;
        if (size > 0.625f)
        {
            float far = 1f - (2f / (XMath.Exp(2f * size) + 1f));
            return x < 0f ? -far : far;
        }
        float p = (-0.00566697307f * z) + 0.0206061732f;
        p = (p * z) - 0.0537300073f;
        p = (p * z) + 0.133313313f;
        p = (p * z) - 0.333332777f;
        return x + (p * z * x);
    }
}
