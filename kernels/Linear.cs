// Linear: the three matrix products of a linear layer, with the activation after it and the one before it.
//
//   Pre[n,o] = sum over i of X[n,i] * W[o,i], plus Bias[o]     Y[n,o] = f(Pre[n,o])
//   DX[n,i]  = (sum over o of DY[n,o] * W[o,i]) * f'(Pre[n,i]) with Accumulate +=; here Pre is of the layer before: X = f(Pre)
//   DW[o,i] += sum over n of DY[n,o] * X[n,i]                 DBias[o] += sum over n of DY[n,o]
//
// N rows (tokens); W is (Out,In) as in the checkpoint; dense, row-major. An empty Bias adds nothing; an empty DBias, or Pre of Y, is not
// written. The activation None, which needs no Pre, leaves f and f' out.
// Any sizes and any alignment; where In is a multiple of 4 and the operands with rows of In begin on 16 bytes, these are read and
// written 128 bits at once, and likewise for Out. Sums run over the depth in order: two runs give the same bits.
namespace SmilesBert.Kernels;

public static class Linear
{
    public readonly record struct ForwardArgs(
        FloatView Y, FloatView Pre,                         // (N,Out) (N,Out)       out =
        FloatView X, FloatView W, FloatView Bias,           // (N,In) (Out,In) (Out) in
        int N, int In, int Out, Activation.Kind Kind)
    {
        internal int WideIn { get; init; }                  // 1: rows of In can be read with 128 bits
        internal int WideOut { get; init; }

        internal ForwardArgs Widened() => this with { WideIn = Wide(In, X, W), WideOut = Wide(Out, Y, Bias, Pre) };
    }

    public readonly record struct BackwardInputArgs(
        FloatView DX,                                       // (N,In)                out = or +=
        FloatView DY, FloatView W, FloatView Pre,           // (N,Out) (Out,In) (N,In) in
        int N, int In, int Out, int Accumulate, Activation.Kind Kind)   // Accumulate: 1 for +=
    {
        internal int WideIn { get; init; }
        internal int WideOut { get; init; }

        internal BackwardInputArgs Widened() => this with { WideIn = Wide(In, DX, W, Pre), WideOut = Wide(Out, DY) };
    }

    public readonly record struct BackwardParamsArgs(
        FloatView DW, FloatView DBias,                      // (Out,In) (Out)        out +=
        FloatView DY, FloatView X,                          // (N,Out) (N,In)        in
        int N, int In, int Out)
    {
        internal int WideIn { get; init; }
        internal int WideOut { get; init; }

        internal BackwardParamsArgs Widened() => this with { WideIn = Wide(In, DW, X), WideOut = Wide(Out, DY) };
    }

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        if (a.N == 0) return;
        device.Launch(ForwardKernel, groups: Tile.Count(a.N) * Tile.Count(a.Out), threads: Tile.Threads, a.Widened());
    }

    public static void BackwardInput(IKernelDevice device, in BackwardInputArgs a)
    {
        if (a.N == 0) return;
        device.Launch(BackwardInputKernel, groups: Tile.Count(a.N) * Tile.Count(a.In), threads: Tile.Threads, a.Widened());
    }

    public static void BackwardParams(IKernelDevice device, in BackwardParamsArgs a)
    {
        if (a.N == 0) return;
        device.Launch(BackwardParamsKernel, groups: Tile.Count(a.Out) * Tile.Count(a.In), threads: Tile.Threads, a.Widened());
    }

    private static int Wide(int columns, FloatView first, FloatView second = default, FloatView third = default) =>
        columns % 4 == 0 && Float4.Fits(first) && Float4.Fits(second) && Float4.Fits(third) ? 1 : 0;

    // One group per tile of Y. While a step is multiplied, the next one's operands are on their way.
    [Unroll(1)]
    internal static void ForwardKernel(ForwardArgs a)
    {
        ArrayView<Float4> xs = SharedMemory.Allocate<Float4>(Tile.Stage), ws = SharedMemory.Allocate<Float4>(Tile.Stage);
        int tiles = Tile.Count(a.Out), n0 = Grid.IdxX / tiles * Tile.Size, o0 = Grid.IdxX % tiles * Tile.Size;

        Float4 x = Tile.Load(a.X, n0 + Tile.DeepRow, Tile.DeepDepth, a.N, a.In, a.WideIn);
        Float4 w = Tile.Load(a.W, o0 + Tile.DeepRow, Tile.DeepDepth, a.Out, a.In, a.WideIn);
        Tile.Sums sums = default;
        for (int i = Tile.Depth; i < a.In + Tile.Depth; i += Tile.Depth)
        {
            Tile.StageDeep(xs, x);
            Tile.StageDeep(ws, w);
            Group.Barrier();                                // the step is there, for all
            x = Tile.Load(a.X, n0 + Tile.DeepRow, i + Tile.DeepDepth, a.N, a.In, a.WideIn);
            w = Tile.Load(a.W, o0 + Tile.DeepRow, i + Tile.DeepDepth, a.Out, a.In, a.WideIn);
            sums = Tile.MulAdd(sums, xs, ws);
            Group.Barrier();                                // before it is overwritten
        }

        int n = n0 + Tile.Row, o = o0 + Tile.Column;
        for (int row = 0; row < 4; row++) Finish(a, n + row, o, sums.Row(row));
    }

    /// <summary>What becomes of four whole sums of a row.</summary>
    internal static void Finish(ForwardArgs a, int n, int o, Float4 sum)
    {
        if (a.Bias.Length > 0) sum = sum.Plus(Tile.Load(a.Bias, 0, o, 1, a.Out, a.WideOut));
        if (a.Pre.Length > 0) Tile.Store(a.Pre, n, o, a.N, a.Out, a.WideOut, sum);
        Tile.Store(a.Y, n, o, a.N, a.Out, a.WideOut, Activation.Value(sum, a.Kind));
    }

    // One group per tile of DX; the depth is Out.
    [Unroll(1)]
    internal static void BackwardInputKernel(BackwardInputArgs a)
    {
        ArrayView<Float4> dys = SharedMemory.Allocate<Float4>(Tile.Stage), ws = SharedMemory.Allocate<Float4>(Tile.Stage);
        int tiles = Tile.Count(a.In), n0 = Grid.IdxX / tiles * Tile.Size, i0 = Grid.IdxX % tiles * Tile.Size;

        Float4 dy = Tile.Load(a.DY, n0 + Tile.DeepRow, Tile.DeepDepth, a.N, a.Out, a.WideOut);
        Float4 w = Tile.Load(a.W, Tile.FlatDepth, i0 + Tile.FlatColumn, a.Out, a.In, a.WideIn);
        Tile.Sums sums = default;
        for (int o = Tile.Depth; o < a.Out + Tile.Depth; o += Tile.Depth)
        {
            Tile.StageDeep(dys, dy);
            Tile.StageFlat(ws, w);
            Group.Barrier();
            dy = Tile.Load(a.DY, n0 + Tile.DeepRow, o + Tile.DeepDepth, a.N, a.Out, a.WideOut);
            w = Tile.Load(a.W, o + Tile.FlatDepth, i0 + Tile.FlatColumn, a.Out, a.In, a.WideIn);
            sums = Tile.MulAdd(sums, dys, ws);
            Group.Barrier();
        }

        int n = n0 + Tile.Row, i = i0 + Tile.Column;
        for (int row = 0; row < 4; row++) Finish(a, n + row, i, sums.Row(row));
    }

    /// <summary>What becomes of four whole sums of a row.</summary>
    internal static void Finish(BackwardInputArgs a, int n, int i, Float4 sum)
    {
        if (a.Kind != Activation.Kind.None) sum = sum.Times(Activation.Slope(Tile.Load(a.Pre, n, i, a.N, a.In, a.WideIn), a.Kind));
        if (a.Accumulate != 0) Tile.Add(a.DX, n, i, a.N, a.In, a.WideIn, sum);
        else Tile.Store(a.DX, n, i, a.N, a.In, a.WideIn, sum);
    }

    // One group per tile of DW; the depth is N. The groups of the first column of tiles also add up their part of DBias, a thread per
    // column, from the same staged DY.
    internal static void BackwardParamsKernel(BackwardParamsArgs a)
    {
        ArrayView<Float4> dys = SharedMemory.Allocate<Float4>(Tile.Stage), xs = SharedMemory.Allocate<Float4>(Tile.Stage);
        int tiles = Tile.Count(a.In), o0 = Grid.IdxX / tiles * Tile.Size, i0 = Grid.IdxX % tiles * Tile.Size;
        bool addsBias = a.DBias.Length > 0 && i0 == 0 && Group.IdxX < Tile.Size;
        float biasSum = 0f;

        Float4 dy = Tile.Load(a.DY, Tile.FlatDepth, o0 + Tile.FlatColumn, a.N, a.Out, a.WideOut);
        Float4 x = Tile.Load(a.X, Tile.FlatDepth, i0 + Tile.FlatColumn, a.N, a.In, a.WideIn);
        Tile.Sums sums = default;
        for (int n = Tile.Depth; n < a.N + Tile.Depth; n += Tile.Depth)
        {
            Tile.StageFlat(dys, dy);
            Tile.StageFlat(xs, x);
            Group.Barrier();
            dy = Tile.Load(a.DY, n + Tile.FlatDepth, o0 + Tile.FlatColumn, a.N, a.Out, a.WideOut);
            x = Tile.Load(a.X, n + Tile.FlatDepth, i0 + Tile.FlatColumn, a.N, a.In, a.WideIn);
            sums = Tile.MulAdd(sums, dys, xs);
            if (addsBias) biasSum += Tile.DepthSum(dys, Group.IdxX);
            Group.Barrier();
        }

        int o = o0 + Tile.Row, i = i0 + Tile.Column;
        Tile.Add(a.DW, o, i, a.Out, a.In, a.WideIn, sums.Row0);
        Tile.Add(a.DW, o + 1, i, a.Out, a.In, a.WideIn, sums.Row1);
        Tile.Add(a.DW, o + 2, i, a.Out, a.In, a.WideIn, sums.Row2);
        Tile.Add(a.DW, o + 3, i, a.Out, a.In, a.WideIn, sums.Row3);
        if (addsBias && o0 + Group.IdxX < a.Out) a.DBias[o0 + Group.IdxX] += biasSum;
    }
}
