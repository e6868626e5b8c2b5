using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

// Attention of one molecule and head is one item. Its operands are first laid out anew, padded with zeros to whole tiles, so that
// every product is MatrixTiles on contiguous rows; queries pass in blocks, so that the scores of a long molecule stay in the cache.
public sealed unsafe partial class CpuOps
{
    private const int QueryBlock = 32;

    private int nextItem;

    private readonly record struct AttentionArgs(
        CpuOps Ops, Floats Scratch, Floats O, Floats LogSumExp, Floats Qkv, Ints Starts, int Items, int Longest, int Heads, int HeadSize, float Scale,
        Dropout Dropout);

    private readonly record struct AttentionBackwardArgs(AttentionArgs Forward, Floats Dqkv, Floats DO);

    public void AttentionForward(Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout)
    {
        int longest = LongestMolecule(starts, b);
        Floats space = Scratch((team.Count * ForwardScratch(longest, headSize)) + ScratchAlignment);
        nextItem = 0;
        // An item's work grows with the square of its length, so each of the team takes one seat (its part of the scratch)
        // and then the next item again and again.
        AttentionArgs args = new(this, space, o, logSumExp, qkv, starts, b * heads, longest, heads, headSize, scale, dropout);
        team.For(team.Count, 1, args, static (a, from, to) =>
        {
            for (int seat = from; seat < to; seat++)
                for (int item = a.Ops.NextItem(); item < a.Items; item = a.Ops.NextItem()) ForwardItem(a, seat, item);
        });
    }

    public void AttentionBackward(
        Floats dqkv, Floats dO, Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout)
    {
        int longest = LongestMolecule(starts, b);
        Floats space = Scratch((team.Count * BackwardScratch(longest, headSize)) + ScratchAlignment);
        AttentionArgs forward = new(this, space, o, logSumExp, qkv, starts, b * heads, longest, heads, headSize, scale, dropout);
        nextItem = 0;
        team.For(team.Count, 1, new AttentionBackwardArgs(forward, dqkv, dO), static (a, from, to) =>
        {
            for (int seat = from; seat < to; seat++)
                for (int item = a.Forward.Ops.NextItem(); item < a.Forward.Items; item = a.Forward.Ops.NextItem()) BackwardItem(a, seat, item);
        });
    }

    private static void ForwardItem(AttentionArgs a, int seat, int item)
    {
        AttentionItem at = new(a, item);
        (int length, int size, int row) = (at.Length, a.HeadSize, at.QkvRow);
        int keys = MatrixTiles.PadColumns(length), width = MatrixTiles.PadColumns(size);
        float* query = at.Place(a.Qkv, row, 0), key = at.Place(a.Qkv, row, 1), value = at.Place(a.Qkv, row, 2), o = at.Place(a.O, at.C, 0);
        float* logSumExp = at.Place(a.LogSumExp);

        float* next = Seat(a.Scratch, seat, ForwardScratch(a.Longest, size));
        float* kT = Take(ref next, width * keys), v = Take(ref next, keys * width);
        float* q = Take(ref next, QueryBlock * width), p = Take(ref next, QueryBlock * keys), sums = Take(ref next, QueryBlock * width);
        float* total = stackalloc float[QueryBlock];
        DropoutMask mask = new(a.Dropout);

        MatrixTiles.PackTransposed(kT, keys, key, row, length, size);
        MatrixTiles.Pack(v, width, keys, value, row, length, size, 1f);
        for (int block = 0; block < length; block += QueryBlock)
        {
            int rows = Math.Min(QueryBlock, length - block), padded = MatrixTiles.PadRows(rows);
            MatrixTiles.Pack(q, width, padded, query + ((long)block * row), row, rows, size, a.Scale);
            MatrixTiles.Multiply(p, keys, q, width, 1, kT, keys, padded, keys, size);
            for (int r = 0; r < rows; r++)
            {
                float max = Exponentials(p + (r * keys), length, keys, block + r, item, mask, out total[r]);
                logSumExp[(long)(block + r) * a.Heads] = max + MathF.Log(total[r]);
            }
            MatrixTiles.Multiply(sums, width, p, keys, 1, v, width, padded, width, length);
            for (int r = 0; r < rows; r++)
                MatrixTiles.Unpack(o + ((long)(block + r) * at.C), at.C, sums + (r * width), width, 1, size, 1f / total[r]);
        }
    }

    // With P the probabilities and F the dropout's factors: dV = (P F)^T dO, dP = dO V^T, dS = P (F dP - D) where D = rowsum(dO O),
    // dQ = dS K scale, dK = dS^T Q scale.
    private static void BackwardItem(AttentionBackwardArgs b, int seat, int item)
    {
        AttentionArgs a = b.Forward;
        AttentionItem at = new(a, item);
        (int length, int size, int row) = (at.Length, a.HeadSize, at.QkvRow);
        int keys = MatrixTiles.PadColumns(length), width = MatrixTiles.PadColumns(size);
        float* query = at.Place(a.Qkv, row, 0), key = at.Place(a.Qkv, row, 1), value = at.Place(a.Qkv, row, 2), o = at.Place(a.O, at.C, 0);
        float* dQuery = at.Place(b.Dqkv, row, 0), dKey = at.Place(b.Dqkv, row, 1), dValue = at.Place(b.Dqkv, row, 2), dOut = at.Place(b.DO, at.C, 0);
        float* logSumExp = at.Place(a.LogSumExp);

        float* next = Seat(a.Scratch, seat, BackwardScratch(a.Longest, size));
        float* kT = Take(ref next, width * keys), vT = Take(ref next, width * keys), k = Take(ref next, keys * width);
        float* dK = Take(ref next, keys * width), dV = Take(ref next, keys * width);
        float* q = Take(ref next, QueryBlock * width), dO = Take(ref next, QueryBlock * width), dQ = Take(ref next, QueryBlock * width);
        float* p = Take(ref next, QueryBlock * keys), dS = Take(ref next, QueryBlock * keys);
        DropoutMask mask = new(a.Dropout);

        MatrixTiles.PackTransposed(kT, keys, key, row, length, size);
        MatrixTiles.PackTransposed(vT, keys, value, row, length, size);
        MatrixTiles.Pack(k, width, keys, key, row, length, size, 1f);
        for (int block = 0; block < length; block += QueryBlock)
        {
            int rows = Math.Min(QueryBlock, length - block), padded = MatrixTiles.PadRows(rows);
            MatrixTiles.Pack(q, width, padded, query + ((long)block * row), row, rows, size, a.Scale);
            MatrixTiles.Pack(dO, width, padded, dOut + ((long)block * at.C), at.C, rows, size, 1f);
            MatrixTiles.Multiply(p, keys, q, width, 1, kT, keys, padded, keys, size);
            MatrixTiles.Multiply(dS, keys, dO, width, 1, vT, keys, padded, keys, size);
            for (int r = 0; r < rows; r++)
            {
                float d = VectorMath.Dot(dO + (r * width), o + ((long)(block + r) * at.C), size);
                float lse = logSumExp[(long)(block + r) * a.Heads];
                ScoreGradients(p + (r * keys), dS + (r * keys), length, keys, lse, d, block + r, item, mask);
            }
            MatrixTiles.Multiply(dV, width, p, 1, keys, dO, width, keys, width, rows, accumulate: block > 0);
            MatrixTiles.Multiply(dK, width, dS, 1, keys, q, width, keys, width, rows, accumulate: block > 0);
            MatrixTiles.Multiply(dQ, width, dS, keys, 1, k, width, padded, width, length);
            MatrixTiles.Unpack(dQuery + ((long)block * row), row, dQ, width, rows, size, a.Scale);
        }
        MatrixTiles.Unpack(dKey, row, dK, width, length, size, 1f);
        MatrixTiles.Unpack(dValue, row, dV, width, length, size, 1f);
    }

    // The row functions are never inlined: their vectors stay in registers only in a method that calls nothing.

    /// <summary>
    /// Of one query: p[j] = exp(p[j] - max) F, 0 beyond <paramref name="length"/>. Returns the maximum, and the sum of the exponentials without F.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Exponentials(float* p, int length, int padded, int query, int item, DropoutMask mask, out float sum)
    {
        new Span<float>(p + length, padded - length).Fill(float.NegativeInfinity);
        Vector256<float> most = Vector256.Load(p), mostToo = Vector256.Load(p + 8);
        for (int j = MatrixTiles.Columns; j < padded; j += MatrixTiles.Columns)
        {
            most = Vector256.MaxNative(most, Vector256.Load(p + j));
            mostToo = Vector256.MaxNative(mostToo, Vector256.Load(p + j + 8));
        }
        float max = VectorMath.Max(Vector256.MaxNative(most, mostToo));

        Vector256<float> by = Vector256.Create(max), total = default, f0 = Vector256<float>.One, f1 = f0, f2 = f0, f3 = f0;
        for (int j = 0; j < padded; j += DropoutMask.Width)
        {
            if (mask.IsOn) mask.Draw(((uint)query * 65536) + ((uint)j / 4), (uint)item, out f0, out f1, out f2, out f3);
            total += Exponential(p + j, by, f0);
            total += Exponential(p + j + 8, by, f1);
            if (j + MatrixTiles.Columns == padded) break;
            total += Exponential(p + j + 16, by, f2);
            total += Exponential(p + j + 24, by, f3);
        }
        sum = Vector256.Sum(total);
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exponential(float* p, Vector256<float> max, Vector256<float> factor)
    {
        Vector256<float> e = VectorMath.Exp(Vector256.Load(p) - max);
        (e * factor).Store(p);
        return e;
    }

    /// <summary>Of one query: dS = P (F dP - D) in place of dP, then P F in place of the scores, P = exp(score - logSumExp).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ScoreGradients(float* p, float* dS, int length, int padded, float logSumExp, float d, int query, int item, DropoutMask mask)
    {
        new Span<float>(p + length, padded - length).Fill(float.NegativeInfinity);
        Vector256<float> lse = Vector256.Create(logSumExp), dOut = Vector256.Create(d), f0 = Vector256<float>.One, f1 = f0, f2 = f0, f3 = f0;
        for (int j = 0; j < padded; j += DropoutMask.Width)
        {
            if (mask.IsOn) mask.Draw(((uint)query * 65536) + ((uint)j / 4), (uint)item, out f0, out f1, out f2, out f3);
            ScoreGradient(p + j, dS + j, lse, dOut, f0);
            ScoreGradient(p + j + 8, dS + j + 8, lse, dOut, f1);
            if (j + MatrixTiles.Columns == padded) break;
            ScoreGradient(p + j + 16, dS + j + 16, lse, dOut, f2);
            ScoreGradient(p + j + 24, dS + j + 24, lse, dOut, f3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScoreGradient(float* p, float* dS, Vector256<float> logSumExp, Vector256<float> d, Vector256<float> factor)
    {
        Vector256<float> e = VectorMath.Exp(Vector256.Load(p) - logSumExp);
        (e * ((Vector256.Load(dS) * factor) - d)).Store(dS);
        (e * factor).Store(p);
    }

    /// <summary>The longest molecule's tokens, after checking that the starts ascend from 0.</summary>
    private static int LongestMolecule(Ints starts, int b)
    {
        ReadOnlySpan<int> begin = Open(starts)[..(b + 1)];
        ArgumentOutOfRangeException.ThrowIfNegative(begin[0], nameof(starts));
        int longest = 0;
        for (int m = 0; m < b; m++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(begin[m + 1], begin[m], nameof(starts));
            longest = Math.Max(longest, begin[m + 1] - begin[m]);
        }
        return longest;
    }

    private int NextItem() => Interlocked.Increment(ref nextItem) - 1;

    // ---- A seat's scratch ------------------------------------------------------------------------------------------

    private const int ScratchAlignment = 16;    // floats of a cache line; everything taken is a multiple of it

    private static long ForwardScratch(int longest, int headSize)
    {
        long keys = MatrixTiles.PadColumns(longest), width = MatrixTiles.PadColumns(headSize);
        return (2 * keys * width) + (QueryBlock * (keys + (2 * width)));
    }

    private static long BackwardScratch(int longest, int headSize)
    {
        long keys = MatrixTiles.PadColumns(longest), width = MatrixTiles.PadColumns(headSize);
        return (5 * keys * width) + (QueryBlock * ((2 * keys) + (3 * width)));
    }

    private static float* Seat(Floats scratch, int seat, long length)
    {
        float* begin = Pointer(scratch, ((seat + 1) * length) + ScratchAlignment);
        nuint line = ScratchAlignment * sizeof(float);
        return (float*)(((nuint)begin + line - 1) / line * line) + (seat * length);
    }

    private static float* Take(ref float* next, int length)
    {
        float* taken = next;
        next += length;
        return taken;
    }

    /// <summary>Where one molecule's rows and one head's columns lie in the packed matrices.</summary>
    private readonly struct AttentionItem
    {
        private readonly int first, head, heads, size;

        public AttentionItem(AttentionArgs a, int item)
        {
            (int molecule, head) = Math.DivRem(item, a.Heads);
            ReadOnlySpan<int> starts = Open(a.Starts);
            (first, heads, size) = (starts[molecule], a.Heads, a.HeadSize);
            Length = starts[molecule + 1] - first;
        }

        public int Length { get; }

        public int C => heads * size;

        public int QkvRow => 3 * C;

        /// <summary>The first token's columns of this head in the matrix's <paramref name="part"/> of C columns (Q, K, V: 0, 1, 2).</summary>
        public float* Place(Floats matrix, int row, int part) =>
            Pointer(matrix, (long)(first + Length) * row) + ((long)first * row) + (part * C) + (head * size);

        /// <summary>The first token's number of this head in a matrix of a number a head.</summary>
        public float* Place(Floats matrix) => Pointer(matrix, (long)(first + Length) * heads) + ((long)first * heads) + head;
    }
}
