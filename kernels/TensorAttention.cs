// TensorAttention: Attention on tensor cores. The same formulas, sizes and dropout; what is multiplied is rounded to a format (Q, K, V, DO, and P and
// DS for the products that follow); sums, softmax, LogSumExp and Delta are floats.
//
// A warp has 16 rows of scores: queries, or keys in BackwardKeyKernel. A group, two warps, meets the other side 32 at a time, copied to shared memory
// as they are. Scores stay in registers, where they are the next product's left operand; its sums wait in shared memory for the next 32.
// For NVIDIA's GPUs from compute 8.0 on, by our compiler. Two runs give the same bits.
namespace SmilesBert.Kernels;

public static class TensorAttention
{
    public readonly record struct ForwardArgs(Attention.ForwardArgs Heads, TensorLinear.Format Format)
    {
        internal int Splits { get; init; }                  // groups that share the rows of one molecule and head
        internal int Wide { get; init; }                    // whether 128 bits of all rows can be read at once
    }

    public readonly record struct BackwardArgs(Attention.BackwardArgs Heads, TensorLinear.Format Format)
    {
        internal int Splits { get; init; }
        internal int Wide { get; init; }
    }

    private const int Threads = 2 * 32;
    private const int Rows = 2 * TensorBlock.Size;          // of a group at a time
    private const int Lines = TensorScores.Columns;         // of the other side
    private const float Log2OfE = 1.44269504f, LogOf2 = 0.69314718f;

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        Attention.ForwardArgs h = a.Heads;
        Attention.CheckHeadSize(h.HS);
        if (h.B == 0) return;
        ForwardArgs args = a with
        {
            Splits = SplitsOf(h.LogSumExp, h.B, h.NH),
            Wide = h.HS % 4 == 0 && Float4.Fits(h.O) && Float4.Fits(h.QKV) ? 1 : 0,
        };
        Action<ForwardArgs> kernel = a.Format == TensorLinear.Format.TensorFloat32 ? ForwardKernel<TensorFloat32> : ForwardKernel<BFloat16>;
        device.Launch(kernel, h.B * h.NH * args.Splits, Threads, args, SharedBytes(h.HS, Rows + (2 * Lines), sums: 1));
    }

    public static void Backward(IKernelDevice device, in BackwardArgs a)
    {
        Attention.BackwardArgs h = a.Heads;
        Attention.CheckHeadSize(h.HS);
        if (h.B == 0) return;
        BackwardArgs args = a with
        {
            Splits = SplitsOf(h.LogSumExp, h.B, h.NH),
            Wide = h.HS % 4 == 0 && Float4.Fits(h.DQKV) && Float4.Fits(h.DO) && Float4.Fits(h.O) && Float4.Fits(h.QKV) ? 1 : 0,
        };
        (Action<BackwardArgs> query, Action<BackwardArgs> key) = a.Format switch
        {
            TensorLinear.Format.TensorFloat32 => (BackwardQueryKernel<TensorFloat32>, BackwardKeyKernel<TensorFloat32>),
            _ => ((Action<BackwardArgs>)BackwardQueryKernel<BFloat16>, (Action<BackwardArgs>)BackwardKeyKernel<BFloat16>),
        };
        device.Launch(query, h.B * h.NH * args.Splits, Threads, args, SharedBytes(h.HS, (2 * Rows) + (2 * Lines), sums: 1));
        device.Launch(key, h.B * h.NH * args.Splits, Threads, args, SharedBytes(h.HS, (2 * Rows) + (2 * Lines), sums: 2));
    }

    // As many groups as a molecule of the average length needs; those of longer ones take turns.
    private static int SplitsOf(FloatView logSumExp, int molecules, int heads)
    {
        int average = (int)(logSumExp.Length / heads / molecules);
        return Math.Max(1, (average + Rows - 1) / Rows);
    }

    private static int SharedBytes(int size, int rows, int sums) => (rows * SharedRows.RowBytes(size)) + (sums * ThreadSums.Bytes(Threads, size));

    // A warp per 16 queries. The softmax is taken as the keys come: when a larger score turns up, what was summed so far is scaled down.
    internal static void ForwardKernel<TFormat>(ForwardArgs a) where TFormat : struct, ITensorFormat
    {
        Attention.ForwardArgs h = a.Heads;
        Share share = Share.Of(h.Starts, h.NH, h.HS, a.Splits, a.Wide);
        int size = SharedRows.Padded(h.HS), warpRow = Group.IdxX / 32 * TensorBlock.Size;
        HeadRows q = share.Part(h.QKV, 0), k = share.Part(h.QKV, 1), v = share.Part(h.QKV, 2), o = share.Rows(h.O);
        SharedRows queries = SharedRows.At(0, h.HS), keys = SharedRows.At(Rows, h.HS), values = SharedRows.At(Rows + Lines, h.HS);
        ThreadSums sums = ThreadSums.Behind(Rows + (2 * Lines), 0, h.HS);

        for (int i0 = share.First; i0 < share.Length; i0 += a.Splits * Rows)
        {
            int i = i0 + warpRow + TensorBlock.Row;
            SoftmaxRow top = SoftmaxRow.Empty, bottom = SoftmaxRow.Empty;
            for (int j0 = 0; j0 < share.Length; j0 += Lines)
            {
                Group.Barrier();                            // what was there before is done with
                if (j0 == 0) q.Copy(i0, Rows, queries);
                k.Copy(j0, Lines, keys);
                v.Copy(j0, Lines, values);
                CudaAsm.Emit("cp.async.wait_all;");
                Group.Barrier();                            // all is there, for all
                if (i0 + warpRow >= share.Length) continue; // a warp without queries only helps to bring the keys

                TensorScores s = TensorScores.Of<TFormat>(queries.Left(warpRow), keys, size).Times(h.Scale * Log2OfE);
                bool isLast = j0 + Lines >= share.Length;
                if (isLast) s = s.Before(share.Length - j0);
                top = top.Meet(s.Near.Top, s.Far.Top);
                bottom = bottom.Meet(s.Near.Bottom, s.Far.Bottom);
                TensorScores p = s.Minus(TensorScores.OfRows(top.Max, bottom.Max)).Exp2();
                top = top.Add(p.Near.Top, p.Far.Top);
                bottom = bottom.Add(p.Near.Bottom, p.Far.Bottom);
                TensorWeights weights = p.Times(FactorsOfQueries(h.Mask, share.Row, i, j0)).As<TFormat>();

                float topTotal = isLast ? top.Total() : 1f, bottomTotal = isLast ? bottom.Total() : 1f;
                float topShare = 1f / topTotal, bottomShare = 1f / bottomTotal;
                RightRows depth = values.AsDepth();
                for (int d = 0; d < size; d += TensorBlock.Size)
                {
                    TensorBlock sum = j0 == 0 ? default : sums.Load(d).Times(top.Shrink, bottom.Shrink);
                    sum = weights.AddTo<TFormat>(sum, depth, d * sizeof(float));
                    if (isLast) sum.Times(topShare, bottomShare).Store(o, i, d);
                    else sums.Store(d, sum);
                }
                if (isLast && TensorBlock.Quad == 0)
                {
                    share.Store(h.LogSumExp, i, (top.Max + XMath.Log2(topTotal)) * LogOf2);
                    share.Store(h.LogSumExp, i + 8, (bottom.Max + XMath.Log2(bottomTotal)) * LogOf2);
                }
            }
        }
    }

    // DQ and Delta: a warp per 16 queries, over the keys as in ForwardKernel.
    internal static void BackwardQueryKernel<TFormat>(BackwardArgs a) where TFormat : struct, ITensorFormat
    {
        Attention.BackwardArgs h = a.Heads;
        Share share = Share.Of(h.Starts, h.NH, h.HS, a.Splits, a.Wide);
        int size = SharedRows.Padded(h.HS), warpRow = Group.IdxX / 32 * TensorBlock.Size;
        HeadRows q = share.Part(h.QKV, 0), k = share.Part(h.QKV, 1), v = share.Part(h.QKV, 2);
        HeadRows dO = share.Rows(h.DO), o = share.Rows(h.O), dq = share.Part(h.DQKV, 0);
        SharedRows queries = SharedRows.At(0, h.HS), dOs = SharedRows.At(Rows, h.HS);
        SharedRows keys = SharedRows.At(2 * Rows, h.HS), values = SharedRows.At((2 * Rows) + Lines, h.HS);
        ThreadSums sums = ThreadSums.Behind((2 * Rows) + (2 * Lines), 0, h.HS);

        for (int i0 = share.First; i0 < share.Length; i0 += a.Splits * Rows)
        {
            int i = i0 + warpRow + TensorBlock.Row;
            float topDelta = Delta(dO, o, i, size), bottomDelta = Delta(dO, o, i + 8, size);
            if (TensorBlock.Quad == 0)
            {
                share.Store(h.Delta, i, topDelta);
                share.Store(h.Delta, i + 8, bottomDelta);
            }
            TensorScores deltas = TensorScores.OfRows(topDelta, bottomDelta);
            TensorScores logSums = TensorScores.OfRows(share.Load(h.LogSumExp, i) * Log2OfE, share.Load(h.LogSumExp, i + 8) * Log2OfE);
            for (int j0 = 0; j0 < share.Length; j0 += Lines)
            {
                Group.Barrier();                            // what was there before is done with
                if (j0 == 0) q.Copy(i0, Rows, queries);
                if (j0 == 0) dO.Copy(i0, Rows, dOs);
                k.Copy(j0, Lines, keys);
                v.Copy(j0, Lines, values);
                CudaAsm.Emit("cp.async.wait_all;");
                Group.Barrier();                            // all is there, for all
                if (i0 + warpRow >= share.Length) continue; // a warp without queries only helps to bring the keys

                TensorScores s = TensorScores.Of<TFormat>(queries.Left(warpRow), keys, size).Times(h.Scale * Log2OfE);
                TensorScores dp = TensorScores.Of<TFormat>(dOs.Left(warpRow), values, size).Times(FactorsOfQueries(h.Mask, share.Row, i, j0));
                bool isLast = j0 + Lines >= share.Length;
                if (isLast) s = s.Before(share.Length - j0);
                TensorWeights ds = s.Minus(logSums).Exp2().Times(dp.Minus(deltas)).As<TFormat>();

                RightRows depth = keys.AsDepth();
                for (int d = 0; d < size; d += TensorBlock.Size)
                {
                    TensorBlock sum = ds.AddTo<TFormat>(j0 == 0 ? default : sums.Load(d), depth, d * sizeof(float));
                    if (isLast) sum.Times(h.Scale, h.Scale).Store(dq, i, d);
                    else sums.Store(d, sum);
                }
            }
        }
    }

    // DK and DV: a warp per 16 keys, over the queries; Delta is there. Queries past the end are rows of zeros, and add nothing.
    internal static void BackwardKeyKernel<TFormat>(BackwardArgs a) where TFormat : struct, ITensorFormat
    {
        ArrayView<float> logSums = SharedMemory.Allocate<float>(Lines), deltas = SharedMemory.Allocate<float>(Lines);
        Attention.BackwardArgs h = a.Heads;
        Share share = Share.Of(h.Starts, h.NH, h.HS, a.Splits, a.Wide);
        int size = SharedRows.Padded(h.HS), warpRow = Group.IdxX / 32 * TensorBlock.Size;
        HeadRows q = share.Part(h.QKV, 0), k = share.Part(h.QKV, 1), v = share.Part(h.QKV, 2);
        HeadRows dO = share.Rows(h.DO), dk = share.Part(h.DQKV, 1), dv = share.Part(h.DQKV, 2);
        SharedRows keys = SharedRows.At(0, h.HS), values = SharedRows.At(Rows, h.HS);
        SharedRows queries = SharedRows.At(2 * Rows, h.HS), dOs = SharedRows.At((2 * Rows) + Lines, h.HS);
        ThreadSums keySums = ThreadSums.Behind((2 * Rows) + (2 * Lines), 0, h.HS), valueSums = ThreadSums.Behind((2 * Rows) + (2 * Lines), 1, h.HS);

        for (int j0 = share.First; j0 < share.Length; j0 += a.Splits * Rows)
        {
            int j = j0 + warpRow + TensorBlock.Row;
            for (int i0 = 0; i0 < share.Length; i0 += Lines)
            {
                Group.Barrier();                            // what was there before is done with
                if (i0 == 0) k.Copy(j0, Rows, keys);
                if (i0 == 0) v.Copy(j0, Rows, values);
                q.Copy(i0, Lines, queries);
                dO.Copy(i0, Lines, dOs);
                if (Group.IdxX < Lines) logSums[Group.IdxX] = share.Load(h.LogSumExp, i0 + Group.IdxX) * Log2OfE;
                else deltas[Group.IdxX - Lines] = share.Load(h.Delta, i0 + Group.IdxX - Lines);
                CudaAsm.Emit("cp.async.wait_all;");
                Group.Barrier();                            // all is there, for all
                if (j0 + warpRow >= share.Length) continue; // a warp without keys only helps to bring the queries

                TensorScores s = TensorScores.Of<TFormat>(keys.Left(warpRow), queries, size).Times(h.Scale * Log2OfE);
                TensorScores factors = FactorsOfKeys(h.Mask, share.Row, i0, j);
                TensorScores dp = TensorScores.Of<TFormat>(values.Left(warpRow), dOs, size).Times(factors);
                TensorScores p = s.Minus(TensorScores.OfColumns(logSums)).Exp2();
                TensorWeights dropped = p.Times(factors).As<TFormat>(), ds = p.Times(dp.Minus(TensorScores.OfColumns(deltas))).As<TFormat>();

                bool isLast = i0 + Lines >= share.Length;
                RightRows queryDepth = queries.AsDepth(), dODepth = dOs.AsDepth();
                for (int d = 0; d < size; d += TensorBlock.Size)
                {
                    TensorBlock keySum = ds.AddTo<TFormat>(i0 == 0 ? default : keySums.Load(d), queryDepth, d * sizeof(float));
                    TensorBlock valueSum = dropped.AddTo<TFormat>(i0 == 0 ? default : valueSums.Load(d), dODepth, d * sizeof(float));
                    if (isLast)
                    {
                        keySum.Times(h.Scale, h.Scale).Store(dk, j, d);
                        valueSum.Store(dv, j, d);
                    }
                    else
                    {
                        keySums.Store(d, keySum);
                        valueSums.Store(d, valueSum);
                    }
                }
            }
        }
    }

    // A group's share of the work: rows of one molecule and head, from First on.
    private readonly record struct Share(int Row, int Head, int Heads, int Size, int Wide, int Start, int Length, int First)
    {
        public static Share Of(IntView starts, int heads, int size, int splits, int wide)
        {
            int row = Grid.IdxX / splits, start = starts[row / heads];
            return new(row, row % heads, heads, size, wide, start, starts[(row / heads) + 1] - start, Grid.IdxX % splits * TensorAttention.Rows);
        }

        /// <summary>The head's part of the molecule's rows of x (N,C).</summary>
        public HeadRows Rows(FloatView x) => RowsOf(x, 0, Heads * Size);

        /// <summary>Of x (N,3C), Q (part 0), K (1) or V (2).</summary>
        public HeadRows Part(FloatView x, int part) => RowsOf(x, part * Heads * Size, 3 * Heads * Size);

        /// <summary>A token's number in x (N,NH); 0 past the molecule.</summary>
        public float Load(FloatView x, int token) => token < Length ? x[((Start + token) * Heads) + Head] : 0f;

        /// <summary>Writes a token's number, but nothing past the molecule.</summary>
        public void Store(FloatView x, int token, float value)
        {
            if (token < Length) x[((Start + token) * Heads) + Head] = value;
        }

        private HeadRows RowsOf(FloatView x, int column, int step) => new(x, (Start * step) + column + (Head * Size), Length, Size, step, Wide);
    }

    // Four threads go along a row together.
    private static float Delta(HeadRows dO, HeadRows o, int row, int size)
    {
        float sum = 0f;
        for (int column = TensorBlock.Quad; column < size; column += TensorBlock.Size)
        {
            Float4 both = dO.Load(row, column).Times(o.Load(row, column));
            sum += both.X + both.Y + both.Z + both.W;
        }
        return SoftmaxRow.QuadSum(sum);
    }

    // ---- Dropout: what scores are multiplied with. Who draws, draws for four keys at once ------------------------------

    private static TensorScores FactorsOfQueries(DropoutMask mask, int row, int query, int key0) =>
        new(BlockOfQueries(mask, row, query, key0), BlockOfQueries(mask, row, query, key0 + TensorBlock.Size));

    private static TensorBlock BlockOfQueries(DropoutMask mask, int row, int query, int key0)
    {
        uint top = TensorBlock.InPlace(mask.DroppedKeys(row, query, (key0 + TensorBlock.Quad) / 4));
        uint bottom = TensorBlock.InPlace(mask.DroppedKeys(row, query + 8, (key0 + TensorBlock.Quad) / 4));
        return new(
            new(mask.Factor(top, 0), mask.Factor(top, 1), mask.Factor(top, 2), mask.Factor(top, 3)),
            new(mask.Factor(bottom, 0), mask.Factor(bottom, 1), mask.Factor(bottom, 2), mask.Factor(bottom, 3)));
    }

    private static TensorScores FactorsOfKeys(DropoutMask mask, int row, int query0, int key) =>
        new(BlockOfKeys(mask, row, query0, key), BlockOfKeys(mask, row, query0 + TensorBlock.Size, key));

    // Four lanes whose keys are neighbours have the same four queries: each draws for one of these and gives the others their bits.
    private static TensorBlock BlockOfKeys(DropoutMask mask, int row, int query0, int key)
    {
        int mine = TensorBlock.Row % 4, query = query0 + TensorBlock.Column(mine);
        uint dropped = mask.DroppedKeys(row, query, key / 4) | (mask.DroppedKeys(row, query, (key / 4) + 2) << 4);
        uint a = FromLane(dropped, 0) >> mine, b = FromLane(dropped, 1) >> mine, c = FromLane(dropped, 2) >> mine, d = FromLane(dropped, 3) >> mine;
        return new(
            new(mask.Factor(a, 0), mask.Factor(b, 0), mask.Factor(c, 0), mask.Factor(d, 0)),
            new(mask.Factor(a, 4), mask.Factor(b, 4), mask.Factor(c, 4), mask.Factor(d, 4)));
    }

    // From the one of the four lanes that drew for query i.
    private static uint FromLane(uint bits, int i) => Warp.Shuffle(bits, (Group.IdxX % 32 / 16 * 16) + (i * 4) + (Group.IdxX % 4));
}
