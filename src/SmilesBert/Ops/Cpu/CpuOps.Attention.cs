namespace SmilesBert.Ops.Cpu;

public sealed partial class CpuOps
{
    public void AttentionForward(Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout) =>
        throw new NotImplementedException();

    public void AttentionBackward(
        Floats dqkv, Floats dO, Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout) =>
        throw new NotImplementedException();
}
