using SmilesBert.Ops;

namespace SmilesBert.Tests.Benchmarking;

/// <summary>A device that computes as another one does, but for one operation, which leaves its first output's first number off by one.</summary>
internal sealed class SpoiledOps(IOps ops, string spoiled) : IOps
{
    public string Description => $"{ops.Description}, spoiled";

    public Precision Precision => ops.Precision;

    public Floats AllocateFloats(int length) => ops.AllocateFloats(length);

    public Ints AllocateInts(int length) => ops.AllocateInts(length);

    public void Write(Floats y, ReadOnlySpan<float> source) => ops.Write(y, source);

    public void Write(Ints y, ReadOnlySpan<int> source) => ops.Write(y, source);

    public void Read(Span<float> destination, Floats x) => ops.Read(destination, x);

    public bool RunsBehind => ops.RunsBehind;

    public IReadback Readback(int capacity) => ops.Readback(capacity);

    public void Fill(Floats y, float value) => Spoil(nameof(Fill), y, () => ops.Fill(y, value));

    public void EmbeddingForward(Floats y, Floats word, Floats position, Floats tokenType, RowIndex words, RowIndex positions, int c) =>
        Spoil(nameof(EmbeddingForward), y, () => ops.EmbeddingForward(y, word, position, tokenType, words, positions, c));

    public void GatherRows(Floats y, Floats table, RowIndex index, int c) => Spoil(nameof(GatherRows), y, () => ops.GatherRows(y, table, index, c));

    public void GatherRowsBackward(Floats dTable, Floats dy, RowIndex index, int c) =>
        Spoil(nameof(GatherRowsBackward), dTable, () => ops.GatherRowsBackward(dTable, dy, index, c));

    public void SumRows(Floats dRow, Floats dy, int n, int c) => Spoil(nameof(SumRows), dRow, () => ops.SumRows(dRow, dy, n, c));

    public void MeanTokens(Floats y, Floats x, Ints starts, int b, int c) => Spoil(nameof(MeanTokens), y, () => ops.MeanTokens(y, x, starts, b, c));

    public void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out) =>
        Spoil(nameof(LinearForward), y, () => ops.LinearForward(y, x, w, bias, n, @in, @out));

    public void LinearActivationForward(Floats y, Floats pre, Floats x, Floats w, Floats bias, int n, int @in, int @out, ActivationKind kind) =>
        Spoil(nameof(LinearActivationForward), y, () => ops.LinearActivationForward(y, pre, x, w, bias, n, @in, @out, kind));

    public void LinearActivationBackwardInput(Floats dx, Floats dy, Floats w, Floats pre, int n, int @in, int @out, ActivationKind kind) =>
        Spoil(nameof(LinearActivationBackwardInput), dx, () => ops.LinearActivationBackwardInput(dx, dy, w, pre, n, @in, @out, kind));

    public void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate) =>
        Spoil(nameof(LinearBackwardInput), dx, () => ops.LinearBackwardInput(dx, dy, w, n, @in, @out, accumulate));

    public void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out) =>
        Spoil(nameof(LinearBackwardParams), dw, () => ops.LinearBackwardParams(dw, dBias, dy, x, n, @in, @out));

    public void AttentionForward(
        Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout) =>
        Spoil(nameof(AttentionForward), o, () => ops.AttentionForward(o, logSumExp, qkv, starts, b, heads, headSize, scale, dropout));

    public void AttentionBackward(
        Floats dqkv, Floats dO, Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout) =>
        Spoil(nameof(AttentionBackward), dqkv, () => ops.AttentionBackward(dqkv, dO, o, logSumExp, qkv, starts, b, heads, headSize, scale, dropout));

    public void LayerNormForward(Floats y, Floats mean, Floats rstd, Floats x, Floats gamma, Floats beta, int n, int c, float epsilon) =>
        Spoil(nameof(LayerNormForward), y, () => ops.LayerNormForward(y, mean, rstd, x, gamma, beta, n, c, epsilon));

    public void ResidualLayerNormForward(
        Floats y, Floats s, Floats mean, Floats rstd, Floats x, Floats residual, Floats gamma, Floats beta, int n, int c, float epsilon, Dropout dropout) =>
        Spoil(
            nameof(ResidualLayerNormForward), y,
            () => ops.ResidualLayerNormForward(y, s, mean, rstd, x, residual, gamma, beta, n, c, epsilon, dropout));

    public void LayerNormBackward(
        Floats dx, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c) =>
        Spoil(nameof(LayerNormBackward), dx, () => ops.LayerNormBackward(dx, dGamma, dBeta, dy, x, gamma, mean, rstd, n, c));

    public void ResidualLayerNormBackward(
        Floats dx, Floats dResidual, Floats dGamma, Floats dBeta, Floats dy, Floats s, Floats gamma, Floats mean, Floats rstd, int n, int c, Dropout dropout) =>
        Spoil(
            nameof(ResidualLayerNormBackward), dx,
            () => ops.ResidualLayerNormBackward(dx, dResidual, dGamma, dBeta, dy, s, gamma, mean, rstd, n, c, dropout));

    public void Dropout(Floats y, Floats x, int count, Dropout dropout) => Spoil(nameof(Dropout), y, () => ops.Dropout(y, x, count, dropout));

    public void ActivationBackward(Floats dx, Floats dy, Floats x, int count, ActivationKind kind) =>
        Spoil(nameof(ActivationBackward), dx, () => ops.ActivationBackward(dx, dy, x, count, kind));

    public void CrossEntropy(Floats loss, Floats dx, Floats x, Ints labels, Floats weights, int rows, int k) =>
        Spoil(nameof(CrossEntropy), loss, () => ops.CrossEntropy(loss, dx, x, labels, weights, rows, k));

    public void BinaryCrossEntropy(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        Spoil(nameof(BinaryCrossEntropy), loss, () => ops.BinaryCrossEntropy(loss, dx, x, targets, weights, rows, k));

    public void SquaredError(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k) =>
        Spoil(nameof(SquaredError), loss, () => ops.SquaredError(loss, dx, x, targets, weights, rows, k));

    public void Norm(Floats norm, Floats x, int count) => Spoil(nameof(Norm), norm, () => ops.Norm(norm, x, count));

    public void AdamW(Floats value, Floats m, Floats v, Floats grad, Floats norm, Floats normBefore, int count, int decayCount, AdamWStep step) =>
        Spoil(nameof(AdamW), value, () => ops.AdamW(value, m, v, grad, norm, normBefore, count, decayCount, step));

    public void Dispose() => ops.Dispose();

    private void Spoil(string name, Floats output, Action call)
    {
        call();
        if (name != spoiled || output.IsEmpty) return;
        float[] first = new float[1];
        ops.Read(first, output);
        ops.Write(output, [first[0] + 1f]);
    }
}
