using SmilesBert.Ops;
using Philox = SmilesBert.Kernels.Philox;

namespace SmilesBert.Tests.Ops;

/// <summary>
/// The ops page in double precision with plain loops, written from its formulas alone: what every device is held to.
/// Memory is arrays of double; what is read from the host is rounded to float.
/// </summary>
/// <param name="precision">What the operands of matrix products are rounded to; with fp32 they are not.</param>
internal sealed partial class ReferenceOps(Precision precision = Precision.Fp32) : IOps
{
    public Precision Precision => precision;

    public string Description => "reference, double precision";

    public Floats AllocateFloats(int length) => new(new double[length], 0, length);

    public Ints AllocateInts(int length) => new(new int[length], 0, length);

    public void Write(Floats y, ReadOnlySpan<float> source)
    {
        Span<double> values = Open(y);
        for (int i = 0; i < source.Length; i++) values[i] = source[i];
    }

    public void Write(Ints y, ReadOnlySpan<int> source) => source.CopyTo(Open(y));

    public void Read(Span<float> destination, Floats x)
    {
        Span<double> values = Open(x);
        for (int i = 0; i < destination.Length; i++) destination[i] = (float)values[i];
    }

    public bool RunsBehind => false;

    public IReadback Readback(int capacity) => throw new NotSupportedException("a reference computes at once, and nobody reads it later");

    public void Fill(Floats y, float value) => Open(y).Fill(value);

    public void Dispose() { }

    /// <summary>The numbers themselves, unrounded.</summary>
    public static Span<double> Open(Floats x) => x.IsEmpty ? [] : ((double[])x.Memory!).AsSpan((int)x.Offset, x.Length);

    private static Span<int> Open(Ints x) => x.IsEmpty ? [] : ((int[])x.Memory!).AsSpan((int)x.Offset, x.Length);

    /// <summary>What an element is multiplied with: 0 where it is dropped, else the scale.</summary>
    private static double Factor(Dropout dropout, uint c0, uint c1, int lane)
    {
        if (dropout.Rate == 0) return 1;
        Philox.Words words = Philox.Generate(c0, c1, dropout.Step, dropout.SiteWord, (uint)dropout.Seed, (uint)(dropout.Seed >> 32));
        uint word = lane switch { 0 => words.A, 1 => words.B, 2 => words.C, _ => words.D };
        return Philox.ToUnit(word) >= dropout.Rate ? dropout.Scale : 0;
    }

    private static double ElementFactor(Dropout dropout, int element) => Factor(dropout, (uint)element / 4, 0, element % 4);

    // ---- Embeddings ------------------------------------------------------------------------------------------------

    public void EmbeddingForward(Floats y, Floats word, Floats position, Floats tokenType, RowIndex words, RowIndex positions, int c)
    {
        for (int n = 0; n < words.Count; n++)
            for (int i = 0; i < c; i++)
                Open(y)[(n * c) + i] =
                    Open(word)[(Open(words.Rows)[n] * c) + i] + Open(position)[(Open(positions.Rows)[n] * c) + i] + Open(tokenType)[i];
    }

    public void GatherRows(Floats y, Floats table, RowIndex index, int c)
    {
        for (int n = 0; n < index.Count; n++)
            for (int i = 0; i < c; i++) Open(y)[(n * c) + i] = Open(table)[(Open(index.Rows)[n] * c) + i];
    }

    public void GatherRowsBackward(Floats dTable, Floats dy, RowIndex index, int c)
    {
        for (int n = 0; n < index.Count; n++)
            for (int i = 0; i < c; i++) Open(dTable)[(Open(index.Rows)[n] * c) + i] += Open(dy)[(n * c) + i];
    }

    public void SumRows(Floats dRow, Floats dy, int n, int c)
    {
        for (int row = 0; row < n; row++)
            for (int i = 0; i < c; i++) Open(dRow)[i] += Open(dy)[(row * c) + i];
    }

    public void MeanTokens(Floats y, Floats x, Ints starts, int b, int c)
    {
        for (int m = 0; m < b; m++)
            for (int i = 0; i < c; i++)
            {
                (int from, int to) = (Open(starts)[m], Open(starts)[m + 1]);
                double sum = 0;
                for (int n = from; n < to; n++) sum += Open(x)[(n * c) + i];
                Open(y)[(m * c) + i] = sum / (to - from);
            }
    }

    // ---- Linear ----------------------------------------------------------------------------------------------------

    // To 11 significant bits, ties away from zero, as cvt.rna.tf32; or to 8, ties to even, as cvt.rn.bf16. Numbers here are far from a format's ends.
    private Span<double> Rounded(Floats x)
    {
        if (precision == Precision.Fp32) return Open(x);
        (int bits, MidpointRounding ties) = precision == Precision.Tf32 ? (11, MidpointRounding.AwayFromZero) : (8, MidpointRounding.ToEven);
        return Array.ConvertAll(Open(x).ToArray(), value =>
        {
            double unit = value == 0 ? 1 : Math.ScaleB(1, Math.ILogB(value) - bits + 1);
            return Math.Round(value / unit, ties) * unit;
        });
    }

    public void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out)
    {
        Span<double> ys = Open(y), xs = Rounded(x), ws = Rounded(w), biases = Open(bias);
        for (int row = 0; row < n; row++)
            for (int o = 0; o < @out; o++)
            {
                double sum = bias.IsEmpty ? 0 : biases[o];
                for (int i = 0; i < @in; i++) sum += xs[(row * @in) + i] * ws[(o * @in) + i];
                ys[(row * @out) + o] = sum;
            }
    }

    public void LinearActivationForward(Floats y, Floats pre, Floats x, Floats w, Floats bias, int n, int @in, int @out, ActivationKind kind)
    {
        LinearForward(y, x, w, bias, n, @in, @out);
        for (int i = 0; i < n * @out; i++)
        {
            if (!pre.IsEmpty) Open(pre)[i] = Open(y)[i];
            Open(y)[i] = Activation(Open(y)[i], kind);
        }
    }

    public void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate)
    {
        Span<double> dxs = Open(dx), dys = Rounded(dy), ws = Rounded(w);
        for (int row = 0; row < n; row++)
            for (int i = 0; i < @in; i++)
            {
                double sum = accumulate ? dxs[(row * @in) + i] : 0;
                for (int o = 0; o < @out; o++) sum += dys[(row * @out) + o] * ws[(o * @in) + i];
                dxs[(row * @in) + i] = sum;
            }
    }

    public void LinearActivationBackwardInput(Floats dx, Floats dy, Floats w, Floats pre, int n, int @in, int @out, ActivationKind kind)
    {
        LinearBackwardInput(dx, dy, w, n, @in, @out, accumulate: false);
        ActivationBackward(dx, dx, pre, n * @in, kind);
    }

    public void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out)
    {
        Span<double> dws = Open(dw), dBiases = Open(dBias), dys = Rounded(dy), xs = Rounded(x);
        for (int row = 0; row < n; row++)
            for (int o = 0; o < @out; o++)
            {
                double d = dys[(row * @out) + o];
                if (!dBias.IsEmpty) dBiases[o] += Open(dy)[(row * @out) + o];
                for (int i = 0; i < @in; i++) dws[(o * @in) + i] += d * xs[(row * @in) + i];
            }
    }

    // ---- Optimizer -------------------------------------------------------------------------------------------------

    public void Norm(Floats norm, Floats x, int count)
    {
        double sum = 0;
        foreach (double value in Open(x)[..count]) sum += value * value;
        Open(norm)[0] = Math.Sqrt(sum);
    }

    public void AdamW(Floats value, Floats m, Floats v, Floats grad, Floats norm, Floats normBefore, int count, int decayCount, AdamWStep step)
    {
        Span<double> values = Open(value), ms = Open(m), vs = Open(v), gradients = Open(grad);
        if (!double.IsFinite(Open(norm)[0]) || !double.IsFinite(Open(normBefore)[0])) return;
        double clip = Math.Min(1, step.MaxGradientNorm / (Open(norm)[0] + 1e-6));
        for (int i = 0; i < count; i++)
        {
            double g = gradients[i] * clip, decay = i < decayCount ? step.WeightDecay : 0.0;
            ms[i] = (step.Beta1 * ms[i]) + ((1.0 - step.Beta1) * g);
            vs[i] = (step.Beta2 * vs[i]) + ((1.0 - step.Beta2) * g * g);
            values[i] = (values[i] * (1 - (step.LearningRate * decay)))
                - (step.LearningRate * (ms[i] / step.Correction1) / (Math.Sqrt(vs[i] / step.Correction2) + step.Epsilon));
        }
    }
}
