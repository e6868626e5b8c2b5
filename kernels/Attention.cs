// Attention within each molecule and head: O = dropout(P) V, P = softmax(Q K^T * Scale).
//
//   P[i,j]  = exp(S[i,j] - LogSumExp[i])                      S[i,j] = Scale * sum over d of Q[i,d] * K[j,d]
//   DV[j,:] = sum over i of P[i,j] * factor[i,j] * DO[i,:]    factor: 0 where (i,j) is dropped, else the mask's scale
//   DS[i,j] = P[i,j] * (factor[i,j] * DP[i,j] - Delta[i])     DP[i,j] = sum over d of DO[i,d] * V[j,d]
//   DQ[i,:] = Scale * sum over j of DS[i,j] * K[j,:]          Delta[i] = sum over d of DO[i,d] * O[i,d]
//   DK[j,:] = Scale * sum over i of DS[i,j] * Q[i,:]
//
// QKV is packed (N,3C): Q, K, V side by side; within each, head h has columns h*HS to (h+1)*HS. Molecules of any length, head sizes
// to 128. Forward saves LogSumExp; the probabilities are never stored, Backward computes them again. Everything is written with =.
namespace SmilesBert.Kernels;

public static class Attention
{
    public readonly record struct ForwardArgs(
        FloatView O, FloatView LogSumExp,                   // (N,C) (N,NH)          out =
        FloatView QKV, IntView Starts,                      // (N,3C) (B+1)          in
        int B, int NH, int HS, float Scale, DropoutMask Mask);

    public readonly record struct BackwardArgs(
        FloatView DQKV, FloatView Delta,                    // (N,3C) (N,NH)         out =; Delta is scratch
        FloatView DO, FloatView O, FloatView LogSumExp,     // (N,C) (N,C) (N,NH)    in
        FloatView QKV, IntView Starts,                      // (N,3C) (B+1)          in
        int B, int NH, int HS, float Scale, DropoutMask Mask);

    /// <summary>The largest head size.</summary>
    public const int MaxHeadSize = 128;

    private const int Splits = 4;                           // groups that share the rows of one molecule and head
    private const int Lines = 32;                           // rows of K and V (or Q and DO) in shared memory at a time
    private const int TileLength = Lines * (MaxHeadSize + 1);
    private const int Warps = 8;                            // rows that a group works on at a time
    private const int KeyWarps = 4;                         // likewise in BackwardKeyKernel, which keeps more of each

    public static void Forward(IKernelDevice device, in ForwardArgs a)
    {
        CheckHeadSize(a.HS);
        if (a.B == 0) return;
        device.Launch(ForwardKernel, groups: a.B * a.NH * Splits, threads: Warps * device.WarpSize, a);
    }

    public static void Backward(IKernelDevice device, in BackwardArgs a)
    {
        CheckHeadSize(a.HS);
        if (a.B == 0) return;
        device.Launch(BackwardQueryKernel, groups: a.B * a.NH * Splits, threads: Warps * device.WarpSize, a);
        device.Launch(BackwardKeyKernel, groups: a.B * a.NH * Splits, threads: KeyWarps * device.WarpSize, a);
    }

    internal static void CheckHeadSize(int size)
    {
        if (size > MaxHeadSize)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"attention kernels take head sizes to {MaxHeadSize}");
    }

    // A warp per query, all warps of the group on the same 32 keys at a time. The softmax is taken as the keys come: when a larger score
    // turns up, what was summed so far is scaled down.
    internal static void ForwardKernel(ForwardArgs a)
    {
        ArrayView<float> ks = SharedMemory.Allocate<float>(TileLength), vs = SharedMemory.Allocate<float>(TileLength);
        int warp = Group.IdxX / Warp.WarpSize;
        ArrayView<float> q = SharedMemory.Allocate<float>(Warps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> o = SharedMemory.Allocate<float>(Warps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> p = SharedMemory.Allocate<float>(Warps * Lines).SubView(warp * Lines, Lines);

        int row = Grid.IdxX / Splits, molecule = row / a.NH, head = row % a.NH, hs = a.HS, pitch = hs | 1, c = a.NH * hs;
        int start = a.Starts[molecule], length = a.Starts[molecule + 1] - start;

        for (int i0 = Grid.IdxX % Splits * Warps; i0 < length; i0 += Splits * Warps)
        {
            int i = i0 + warp;
            bool present = i < length;                      // a warp without a query still helps to bring the keys
            if (present)
            {
                LoadRow(q, a.QKV, ((start + i) * 3 * c) + (head * hs), hs);
                Clear(o, hs);
            }
            float max = float.NegativeInfinity, sum = 0f;
            for (int j0 = 0; j0 < length; j0 += Lines)
            {
                int keys = Math.Min(Lines, length - j0), key = ((start + j0) * 3 * c) + c + (head * hs);
                Group.Barrier();                            // the keys before are done with
                LoadTile(ks, a.QKV, key, 3 * c, keys, hs, pitch);
                LoadTile(vs, a.QKV, key + c, 3 * c, keys, hs, pitch);
                Group.Barrier();                            // these keys are there, for all
                if (!present) continue;

                float tileMax = float.NegativeInfinity;
                for (int j = Warp.LaneIdx; j < keys; j += Warp.WarpSize)
                {
                    float score = Dot(q, ks, j * pitch, hs) * a.Scale;
                    p[j] = score;
                    tileMax = XMath.Max(tileMax, score);
                }
                float newMax = XMath.Max(max, Reduce.WarpMax(tileMax)), shrink = XMath.Exp(max - newMax), tileSum = 0f;
                for (int j = Warp.LaneIdx; j < keys; j += Warp.WarpSize)
                {
                    float e = XMath.Exp(p[j] - newMax);
                    p[j] = e * a.Mask.KeyFactor(row, i, j0 + j);
                    tileSum += e;
                }
                sum = (sum * shrink) + Reduce.WarpSum(tileSum);
                max = newMax;
                Warp.Barrier();                             // p is there, for all lanes
                for (int d = Warp.LaneIdx; d < hs; d += Warp.WarpSize) o[d] = (o[d] * shrink) + ColumnDot(p, vs, d, keys, pitch);
            }
            if (!present) continue;

            int y = ((start + i) * c) + (head * hs);
            for (int d = Warp.LaneIdx; d < hs; d += Warp.WarpSize) a.O[y + d] = o[d] / sum;
            if (Warp.LaneIdx == 0) a.LogSumExp[((start + i) * a.NH) + head] = max + XMath.Log(sum);
        }
    }

    // DQ and Delta: a warp per query, over the keys as in ForwardKernel.
    internal static void BackwardQueryKernel(BackwardArgs a)
    {
        ArrayView<float> ks = SharedMemory.Allocate<float>(TileLength), vs = SharedMemory.Allocate<float>(TileLength);
        int warp = Group.IdxX / Warp.WarpSize;
        ArrayView<float> q = SharedMemory.Allocate<float>(Warps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> dO = SharedMemory.Allocate<float>(Warps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> dq = SharedMemory.Allocate<float>(Warps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> ds = SharedMemory.Allocate<float>(Warps * Lines).SubView(warp * Lines, Lines);

        int row = Grid.IdxX / Splits, molecule = row / a.NH, head = row % a.NH, hs = a.HS, pitch = hs | 1, c = a.NH * hs;
        int start = a.Starts[molecule], length = a.Starts[molecule + 1] - start;

        for (int i0 = Grid.IdxX % Splits * Warps; i0 < length; i0 += Splits * Warps)
        {
            int i = i0 + warp, query = ((start + i) * 3 * c) + (head * hs), y = ((start + i) * c) + (head * hs);
            bool present = i < length;                      // a warp without a query still helps to bring the keys
            float delta = 0f, logSumExp = 0f;
            if (present)
            {
                LoadRow(q, a.QKV, query, hs);
                LoadRow(dO, a.DO, y, hs);
                Clear(dq, hs);
                for (int d = Warp.LaneIdx; d < hs; d += Warp.WarpSize) delta += dO[d] * a.O[y + d];
                delta = Reduce.WarpSum(delta);
                logSumExp = a.LogSumExp[((start + i) * a.NH) + head];
                if (Warp.LaneIdx == 0) a.Delta[((start + i) * a.NH) + head] = delta;
            }
            for (int j0 = 0; j0 < length; j0 += Lines)
            {
                int keys = Math.Min(Lines, length - j0), key = ((start + j0) * 3 * c) + c + (head * hs);
                Group.Barrier();                            // the keys before are done with
                LoadTile(ks, a.QKV, key, 3 * c, keys, hs, pitch);
                LoadTile(vs, a.QKV, key + c, 3 * c, keys, hs, pitch);
                Group.Barrier();                            // these keys are there, for all
                if (!present) continue;

                for (int j = Warp.LaneIdx; j < keys; j += Warp.WarpSize)
                {
                    float p = XMath.Exp((Dot(q, ks, j * pitch, hs) * a.Scale) - logSumExp);
                    float dp = Dot(dO, vs, j * pitch, hs) * a.Mask.KeyFactor(row, i, j0 + j);
                    ds[j] = p * (dp - delta) * a.Scale;
                }
                Warp.Barrier();                             // ds is there, for all lanes
                for (int d = Warp.LaneIdx; d < hs; d += Warp.WarpSize) dq[d] += ColumnDot(ds, ks, d, keys, pitch);
            }
            if (present) StoreRow(a.DQKV, query, dq, hs);
        }
    }

    // DK and DV: a warp per key, over the queries; Delta is there.
    internal static void BackwardKeyKernel(BackwardArgs a)
    {
        ArrayView<float> qs = SharedMemory.Allocate<float>(TileLength), dOs = SharedMemory.Allocate<float>(TileLength);
        int warp = Group.IdxX / Warp.WarpSize;
        ArrayView<float> k = SharedMemory.Allocate<float>(KeyWarps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> v = SharedMemory.Allocate<float>(KeyWarps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> dk = SharedMemory.Allocate<float>(KeyWarps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> dv = SharedMemory.Allocate<float>(KeyWarps * MaxHeadSize).SubView(warp * MaxHeadSize, MaxHeadSize);
        ArrayView<float> ds = SharedMemory.Allocate<float>(KeyWarps * Lines).SubView(warp * Lines, Lines);
        ArrayView<float> dropped = SharedMemory.Allocate<float>(KeyWarps * Lines).SubView(warp * Lines, Lines);

        int row = Grid.IdxX / Splits, molecule = row / a.NH, head = row % a.NH, hs = a.HS, pitch = hs | 1, c = a.NH * hs;
        int start = a.Starts[molecule], length = a.Starts[molecule + 1] - start;

        for (int j0 = Grid.IdxX % Splits * KeyWarps; j0 < length; j0 += Splits * KeyWarps)
        {
            int j = j0 + warp, key = ((start + j) * 3 * c) + c + (head * hs);
            bool present = j < length;                      // a warp without a key still helps to bring the queries
            if (present)
            {
                LoadRow(k, a.QKV, key, hs);
                LoadRow(v, a.QKV, key + c, hs);
                Clear(dk, hs);
                Clear(dv, hs);
            }
            for (int i0 = 0; i0 < length; i0 += Lines)
            {
                int queries = Math.Min(Lines, length - i0);
                Group.Barrier();                            // the queries before are done with
                LoadTile(qs, a.QKV, ((start + i0) * 3 * c) + (head * hs), 3 * c, queries, hs, pitch);
                LoadTile(dOs, a.DO, ((start + i0) * c) + (head * hs), c, queries, hs, pitch);
                Group.Barrier();                            // these queries are there, for all
                if (!present) continue;

                for (int i = Warp.LaneIdx; i < queries; i += Warp.WarpSize)
                {
                    int saved = ((start + i0 + i) * a.NH) + head;
                    float p = XMath.Exp((Dot(k, qs, i * pitch, hs) * a.Scale) - a.LogSumExp[saved]);
                    float factor = a.Mask.KeyFactor(row, i0 + i, j);
                    dropped[i] = p * factor;
                    ds[i] = p * ((Dot(v, dOs, i * pitch, hs) * factor) - a.Delta[saved]) * a.Scale;
                }
                Warp.Barrier();                             // ds and dropped are there, for all lanes
                for (int d = Warp.LaneIdx; d < hs; d += Warp.WarpSize)
                {
                    dk[d] += ColumnDot(ds, qs, d, queries, pitch);
                    dv[d] += ColumnDot(dropped, dOs, d, queries, pitch);
                }
            }
            if (present)
            {
                StoreRow(a.DQKV, key, dk, hs);
                StoreRow(a.DQKV, key + c, dv, hs);
            }
        }
    }

    // ---- A warp's row: a lane always has the same columns of it ----------------------------------------------------

    private static void LoadRow(ArrayView<float> row, FloatView x, int at, int size)
    {
        for (int d = Warp.LaneIdx; d < size; d += Warp.WarpSize) row[d] = x[at + d];
    }

    private static void StoreRow(FloatView x, int at, ArrayView<float> row, int size)
    {
        for (int d = Warp.LaneIdx; d < size; d += Warp.WarpSize) x[at + d] = row[d];
    }

    private static void Clear(ArrayView<float> row, int size)
    {
        for (int d = Warp.LaneIdx; d < size; d += Warp.WarpSize) row[d] = 0f;
    }

    // ---- A group's tile: its pitch is odd, so that the lanes, a line each, do not meet in one bank -----------------

    private static void LoadTile(ArrayView<float> tile, FloatView x, int at, int step, int lines, int size, int pitch)
    {
        for (int line = Group.IdxX / Warp.WarpSize; line < lines; line += Group.DimX / Warp.WarpSize)
            for (int d = Warp.LaneIdx; d < size; d += Warp.WarpSize) tile[(line * pitch) + d] = x[at + (line * step) + d];
    }

    private static float Dot(ArrayView<float> row, ArrayView<float> tile, int line, int size)
    {
        float sum = 0f;
        for (int d = 0; d < size; d++) sum += row[d] * tile[line + d];
        return sum;
    }

    private static float ColumnDot(ArrayView<float> weights, ArrayView<float> tile, int column, int lines, int pitch)
    {
        float sum = 0f;
        for (int line = 0; line < lines; line++) sum += weights[line] * tile[(line * pitch) + column];
        return sum;
    }
}
