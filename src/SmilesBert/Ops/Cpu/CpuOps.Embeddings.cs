namespace SmilesBert.Ops.Cpu;

public sealed partial class CpuOps
{
    public void EmbeddingForward(Floats y, Floats word, Floats position, Floats tokenType, RowIndex words, RowIndex positions, int c) =>
        throw new NotImplementedException();

    public void GatherRows(Floats y, Floats table, RowIndex index, int c) =>
        throw new NotImplementedException();

    public void GatherRowsBackward(Floats dTable, Floats dy, RowIndex index, int c) =>
        throw new NotImplementedException();

    public void SumRows(Floats dRow, Floats dy, int n, int c) =>
        throw new NotImplementedException();

    public void MeanTokens(Floats y, Floats x, Ints starts, int b, int c) =>
        throw new NotImplementedException();
}
