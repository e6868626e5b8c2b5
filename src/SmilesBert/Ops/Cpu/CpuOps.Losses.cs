namespace SmilesBert.Ops.Cpu;

public sealed partial class CpuOps
{
    public void CrossEntropy(Floats loss, Floats dx, Floats x, Ints labels, Floats weights, int rows, int k) =>
        throw new NotImplementedException();

    public void BinaryCrossEntropy(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        throw new NotImplementedException();

    public void SquaredError(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        throw new NotImplementedException();
}
