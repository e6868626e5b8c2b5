using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    private readonly record struct ActivationBackwardArgs(Floats Dx, Floats Dy, Floats X, int Count);

    public void ActivationBackward(Floats dx, Floats dy, Floats x, int count, ActivationKind kind)
    {
        ActivationBackwardArgs args = new(dx, dy, x, count);
        switch (kind)
        {
            case ActivationKind.Gelu: ActivationBackward<Gelu>(args); break;
            case ActivationKind.GeluTanh: ActivationBackward<GeluTanh>(args); break;
            case ActivationKind.Relu: ActivationBackward<Relu>(args); break;
            case ActivationKind.Tanh: ActivationBackward<Tanh>(args); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private void ActivationBackward<T>(ActivationBackwardArgs args) where T : struct, IActivation =>
        team.For(Blocks(args.Count), 1, args, static (a, from, to) =>
        {
            float* dx = Pointer(a.Dx, a.Count), dy = Pointer(a.Dy, a.Count), x = Pointer(a.X, a.Count);
            int i = from * ElementBlock, end = BlockEnd(to, a.Count);
            MultiplyBySlope<T>(dx + i, dy + i, x + i, end - i);
        });

    // Y = f(S) over a part of both, which have the same shape: what a product does with a part of it that is finished.
    private static GemmEpilogue Value(ActivationKind kind, float* y) => kind switch
    {
        ActivationKind.Gelu => new(&Value<Gelu>, y),
        ActivationKind.GeluTanh => new(&Value<GeluTanh>, y),
        ActivationKind.Relu => new(&Value<Relu>, y),
        ActivationKind.Tanh => new(&Value<Tanh>, y),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // DX *= f'(S), likewise.
    private static GemmEpilogue Slope(ActivationKind kind, float* s) => kind switch
    {
        ActivationKind.Gelu => new(&Slope<Gelu>, s),
        ActivationKind.GeluTanh => new(&Slope<GeluTanh>, s),
        ActivationKind.Relu => new(&Slope<Relu>, s),
        ActivationKind.Tanh => new(&Slope<Tanh>, s),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static void Value<T>(float* s, float* y, int count) where T : struct, IActivation
    {
        int i = 0;
        for (; i <= count - VectorMath.Width; i += VectorMath.Width) T.Value(Vector256.Load(s + i)).Store(y + i);
        if (i < count) VectorMath.StorePart(T.Value(VectorMath.LoadPart(s + i, count - i)), y + i, count - i);
    }

    private static void Slope<T>(float* dx, float* s, int count) where T : struct, IActivation => MultiplyBySlope<T>(dx, dx, s, count);

    private static void MultiplyBySlope<T>(float* dx, float* dy, float* x, int count) where T : struct, IActivation
    {
        int i = 0;
        for (; i <= count - VectorMath.Width; i += VectorMath.Width) (Vector256.Load(dy + i) * T.Slope(Vector256.Load(x + i))).Store(dx + i);
        if (i < count) VectorMath.StorePart(VectorMath.LoadPart(dy + i, count - i) * T.Slope(VectorMath.LoadPart(x + i, count - i)), dx + i, count - i);
    }
}
