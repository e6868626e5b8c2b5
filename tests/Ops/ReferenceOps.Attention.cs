using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

// On tensor cores Q, K, V and DO are rounded; the probabilities and DS, which devices round too, are not.
internal sealed partial class ReferenceOps
{
    public void AttentionForward(Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout)
    {
        Span<double> os = Open(o), lse = Open(logSumExp), x = Rounded(qkv);
        int c = heads * headSize;
        for (int m = 0; m < b; m++)
        {
            (int from, int to) = (Open(starts)[m], Open(starts)[m + 1]);
            for (int h = 0; h < heads; h++)
                for (int i = from; i < to; i++)
                {
                    double max = double.NegativeInfinity, sum = 0;
                    for (int j = from; j < to; j++) max = Math.Max(max, Score(x, i, j, h, c, headSize, scale));
                    for (int j = from; j < to; j++) sum += Math.Exp(Score(x, i, j, h, c, headSize, scale) - max);
                    lse[(i * heads) + h] = max + Math.Log(sum);

                    Span<double> row = os.Slice((i * c) + (h * headSize), headSize);
                    row.Clear();
                    for (int j = from; j < to; j++)
                    {
                        double p = Math.Exp(Score(x, i, j, h, c, headSize, scale) - lse[(i * heads) + h]);
                        p *= KeyFactor(dropout, m, h, heads, i - from, j - from);
                        for (int d = 0; d < headSize; d++) row[d] += p * x[(j * 3 * c) + (2 * c) + (h * headSize) + d];
                    }
                }
        }
    }

    public void AttentionBackward(
        Floats dqkv, Floats dO, Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout)
    {
        Span<double> dx = Open(dqkv), dOut = Rounded(dO), lse = Open(logSumExp), x = Rounded(qkv);
        int c = heads * headSize;
        dx[..(Open(starts)[b] * 3 * c)].Clear();
        for (int m = 0; m < b; m++)
        {
            (int from, int to) = (Open(starts)[m], Open(starts)[m + 1]);
            for (int h = 0; h < heads; h++)
                for (int i = from; i < to; i++)
                {
                    int query = (i * 3 * c) + (h * headSize), outRow = (i * c) + (h * headSize);
                    double[] p = new double[to - from], dP = new double[to - from];
                    double weighted = 0;
                    for (int j = from; j < to; j++)
                    {
                        int value = (j * 3 * c) + (2 * c) + (h * headSize);
                        double factor = KeyFactor(dropout, m, h, heads, i - from, j - from);
                        p[j - from] = Math.Exp(Score(x, i, j, h, c, headSize, scale) - lse[(i * heads) + h]);
                        for (int d = 0; d < headSize; d++)
                        {
                            dP[j - from] += dOut[outRow + d] * x[value + d] * factor;
                            dx[value + d] += p[j - from] * factor * dOut[outRow + d];
                        }
                        weighted += p[j - from] * dP[j - from];
                    }
                    for (int j = from; j < to; j++)
                    {
                        int key = (j * 3 * c) + c + (h * headSize);
                        double dScore = p[j - from] * (dP[j - from] - weighted) * scale;
                        for (int d = 0; d < headSize; d++)
                        {
                            dx[query + d] += dScore * x[key + d];
                            dx[key + d] += dScore * x[query + d];
                        }
                    }
                }
        }
    }

    private static double Score(Span<double> qkv, int i, int j, int head, int c, int headSize, float scale)
    {
        double sum = 0;
        int query = (i * 3 * c) + (head * headSize), key = (j * 3 * c) + c + (head * headSize);
        for (int d = 0; d < headSize; d++) sum += qkv[query + d] * qkv[key + d];
        return sum * scale;
    }

    private static double KeyFactor(Dropout dropout, int molecule, int head, int heads, int query, int key) =>
        Factor(dropout, (uint)((query * 65536) + (key / 4)), (uint)((molecule * heads) + head), key % 4);
}
