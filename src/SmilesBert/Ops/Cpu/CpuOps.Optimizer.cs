namespace SmilesBert.Ops.Cpu;

public sealed partial class CpuOps
{
    public void Norm(Floats norm, Floats x, int count) =>
        throw new NotImplementedException();

    public void AdamW(Floats value, Floats m, Floats v, Floats grad, Floats norm, int count, int decayCount, AdamWStep step) =>
        throw new NotImplementedException();
}
