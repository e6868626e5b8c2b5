using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

// Embeddings, sums over tokens, linear layers and attention.
internal sealed partial class Operations
{
    private Operation EmbeddingForward()
    {
        Operand word = operands.Random(size.Vocabulary * c), position = operands.Random(NetworkSize.PositionRows * c), type = operands.Random(c);
        RowIndex words = operands.Index(ids), positions = operands.Index(places);
        Floats y = operands.Output(n * c);
        return new(
            "EmbeddingForward", Product(n, c), 0, Bytes((2L * n * c) + (2L * n) + ((long)words.DistinctCount * c)),
            () => ops.EmbeddingForward(y, word, position, type, words, positions, c), y)
        {
            Expected = i => word[(ids[i / c] * c) + (i % c)] + position[(places[i / c] * c) + (i % c)] + type[i % c],
        };
    }

    private Operation GatherRows()
    {
        Operand table = operands.Random(n * c);
        int[] firsts = starts[..b];
        RowIndex index = operands.Index(firsts);
        Floats y = operands.Output(b * c);
        return new("GatherRows", Product(b, c), 0, Bytes((2L * b * c) + b), () => ops.GatherRows(y, table, index, c), y)
        {
            Expected = i => table[(firsts[i / c] * c) + (i % c)],
        };
    }

    private Operation GatherRowsBackward()
    {
        Operand table = operands.Random(size.Vocabulary * c), dy = operands.Random(n * c);
        RowIndex words = operands.Index(ids);
        return new(
            "GatherRowsBackward", Product(n, c), 0, Bytes(((long)n * c) + n + (2L * words.DistinctCount * c)),
            () => ops.GatherRowsBackward(table, dy, words, c), table)
        {
            Expected = i => table[i] + Sum(n, token => ids[token] == i / c ? dy[(token * c) + (i % c)] : 0),
        };
    }

    private Operation SumRows()
    {
        Operand row = operands.Random(c), dy = operands.Random(n * c);
        return new("SumRows", Product(n, c), 0, Bytes(((long)n * c) + (2L * c)), () => ops.SumRows(row, dy, n, c), row)
        {
            Expected = i => row[i] + Sum(n, token => dy[(token * c) + i]),
        };
    }

    private Operation MeanTokens()
    {
        Operand x = operands.Random(n * c);
        Ints begin = operands.Integers(starts);
        Floats y = operands.Output(b * c);
        return new("MeanTokens", Product(n, c), 0, Bytes(((long)n * c) + ((long)b * c)), () => ops.MeanTokens(y, x, begin, b, c), y)
        {
            Expected = i =>
            {
                int first = starts[i / c], count = starts[(i / c) + 1] - first;
                return Sum(count, token => x[((first + token) * c) + (i % c)]) / count;
            },
        };
    }

    private Operation LinearForward(int @in, int @out)
    {
        Operand x = operands.Random(n * @in), w = operands.Random(@in * @out), bias = operands.Random(@out);
        Floats y = operands.Output(n * @out);
        return new(
            "LinearForward", Product(n, @in, @out), 2.0 * n * @in * @out, LinearBytes(@in, @out) + Bytes(@out),
            () => ops.LinearForward(y, x, w, bias, n, @in, @out), y)
        {
            Expected = i => bias[i % @out] + Sum(@in, k => x[(i / @out * @in) + k] * w[(i % @out * @in) + k]),
        };
    }

    private Operation LinearActivationForward(int @in, int @out)
    {
        Operand x = operands.Random(n * @in), w = operands.Random(@in * @out, 0.1f), bias = operands.Random(@out);
        Floats y = operands.Output(n * @out), pre = operands.Output(n * @out);
        return new(
            "LinearActivationForward", Product(n, @in, @out), 2.0 * n * @in * @out, LinearBytes(@in, @out) + Bytes(@out + ((long)n * @out)),
            () => ops.LinearActivationForward(y, pre, x, w, bias, n, @in, @out, ActivationKind.Gelu), y, pre)
        {
            Expected = i =>
            {
                double s = bias[i % @out] + Sum(@in, k => x[(i / @out * @in) + k] * w[(i % @out * @in) + k]);
                return s * NormalCdf(s);
            },
        };
    }

    private Operation LinearActivationBackwardInput(int @in, int @out)
    {
        Operand dy = operands.Random(n * @out), w = operands.Random(@in * @out), pre = operands.Random(n * @in, 3f);
        Floats dx = operands.Output(n * @in);
        return new(
            "LinearActivationBackwardInput", Product(n, @in, @out), 2.0 * n * @in * @out, LinearBytes(@in, @out) + Bytes((long)n * @in),
            () => ops.LinearActivationBackwardInput(dx, dy, w, pre, n, @in, @out, ActivationKind.Gelu), dx)
        {
            Expected = i => Sum(@out, k => dy[(i / @in * @out) + k] * w[(k * @in) + (i % @in)]) * (NormalCdf(pre[i]) + (pre[i] * Bell(pre[i]))),
        };
    }

    private Operation LinearBackwardInput(int @in, int @out)
    {
        Operand dy = operands.Random(n * @out), w = operands.Random(@in * @out);
        Floats dx = operands.Output(n * @in);
        return new(
            "LinearBackwardInput", Product(n, @in, @out), 2.0 * n * @in * @out, LinearBytes(@in, @out),
            () => ops.LinearBackwardInput(dx, dy, w, n, @in, @out, accumulate: false), dx)
        {
            Expected = i => Sum(@out, k => dy[(i / @in * @out) + k] * w[(k * @in) + (i % @in)]),
        };
    }

    private Operation LinearBackwardParams(int @in, int @out)
    {
        Operand dw = operands.Random(@in * @out), dBias = operands.Random(@out), dy = operands.Random(n * @out), x = operands.Random(n * @in);
        return new(
            "LinearBackwardParams", Product(n, @in, @out), 2.0 * n * @in * @out, LinearBytes(@in, @out) + Bytes(((long)@in * @out) + (2L * @out)),
            () => ops.LinearBackwardParams(dw, dBias, dy, x, n, @in, @out), dw, dBias)
        {
            Expected = i => dw[i] + Sum(n, k => dy[(k * @out) + (i / @in)] * x[(k * @in) + (i % @in)]),
        };
    }

    private Operation AttentionForward()
    {
        (int heads, int headSize, float scale) = Attention();
        Operand qkv = operands.Random(n * 3 * c);
        Ints begin = operands.Integers(starts);
        Floats o = operands.Output(n * c), logSumExp = operands.Output(n * heads);
        return new(
            "AttentionForward", AttentionSizes(), AttentionFlops(products: 2), Bytes((4L * n * c) + ((long)n * heads)),
            () => ops.AttentionForward(o, logSumExp, qkv, begin, b, heads, headSize, scale, SomeDropout), o, logSumExp);
    }

    private Operation AttentionBackward()
    {
        (int heads, int headSize, float scale) = Attention();
        Operand qkv = operands.Random(n * 3 * c), dO = operands.Random(n * c);
        Ints begin = operands.Integers(starts);
        Floats o = operands.Output(n * c), logSumExp = operands.Output(n * heads), dqkv = operands.Output(n * 3 * c);
        ops.AttentionForward(o, logSumExp, qkv, begin, b, heads, headSize, scale, SomeDropout);
        return new(
            "AttentionBackward", AttentionSizes(), AttentionFlops(products: 4), Bytes((8L * n * c) + ((long)n * heads)),
            () => ops.AttentionBackward(dqkv, dO, o, logSumExp, qkv, begin, b, heads, headSize, scale, SomeDropout), dqkv);
    }

    private (int Heads, int HeadSize, float Scale) Attention() => (size.Heads, c / size.Heads, 1f / MathF.Sqrt(c / size.Heads));

    private string AttentionSizes() => $"{n} x {size.Heads} x {c / size.Heads}";

    // Each product of a molecule of length l is 2 l^2 C.
    private double AttentionFlops(int products)
    {
        double flops = 0;
        for (int i = 0; i < b; i++) flops += 2.0 * products * c * (starts[i + 1] - starts[i]) * (starts[i + 1] - starts[i]);
        return flops;
    }

    private double LinearBytes(int @in, int @out) => Bytes(((long)n * @in) + ((long)@in * @out) + ((long)n * @out));

    // Of floats and integers.
    private static double Bytes(long numbers) => sizeof(float) * (double)numbers;

    private static string Product(params ReadOnlySpan<int> sizes) => string.Join(" x ", sizes.ToArray());

    private static double Sum(int count, Func<int, double> term)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += term(i);
        return sum;
    }
}
