using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

public sealed unsafe partial class CpuOps
{
    private const int RowGrain = 16;            // rows that a thread takes at once
    private const int Strip = 32;               // columns that a thread takes at once: two cache lines of each row
    private const int SumBlock = 64;            // rows summed apart before they join the total: long sums lose less

    private readonly record struct EmbeddingArgs(Floats Y, Floats Word, Floats Position, Floats TokenType, Ints Words, Ints Positions, int C);

    private readonly record struct GatherArgs(Floats Y, Floats Table, Ints Rows, int C);

    private readonly record struct GatherBackwardArgs(Floats DTable, Floats Dy, RowIndex Index, int Strips, int C);

    private readonly record struct SumRowsArgs(Floats DRow, Floats Dy, int N, int C);

    private readonly record struct MeanTokensArgs(Floats Y, Floats X, Ints Starts, int C);

    public void EmbeddingForward(Floats y, Floats word, Floats position, Floats tokenType, RowIndex words, RowIndex positions, int c) =>
        team.For(words.Count, RowGrain, new EmbeddingArgs(y, word, position, tokenType, words.Rows, positions.Rows, c), static (a, from, to) =>
        {
            ReadOnlySpan<int> words = Open(a.Words), positions = Open(a.Positions);
            float* type = Pointer(a.TokenType, a.C);
            for (int n = from; n < to; n++)
            {
                float* y = Row(a.Y, n, a.C), word = Row(a.Word, words[n], a.C), position = Row(a.Position, positions[n], a.C);
                for (int i = 0; i < a.C; i += VectorMath.Width)
                {
                    int left = a.C - i;
                    Vector256<float> sum = VectorMath.LoadPart(word + i, left) + VectorMath.LoadPart(position + i, left);
                    VectorMath.StorePart(sum + VectorMath.LoadPart(type + i, left), y + i, left);
                }
            }
        });

    public void GatherRows(Floats y, Floats table, RowIndex index, int c) =>
        team.For(index.Count, RowGrain, new GatherArgs(y, table, index.Rows, c), static (a, from, to) =>
        {
            ReadOnlySpan<int> rows = Open(a.Rows);
            for (int n = from; n < to; n++) new Span<float>(Row(a.Table, rows[n], a.C), a.C).CopyTo(new Span<float>(Row(a.Y, n, a.C), a.C));
        });

    // An item is a strip of one distinct row: a few tokens make up most of every batch, and whole rows would leave threads waiting for one.
    public void GatherRowsBackward(Floats dTable, Floats dy, RowIndex index, int c)
    {
        int strips = (c + Strip - 1) / Strip;
        team.For(index.DistinctCount * strips, 1, new GatherBackwardArgs(dTable, dy, index, strips, c), static (a, from, to) =>
        {
            ReadOnlySpan<int> distinct = Open(a.Index.Distinct), starts = Open(a.Index.Starts), places = Open(a.Index.Places);
            float* dy = Pointer(a.Dy, (long)a.Index.Count * a.C);
            for (int item = from; item < to; item++)
            {
                (int d, int strip) = Math.DivRem(item, a.Strips);
                int column = strip * Strip;
                float* sums = Row(a.DTable, distinct[d], a.C) + column;
                for (int first = starts[d]; first < starts[d + 1]; first += SumBlock)
                {
                    ReadOnlySpan<int> block = places[first..Math.Min(first + SumBlock, starts[d + 1])];
                    AddRows(sums, dy + column, block, a.Index.Count, a.C, Math.Min(Strip, a.C - column));
                }
            }
        });
    }

    public void SumRows(Floats dRow, Floats dy, int n, int c) =>
        team.For((c + Strip - 1) / Strip, 1, new SumRowsArgs(dRow, dy, n, c), static (a, from, to) =>
        {
            int column = from * Strip, end = Math.Min(to * Strip, a.C);
            float* dRow = Pointer(a.DRow, a.C) + column, dy = Pointer(a.Dy, (long)a.N * a.C) + column;
            for (int first = 0; first < a.N; first += SumBlock)
                AddRows(dRow, dy + ((long)first * a.C), Math.Min(SumBlock, a.N - first), a.C, end - column);
        });

    public void MeanTokens(Floats y, Floats x, Ints starts, int b, int c) =>
        team.For(b, 1, new MeanTokensArgs(y, x, starts, c), static (a, from, to) =>
        {
            ReadOnlySpan<int> starts = Open(a.Starts);
            for (int m = from; m < to; m++)
            {
                float* y = Row(a.Y, m, a.C);
                int first = starts[m], count = starts[m + 1] - first;
                Span<float> mean = new(y, a.C);
                mean.Clear();
                AddRows(y, Pointer(a.X, (long)starts[m + 1] * a.C) + ((long)first * a.C), count, a.C, a.C);
                foreach (ref float value in mean) value /= count;
            }
        });

    /// <summary>
    /// y[i] += the sum over the first <paramref name="rows"/> rows of x[row * stride + i], in order, for i below <paramref name="width"/>.
    /// </summary>
    private static void AddRows(float* y, float* x, int rows, int stride, int width)
    {
        int i = 0;
        for (; i <= width - Strip; i += Strip)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            float* row = x + i;
            for (int n = 0; n < rows; n++, row += stride)
            {
                a += Vector256.Load(row);
                b += Vector256.Load(row + 8);
                c += Vector256.Load(row + 16);
                d += Vector256.Load(row + 24);
            }
            AddStrip(y + i, a, b, c, d);
        }
        for (; i < width; i += VectorMath.Width)
        {
            Vector256<float> sum = default;
            for (int n = 0; n < rows; n++) sum += VectorMath.LoadPart(x + ((long)n * stride) + i, width - i);
            VectorMath.StorePart(VectorMath.LoadPart(y + i, width - i) + sum, y + i, width - i);
        }
    }

    /// <summary>The same over the rows in <paramref name="places"/>, each below <paramref name="rows"/>.</summary>
    private static void AddRows(float* y, float* x, ReadOnlySpan<int> places, int rows, int stride, int width)
    {
        foreach (int place in places) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)rows);
        if (width == Strip)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            foreach (int place in places)
            {
                float* row = x + ((long)place * stride);
                a += Vector256.Load(row);
                b += Vector256.Load(row + 8);
                c += Vector256.Load(row + 16);
                d += Vector256.Load(row + 24);
            }
            AddStrip(y, a, b, c, d);
            return;
        }
        for (int i = 0; i < width; i += VectorMath.Width)
        {
            Vector256<float> sum = default;
            foreach (int place in places) sum += VectorMath.LoadPart(x + ((long)place * stride) + i, width - i);
            VectorMath.StorePart(VectorMath.LoadPart(y + i, width - i) + sum, y + i, width - i);
        }
    }

    private static void AddStrip(float* y, Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        (Vector256.Load(y) + a).Store(y);
        (Vector256.Load(y + 8) + b).Store(y + 8);
        (Vector256.Load(y + 16) + c).Store(y + 16);
        (Vector256.Load(y + 24) + d).Store(y + 24);
    }
}
