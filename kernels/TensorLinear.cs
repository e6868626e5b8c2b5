// TensorLinear: the products of Linear on tensor cores. The same formulas and sizes; operands are rounded to a format on their way from
// memory, where they stay floats, and sums, bias, activations and gradients are floats.
//
//   TensorFloat32   10 bits of fraction: a relative error of 2^-11 an operand at most
//   BFloat16         7 bits of fraction: 2^-8
//   BFloat16Weights  the same, W being in memory in this format too (AdamW writes it so): the same bits, and half of W's traffic
//
// For NVIDIA's GPUs from compute 8.0 on, by our compiler: the text takes addresses of views. Where the tiles of a product are few, groups share
// its depth: each writes its part of the sums to Parts, and a second launch adds them in their order. Two runs give the same bits.
namespace SmilesBert.Kernels;

public static class TensorLinear
{
    public enum Format { TensorFloat32, BFloat16, BFloat16Weights }

    public readonly record struct ForwardArgs(
        Linear.ForwardArgs Product,
        BFloat16View Weights,                               // (Out,In)              in: W, rounded; for BFloat16Weights alone
        FloatView Parts,                                    // PartsLength(N, Out, In), scratch
        Format Format)
    {
        internal int PartSteps { get; init; }               // of the depth, each of 16; Parts is empty where one part is all
    }

    public readonly record struct BackwardInputArgs(
        Linear.BackwardInputArgs Product,
        BFloat16View Weights,                               // (Out,In)
        FloatView Parts,                                    // PartsLength(N, In, Out)
        Format Format)
    {
        internal int PartSteps { get; init; }
    }

    public readonly record struct BackwardParamsArgs(
        Linear.BackwardParamsArgs Product,
        FloatView Parts,                                    // PartsLength(Out, In, N)
        Format Format)
    {
        internal int PartSteps { get; init; }
    }

    /// <summary>Floats that a product of (rows,depth) and (depth,columns) needs for its parts; 0 where it is done in one.</summary>
    public static int PartsLength(int rows, int columns, int depth)
    {
        int parts = TensorPlan.Of(rows, columns, depth).Parts;
        return parts == 1 ? 0 : checked(parts * PartLength(rows, columns));
    }

    // A part: its sums, and one more of each row, the part of DBias.
    private static int PartLength(int rows, int columns) => (rows * columns) + ((rows + 3) / 4 * 4);

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        if (a.Product.N == 0) return;
        TensorPlan plan = TensorPlan.Of(a.Product.N, a.Product.Out, a.Product.In);
        ForwardArgs args = a with { Product = a.Product.Widened(), PartSteps = plan.PartSteps };
        Format format = Fitting(a.Format, a.Weights, a.Product.In);
        Action<ForwardArgs> kernel = (format, plan.IsLarge) switch
        {
            (Format.TensorFloat32, true) => ForwardKernel<TensorFloat32, LargeTile>,
            (Format.TensorFloat32, false) => ForwardKernel<TensorFloat32, SmallTile>,
            (Format.BFloat16, true) => ForwardKernel<BFloat16, LargeTile>,
            (Format.BFloat16, false) => ForwardKernel<BFloat16, SmallTile>,
            (_, true) => ForwardByWeightsKernel<LargeTile>,
            (_, false) => ForwardByWeightsKernel<SmallTile>,
        };
        int sharedBytes = format == Format.BFloat16Weights ? plan.SharedBytes<DeepLayout, DeepWeights>() : plan.SharedBytes<DeepLayout, DeepLayout>();
        device.Launch(kernel, plan.Groups, plan.Threads, args, sharedBytes);
        if (plan.Parts > 1) device.Launch(ForwardPartsKernel, PartsGroups(a.Product.N, a.Product.Out), Elements.Threads, args);
    }

    public static void BackwardInput(IKernelDevice device, in BackwardInputArgs a)
    {
        if (a.Product.N == 0) return;
        TensorPlan plan = TensorPlan.Of(a.Product.N, a.Product.In, a.Product.Out);
        BackwardInputArgs args = a with { Product = a.Product.Widened(), PartSteps = plan.PartSteps };
        Format format = Fitting(a.Format, a.Weights, a.Product.In);
        Action<BackwardInputArgs> kernel = (format, plan.IsLarge) switch
        {
            (Format.TensorFloat32, true) => BackwardInputKernel<TensorFloat32, LargeTile>,
            (Format.TensorFloat32, false) => BackwardInputKernel<TensorFloat32, SmallTile>,
            (Format.BFloat16, true) => BackwardInputKernel<BFloat16, LargeTile>,
            (Format.BFloat16, false) => BackwardInputKernel<BFloat16, SmallTile>,
            (_, true) => BackwardInputByWeightsKernel<LargeTile>,
            (_, false) => BackwardInputByWeightsKernel<SmallTile>,
        };
        int sharedBytes = format == Format.BFloat16Weights ? plan.SharedBytes<DeepLayout, FlatWeights>() : plan.SharedBytes<DeepLayout, FlatLayout>();
        device.Launch(kernel, plan.Groups, plan.Threads, args, sharedBytes);
        if (plan.Parts > 1) device.Launch(BackwardInputPartsKernel, PartsGroups(a.Product.N, a.Product.In), Elements.Threads, args);
    }

    public static void BackwardParams(IKernelDevice device, in BackwardParamsArgs a)
    {
        if (a.Product.N == 0) return;
        TensorPlan plan = TensorPlan.Of(a.Product.Out, a.Product.In, a.Product.N);
        BackwardParamsArgs args = a with { Product = a.Product.Widened(), PartSteps = plan.PartSteps };
        Action<BackwardParamsArgs> kernel = (a.Format, plan.IsLarge) switch
        {
            (Format.TensorFloat32, true) => BackwardParamsKernel<TensorFloat32, LargeTile>,
            (Format.TensorFloat32, false) => BackwardParamsKernel<TensorFloat32, SmallTile>,
            (_, true) => BackwardParamsKernel<BFloat16, LargeTile>,
            (_, false) => BackwardParamsKernel<BFloat16, SmallTile>,
        };
        device.Launch(kernel, plan.Groups, plan.Threads, args, plan.SharedBytes<FlatLayout, FlatLayout>());
        if (plan.Parts > 1) device.Launch(BackwardParamsPartsKernel, PartsGroups(a.Product.Out, a.Product.In), Elements.Threads, args);
    }

    // Rounded weights are read with 128 bits or not at all: where rows do not allow it, W itself is rounded on its way.
    private static Format Fitting(Format format, BFloat16View weights, int columns)
    {
        bool fits = columns % 8 == 0 && (weights.Length == 0 || weights.BaseView.LoadEffectiveAddressAsPtr() % 16 == 0);
        return format == Format.BFloat16Weights && !fits ? Format.BFloat16 : format;
    }

    private static int PartsGroups(int rows, int columns) => Elements.Groups(rows * ((columns + 3) / 4));

    // ---- One group per tile and part: the product, then four sums a thread and turn -----------------------------------

    internal static void ForwardKernel<TFormat, TTile>(ForwardArgs a) where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile =>
        ForwardTile<DeepLayout, TFormat, TTile>(a, TensorTile.Operand.Of(a.Product.W, a.Product.Out, a.Product.In, a.Product.WideIn));

    internal static void ForwardByWeightsKernel<TTile>(ForwardArgs a) where TTile : struct, ITensorTile =>
        ForwardTile<DeepWeights, BFloat16Weights, TTile>(a, TensorTile.Operand.Of(a.Weights, a.Product.Out, a.Product.In));

    [Unroll(1)]
    private static void ForwardTile<TWeights, TFormat, TTile>(ForwardArgs a, TensorTile.Operand w)
        where TWeights : struct, IRightLayout where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        Linear.ForwardArgs p = a.Product;
        Share share = Share.Of<TTile>(p.N, p.Out, p.In, a.PartSteps);
        TensorTile.Multiply<DeepLayout, TWeights, TFormat, TTile>(
            TensorTile.Operand.Of(p.X, p.N, p.In, p.WideIn), w, share.Row0, share.Column0, share.FirstStep, share.Steps);
        for (int i = Group.IdxX; i < TTile.Size * TTile.Size / 4; i += TensorTile.Threads<TTile>())
        {
            int n = share.Row0 + TensorTile.Row<TTile>(i), o = share.Column0 + TensorTile.Column<TTile>(i);
            Float4 sum = TensorTile.Sum<TTile>(i);
            if (a.Parts.Length > 0) StorePart(a.Parts, share.Part, n, o, p.N, p.Out, p.WideOut, sum);
            else Linear.Finish(p, n, o, sum);
        }
    }

    internal static void BackwardInputKernel<TFormat, TTile>(BackwardInputArgs a) where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile =>
        BackwardInputTile<FlatLayout, TFormat, TTile>(a, TensorTile.Operand.Of(a.Product.W, a.Product.Out, a.Product.In, a.Product.WideIn));

    internal static void BackwardInputByWeightsKernel<TTile>(BackwardInputArgs a) where TTile : struct, ITensorTile =>
        BackwardInputTile<FlatWeights, BFloat16Weights, TTile>(a, TensorTile.Operand.Of(a.Weights, a.Product.Out, a.Product.In));

    [Unroll(1)]
    private static void BackwardInputTile<TWeights, TFormat, TTile>(BackwardInputArgs a, TensorTile.Operand w)
        where TWeights : struct, IRightLayout where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        Linear.BackwardInputArgs p = a.Product;
        Share share = Share.Of<TTile>(p.N, p.In, p.Out, a.PartSteps);
        TensorTile.Multiply<DeepLayout, TWeights, TFormat, TTile>(
            TensorTile.Operand.Of(p.DY, p.N, p.Out, p.WideOut), w, share.Row0, share.Column0, share.FirstStep, share.Steps);
        for (int i = Group.IdxX; i < TTile.Size * TTile.Size / 4; i += TensorTile.Threads<TTile>())
        {
            int n = share.Row0 + TensorTile.Row<TTile>(i), column = share.Column0 + TensorTile.Column<TTile>(i);
            Float4 sum = TensorTile.Sum<TTile>(i);
            if (a.Parts.Length > 0) StorePart(a.Parts, share.Part, n, column, p.N, p.In, p.WideIn, sum);
            else Linear.Finish(p, n, column, sum);
        }
    }

    // The groups of the first column of tiles also add up their part of DBias, from the same DY, unrounded.
    [Unroll(1)]
    internal static void BackwardParamsKernel<TFormat, TTile>(BackwardParamsArgs a) where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        Linear.BackwardParamsArgs p = a.Product;
        Share share = Share.Of<TTile>(p.Out, p.In, p.N, a.PartSteps);
        bool sumsBias = p.DBias.Length > 0 && share.Column0 == 0;
        TensorTile.Multiply<FlatLayout, FlatLayout, TFormat, TTile>(
            TensorTile.Operand.Of(p.DY, p.N, p.Out, p.WideOut), TensorTile.Operand.Of(p.X, p.N, p.In, p.WideIn),
            share.Row0, share.Column0, share.FirstStep, share.Steps, sumsBias);
        for (int i = Group.IdxX; i < TTile.Size * TTile.Size / 4; i += TensorTile.Threads<TTile>())
        {
            int o = share.Row0 + TensorTile.Row<TTile>(i), column = share.Column0 + TensorTile.Column<TTile>(i);
            Float4 sum = TensorTile.Sum<TTile>(i);
            if (a.Parts.Length > 0) StorePart(a.Parts, share.Part, o, column, p.Out, p.In, p.WideIn, sum);
            else Tile.Add(p.DW, o, column, p.Out, p.In, p.WideIn, sum);
        }

        int biasRow = share.Row0 + Group.IdxX;
        if (!sumsBias || Group.IdxX >= TTile.Size || biasRow >= p.Out) return;
        if (a.Parts.Length > 0) a.Parts[(share.Part * PartLength(p.Out, p.In)) + (p.Out * p.In) + biasRow] = TensorTile.RowSum(Group.IdxX);
        else p.DBias[biasRow] += TensorTile.RowSum(Group.IdxX);
    }

    // What a group does: a tile of C, and a part of the depth.
    private readonly record struct Share(int Row0, int Column0, int Part, int FirstStep, int Steps)
    {
        public static Share Of<TTile>(int rows, int columns, int depth, int partSteps) where TTile : struct, ITensorTile
        {
            int across = (columns + TTile.Size - 1) / TTile.Size, tiles = (rows + TTile.Size - 1) / TTile.Size * across;
            int part = Grid.IdxX / tiles, tile = Grid.IdxX % tiles, firstStep = part * partSteps;
            int steps = Math.Min(partSteps, ((depth + TensorTile.Depth - 1) / TensorTile.Depth) - firstStep);
            return new(tile / across * TTile.Size, tile % across * TTile.Size, part, firstStep, steps);
        }
    }

    // ---- Parts, one after the other: of each (rows, columns), and of BackwardParams (rows) ----------------------------

    private static void StorePart(FloatView parts, int part, int row, int column, int rows, int columns, int wide, Float4 sum) =>
        Tile.Store(parts.SubView(part * PartLength(rows, columns), rows * columns), row, column, rows, columns, wide, sum);

    private static Float4 SumOfParts(FloatView parts, int row, int column, int rows, int columns, int wide)
    {
        Float4 sum = default;
        for (int at = 0; at < parts.Length; at += PartLength(rows, columns))
            sum = sum.Plus(Tile.Load(parts.SubView(at, rows * columns), row, column, rows, columns, wide));
        return sum;
    }

    internal static void ForwardPartsKernel(ForwardArgs a)
    {
        Linear.ForwardArgs p = a.Product;
        int quads = (p.Out + 3) / 4;
        for (int i = Grid.GlobalIndex.X; i < p.N * quads; i += Grid.DimX * Group.DimX)
            Linear.Finish(p, i / quads, i % quads * 4, SumOfParts(a.Parts, i / quads, i % quads * 4, p.N, p.Out, p.WideOut));
    }

    internal static void BackwardInputPartsKernel(BackwardInputArgs a)
    {
        Linear.BackwardInputArgs p = a.Product;
        int quads = (p.In + 3) / 4;
        for (int i = Grid.GlobalIndex.X; i < p.N * quads; i += Grid.DimX * Group.DimX)
            Linear.Finish(p, i / quads, i % quads * 4, SumOfParts(a.Parts, i / quads, i % quads * 4, p.N, p.In, p.WideIn));
    }

    internal static void BackwardParamsPartsKernel(BackwardParamsArgs a)
    {
        Linear.BackwardParamsArgs p = a.Product;
        int quads = (p.In + 3) / 4;
        for (int i = Grid.GlobalIndex.X; i < p.Out * quads; i += Grid.DimX * Group.DimX)
        {
            int o = i / quads, column = i % quads * 4;
            Tile.Add(p.DW, o, column, p.Out, p.In, p.WideIn, SumOfParts(a.Parts, o, column, p.Out, p.In, p.WideIn));
            if (column == 0 && p.DBias.Length > 0) p.DBias[o] += BiasSumOfParts(a.Parts, o, p.Out, p.In);
        }
    }

    private static float BiasSumOfParts(FloatView parts, int row, int rows, int columns)
    {
        float sum = 0f;
        for (int at = (rows * columns) + row; at < parts.Length; at += PartLength(rows, columns)) sum += parts[at];
        return sum;
    }
}
