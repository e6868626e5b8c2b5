namespace SmilesBert.Ops.Cpu;

public sealed partial class CpuOps
{
    public void LayerNormForward(Floats y, Floats mean, Floats rstd, Floats x, Floats gamma, Floats beta, int n, int c, float epsilon) =>
        throw new NotImplementedException();

    public void ResidualLayerNormForward(
        Floats y, Floats s, Floats mean, Floats rstd, Floats x, Floats residual, Floats gamma, Floats beta, int n, int c, float epsilon, Dropout dropout) =>
        throw new NotImplementedException();

    public void LayerNormBackward(
        Floats dx, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c) =>
        throw new NotImplementedException();

    public void Dropout(Floats y, Floats x, int count, Dropout dropout) =>
        throw new NotImplementedException();

    public void ActivationForward(Floats y, Floats x, int count, ActivationKind kind) =>
        throw new NotImplementedException();

    public void ActivationBackward(Floats dx, Floats dy, Floats x, int count, ActivationKind kind) =>
        throw new NotImplementedException();
}
