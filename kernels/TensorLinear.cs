// TensorLinear: the products of Linear on tensor cores. The same formulas and sizes; operands are rounded to a format on their way from
// memory, where they stay floats, and sums, bias, activations and gradients are floats.
//
//   TensorFloat32   10 bits of fraction: a relative error of 2^-11 an operand at most
//   BFloat16         7 bits of fraction: 2^-8
//
// For NVIDIA's GPUs from compute 8.0 on, by our compiler: the text takes addresses of views. Where the tiles of a product are few, groups share
// its depth: each writes its part of the sums to Parts, and a second launch adds them in their order. Two runs give the same bits.
namespace SmilesBert.Kernels;

public static class TensorLinear
{
    public enum Format { TensorFloat32, BFloat16 }

    public readonly record struct ForwardArgs(
        Linear.ForwardArgs Product, FloatView Parts,        // Parts: PartsLength(N, Out, In), scratch
        Format Format)
    {
        internal int PartSteps { get; init; }               // of the depth, each of 16; Parts is empty where one part is all
    }

    public readonly record struct BackwardInputArgs(
        Linear.BackwardInputArgs Product, FloatView Parts,  // PartsLength(N, In, Out)
        Format Format)
    {
        internal int PartSteps { get; init; }
    }

    public readonly record struct BackwardParamsArgs(
        Linear.BackwardParamsArgs Product, FloatView Parts, // PartsLength(Out, In, N)
        Format Format)
    {
        internal int PartSteps { get; init; }
    }

    /// <summary>Floats that a product of (rows,depth) and (depth,columns) needs for its parts; 0 where it is done in one.</summary>
    public static int PartsLength(int rows, int columns, int depth)
    {
        int parts = TensorPlan.Of(rows, columns, depth).Parts;
        return parts == 1 ? 0 : checked(parts * rows * columns);
    }

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        if (a.Product.N == 0) return;
        TensorPlan plan = TensorPlan.Of(a.Product.N, a.Product.Out, a.Product.In);
        ForwardArgs args = a with { Product = a.Product.Widened(), PartSteps = plan.PartSteps };
        Action<ForwardArgs> kernel = (a.Format, plan.IsLarge) switch
        {
            (Format.TensorFloat32, true) => ForwardKernel<TensorFloat32, LargeTile>,
            (Format.TensorFloat32, false) => ForwardKernel<TensorFloat32, SmallTile>,
            (_, true) => ForwardKernel<BFloat16, LargeTile>,
            (_, false) => ForwardKernel<BFloat16, SmallTile>,
        };
        device.Launch(kernel, plan.Groups, plan.Threads, args, plan.SharedBytes<DeepLayout, DeepLayout>());
        if (plan.Parts > 1) device.Launch(ForwardPartsKernel, PartsGroups(a.Product.N, a.Product.Out), Elements.Threads, args);
    }

    public static void BackwardInput(IKernelDevice device, in BackwardInputArgs a)
    {
        if (a.Product.N == 0) return;
        TensorPlan plan = TensorPlan.Of(a.Product.N, a.Product.In, a.Product.Out);
        BackwardInputArgs args = a with { Product = a.Product.Widened(), PartSteps = plan.PartSteps };
        Action<BackwardInputArgs> kernel = (a.Format, plan.IsLarge) switch
        {
            (Format.TensorFloat32, true) => BackwardInputKernel<TensorFloat32, LargeTile>,
            (Format.TensorFloat32, false) => BackwardInputKernel<TensorFloat32, SmallTile>,
            (_, true) => BackwardInputKernel<BFloat16, LargeTile>,
            (_, false) => BackwardInputKernel<BFloat16, SmallTile>,
        };
        device.Launch(kernel, plan.Groups, plan.Threads, args, plan.SharedBytes<DeepLayout, FlatLayout>());
        if (plan.Parts > 1) device.Launch(BackwardInputPartsKernel, PartsGroups(a.Product.N, a.Product.In), Elements.Threads, args);
    }

    /// <summary>DBias, sums of floats as they are, has a launch of its own.</summary>
    public static void BackwardParams(IKernelDevice device, in BackwardParamsArgs a)
    {
        if (a.Product.N == 0) return;
        if (a.Product.DBias.Length > 0) SumRows.Forward(device, new(a.Product.DBias, a.Product.DY, a.Product.N, a.Product.Out));
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

    private static int PartsGroups(int rows, int columns) => Elements.Groups(rows * ((columns + 3) / 4));

    // ---- One group per tile and part: the product, then four sums a thread and turn -----------------------------------

    [Unroll(1)]
    internal static void ForwardKernel<TFormat, TTile>(ForwardArgs a) where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        Linear.ForwardArgs p = a.Product;
        Share share = Share.Of<TTile>(p.N, p.Out, p.In, a.PartSteps);
        TensorTile.Multiply<DeepLayout, DeepLayout, TFormat, TTile>(
            new(p.X, p.N, p.In, p.WideIn), new(p.W, p.Out, p.In, p.WideIn), share.Row0, share.Column0, share.FirstStep, share.Steps);
        for (int i = Group.IdxX; i < TTile.Size * TTile.Size / 4; i += TensorTile.Threads<TTile>())
        {
            int n = share.Row0 + TensorTile.Row<TTile>(i), o = share.Column0 + TensorTile.Column<TTile>(i);
            Float4 sum = TensorTile.Sum<TTile>(i);
            if (a.Parts.Length > 0) StorePart(a.Parts, share.Part, n, o, p.N, p.Out, p.WideOut, sum);
            else Linear.Finish(p, n, o, sum);
        }
    }

    [Unroll(1)]
    internal static void BackwardInputKernel<TFormat, TTile>(BackwardInputArgs a) where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        Linear.BackwardInputArgs p = a.Product;
        Share share = Share.Of<TTile>(p.N, p.In, p.Out, a.PartSteps);
        TensorTile.Multiply<DeepLayout, FlatLayout, TFormat, TTile>(
            new(p.DY, p.N, p.Out, p.WideOut), new(p.W, p.Out, p.In, p.WideIn), share.Row0, share.Column0, share.FirstStep, share.Steps);
        for (int i = Group.IdxX; i < TTile.Size * TTile.Size / 4; i += TensorTile.Threads<TTile>())
        {
            int n = share.Row0 + TensorTile.Row<TTile>(i), column = share.Column0 + TensorTile.Column<TTile>(i);
            Float4 sum = TensorTile.Sum<TTile>(i);
            if (a.Parts.Length > 0) StorePart(a.Parts, share.Part, n, column, p.N, p.In, p.WideIn, sum);
            else Linear.Finish(p, n, column, sum);
        }
    }

    [Unroll(1)]
    internal static void BackwardParamsKernel<TFormat, TTile>(BackwardParamsArgs a) where TFormat : struct, ITensorFormat where TTile : struct, ITensorTile
    {
        Linear.BackwardParamsArgs p = a.Product;
        Share share = Share.Of<TTile>(p.Out, p.In, p.N, a.PartSteps);
        TensorTile.Multiply<FlatLayout, FlatLayout, TFormat, TTile>(
            new(p.DY, p.N, p.Out, p.WideOut), new(p.X, p.N, p.In, p.WideIn), share.Row0, share.Column0, share.FirstStep, share.Steps);
        for (int i = Group.IdxX; i < TTile.Size * TTile.Size / 4; i += TensorTile.Threads<TTile>())
        {
            int o = share.Row0 + TensorTile.Row<TTile>(i), column = share.Column0 + TensorTile.Column<TTile>(i);
            Float4 sum = TensorTile.Sum<TTile>(i);
            if (a.Parts.Length > 0) StorePart(a.Parts, share.Part, o, column, p.Out, p.In, p.WideIn, sum);
            else Tile.Add(p.DW, o, column, p.Out, p.In, p.WideIn, sum);
        }
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

    // ---- Parts, one after the other: (parts, rows, columns) -----------------------------------------------------------

    private static void StorePart(FloatView parts, int part, int row, int column, int rows, int columns, int wide, Float4 sum) =>
        Tile.Store(parts.SubView(part * rows * columns, rows * columns), row, column, rows, columns, wide, sum);

    private static Float4 SumOfParts(FloatView parts, int row, int column, int rows, int columns, int wide)
    {
        Float4 sum = default;
        for (int at = 0; at < parts.Length; at += rows * columns)
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
            Tile.Add(p.DW, i / quads, i % quads * 4, p.Out, p.In, p.WideIn, SumOfParts(a.Parts, i / quads, i % quads * 4, p.Out, p.In, p.WideIn));
    }
}
