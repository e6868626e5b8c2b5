using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    private readonly record struct ActivationForwardArgs(Floats Y, Floats X, int Count);

    private readonly record struct ActivationBackwardArgs(Floats Dx, Floats Dy, Floats X, int Count);

    public void ActivationForward(Floats y, Floats x, int count, ActivationKind kind)
    {
        ActivationForwardArgs args = new(y, x, count);
        switch (kind)
        {
            case ActivationKind.Gelu: ActivationForward<Gelu>(args); break;
            case ActivationKind.GeluTanh: ActivationForward<GeluTanh>(args); break;
            case ActivationKind.Relu: ActivationForward<Relu>(args); break;
            case ActivationKind.Tanh: ActivationForward<Tanh>(args); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

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

    private void ActivationForward<T>(ActivationForwardArgs args) where T : struct, IActivation =>
        team.For(Blocks(args.Count), 1, args, static (a, from, to) =>
        {
            float* y = Pointer(a.Y, a.Count), x = Pointer(a.X, a.Count);
            int i = from * ElementBlock, end = BlockEnd(to, a.Count);
            for (; i <= end - VectorMath.Width; i += VectorMath.Width) T.Value(Vector256.Load(x + i)).Store(y + i);
            if (i < end) VectorMath.StorePart(T.Value(VectorMath.LoadPart(x + i, end - i)), y + i, end - i);
        });

    private void ActivationBackward<T>(ActivationBackwardArgs args) where T : struct, IActivation =>
        team.For(Blocks(args.Count), 1, args, static (a, from, to) =>
        {
            float* dx = Pointer(a.Dx, a.Count), dy = Pointer(a.Dy, a.Count), x = Pointer(a.X, a.Count);
            int i = from * ElementBlock, end = BlockEnd(to, a.Count);
            for (; i <= end - VectorMath.Width; i += VectorMath.Width) (Vector256.Load(dy + i) * T.Slope(Vector256.Load(x + i))).Store(dx + i);
            if (i < end) VectorMath.StorePart(VectorMath.LoadPart(dy + i, end - i) * T.Slope(VectorMath.LoadPart(x + i, end - i)), dx + i, end - i);
        });
}
