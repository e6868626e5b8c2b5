namespace SmilesBert.Ops.Cpu;

public sealed partial class CpuOps
{
    public void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out) =>
        throw new NotImplementedException();

    public void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate) =>
        throw new NotImplementedException();

    public void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out) =>
        throw new NotImplementedException();
}
