// Embedding: rows of tables.
//
//   Y[n,c] = Word[WordRows[n],c] + Position[PositionRows[n],c] + TokenType[c]          (forward)
//   Y[n,c] = Table[Rows[n],c]                                                           (gather)
//   DTable[r,c] += sum of DY[n,c] over the places n that read row r                     (backward of either, table by table)
//
// Backward gets the places grouped by the row that they read (Distinct, Starts, Places), so that one group adds up one row:
// no atomics, a fixed order. Rows that no place reads are not touched.
namespace SmilesBert.Kernels;

public static class Embedding
{
    public readonly record struct ForwardArgs(
        FloatView Y,                                        // (N,C)                 out =
        FloatView Word, FloatView Position,                 // (V,C) (positions,C)   in
        FloatView TokenType,                                // (C) row 0 of its table
        IntView WordRows, IntView PositionRows,             // (N) (N)               in
        int N, int C);

    public readonly record struct GatherArgs(
        FloatView Y,                                        // (N,C)                 out =
        FloatView Table, IntView Rows,                      // (rows,C) (N)          in
        int N, int C);

    public readonly record struct BackwardArgs(
        FloatView DTable,                                   // (rows,C)              out +=
        FloatView DY,                                       // (N,C)                 in
        IntView Distinct, IntView Starts, IntView Places,   // (DistinctCount) (DistinctCount+1) (N)  in
        int DistinctCount, int C);

    private const int Warps = 4;                            // rows of a group

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        if (a.N == 0) return;
        device.Launch(ForwardKernel, groups: (a.N + Warps - 1) / Warps, threads: Warps * device.WarpSize, a);
    }

    public static void Gather(IKernelDevice device, in GatherArgs a)
    {
        if (a.N == 0) return;
        device.Launch(GatherKernel, groups: (a.N + Warps - 1) / Warps, threads: Warps * device.WarpSize, a);
    }

    public static void Backward(IKernelDevice device, in BackwardArgs a)
    {
        if (a.DistinctCount == 0) return;
        device.Launch(BackwardKernel, groups: a.DistinctCount * Reduce.ColumnGroups(a.C), threads: Reduce.ColumnThreads, a);
    }

    // One warp per row of Y.
    internal static void ForwardKernel(ForwardArgs a)
    {
        int n = Grid.GlobalIndex.X / Warp.WarpSize;
        if (n >= a.N) return;
        int y = n * a.C, word = a.WordRows[n] * a.C, position = a.PositionRows[n] * a.C;
        for (int c = Warp.LaneIdx; c < a.C; c += Warp.WarpSize) a.Y[y + c] = a.Word[word + c] + a.Position[position + c] + a.TokenType[c];
    }

    // One warp per row of Y.
    internal static void GatherKernel(GatherArgs a)
    {
        int n = Grid.GlobalIndex.X / Warp.WarpSize;
        if (n >= a.N) return;
        int y = n * a.C, row = a.Rows[n] * a.C;
        for (int c = Warp.LaneIdx; c < a.C; c += Warp.WarpSize) a.Y[y + c] = a.Table[row + c];
    }

    // One group per distinct row and eight columns; each column's threads take the row's places in turn.
    internal static void BackwardKernel(BackwardArgs a)
    {
        int columnGroups = Reduce.ColumnGroups(a.C), group = Grid.IdxX / columnGroups;
        int c = Reduce.Column(Grid.IdxX % columnGroups), end = a.Starts[group + 1];
        float sum = 0f;
        if (c < a.C)
        {
            for (int i = a.Starts[group] + Reduce.Stripe; i < end; i += Reduce.Stripes) sum += a.DY[(a.Places[i] * a.C) + c];
        }
        sum = Reduce.ColumnSum(sum);
        if (Reduce.Stripe == 0 && c < a.C) a.DTable[(a.Distinct[group] * a.C) + c] += sum;
    }
}
