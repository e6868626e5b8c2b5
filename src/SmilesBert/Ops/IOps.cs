namespace SmilesBert.Ops;

/// <summary>
/// The arithmetic of the network on one page: everything that a device must be able to do, forward and backward.
/// The model knows this page and nothing beneath it.
/// <para>Letters: B molecules of the batch, N tokens of the packed batch, C hidden size, NH attention heads, HS head size
/// (C = NH * HS), K labels, In and Out a linear layer's widths. Matrices are dense and row-major.</para>
/// <para>Arguments stand in the order outputs, inputs, sizes, scalars. Each output says whether it is overwritten (=) or
/// added to (+=): gradients of parameters are added to, so that micro-batches add up; gradients of activations are overwritten,
/// where nothing else is said. Sums have a fixed order: the same inputs give the same bits on any number of threads.
/// No operation allocates. Operations are queued in order; <see cref="Read(Span{float}, Floats)"/> waits for what it reads.</para>
/// </summary>
public interface IOps : IDisposable
{
    /// <summary>What runs the arithmetic, for the program's header: "cpu, 2 threads, AVX2".</summary>
    string Description { get; }

    /// <summary>What matrix products round their operands to, for the program's header.</summary>
    Precision Precision { get; }

    /// <summary>Whether operations may still be under way when they return: then the host does well to give the device more before it reads what they made.</summary>
    bool RunsBehind { get; }

    // ---- Memory ----------------------------------------------------------------------------------------------------

    /// <summary>A new stretch of <paramref name="length"/> floats, all zero; freed with the device.</summary>
    Floats AllocateFloats(int length);

    /// <summary>A new stretch of <paramref name="length"/> integers, all zero; freed with the device.</summary>
    Ints AllocateInts(int length);

    /// <summary>Copies from the host: the source's length in floats at the start of <paramref name="y"/>.</summary>
    void Write(Floats y, ReadOnlySpan<float> source);

    /// <summary>Copies from the host: the source's length in integers at the start of <paramref name="y"/>.</summary>
    void Write(Ints y, ReadOnlySpan<int> source);

    /// <summary>Copies to the host: as many floats as <paramref name="destination"/> holds, from the start of <paramref name="x"/>.</summary>
    void Read(Span<float> destination, Floats x);

    /// <summary>A way to the host for up to <paramref name="capacity"/> floats, which the host need not wait at; freed with the device.</summary>
    IReadback Readback(int capacity);

    /// <summary>y[i] = value.</summary>
    void Fill(Floats y, float value);

    // ---- Embeddings ------------------------------------------------------------------------------------------------

    /// <summary>Y[n,:] = word[words[n],:] + position[positions[n],:] + tokenType[:]   (tokenType: row 0 of its table, C floats).</summary>
    void EmbeddingForward(Floats y, Floats word, Floats position, Floats tokenType, RowIndex words, RowIndex positions, int c);

    /// <summary>Y[n,:] = table[index[n],:] for the index's places n.</summary>
    void GatherRows(Floats y, Floats table, RowIndex index, int c);

    /// <summary>dTable[r,:] += the sum of DY[n,:] over the places n that read row r, in order.</summary>
    void GatherRowsBackward(Floats dTable, Floats dy, RowIndex index, int c);

    /// <summary>dRow[:] += the sum of DY[n,:] over n: the gradient of a row that all N rows share.</summary>
    void SumRows(Floats dRow, Floats dy, int n, int c);

    /// <summary>Y[b,:] = the mean of X[n,:] over the tokens n of molecule b, [CLS] and [SEP] included.</summary>
    /// <param name="y">(B,C) =</param>
    /// <param name="x">(N,C)</param>
    /// <param name="starts">(B+1) where each molecule begins in the packed batch, and N</param>
    /// <param name="b">Molecules.</param>
    /// <param name="c">Hidden size.</param>
    void MeanTokens(Floats y, Floats x, Ints starts, int b, int c);

    // ---- Linear ----------------------------------------------------------------------------------------------------

    /// <summary>Y[n,o] = sum over i of X[n,i] * W[o,i], plus bias[o]. W is (Out,In) as in the checkpoint; an empty bias adds nothing.</summary>
    void LinearForward(Floats y, Floats x, Floats w, Floats bias, int n, int @in, int @out);

    /// <summary>
    /// A linear layer and its activation in one pass: S as <see cref="LinearForward"/> computes Y, then Y[n,o] = f(S[n,o]).
    /// S, which the backward pass needs, is written to <paramref name="pre"/> (N,Out) with =; an empty one does not keep it.
    /// </summary>
    void LinearActivationForward(Floats y, Floats pre, Floats x, Floats w, Floats bias, int n, int @in, int @out, ActivationKind kind);

    /// <summary>DX[n,i] = sum over o of DY[n,o] * W[o,i]; with <paramref name="accumulate"/>, += in place of =.</summary>
    void LinearBackwardInput(Floats dx, Floats dy, Floats w, int n, int @in, int @out, bool accumulate);

    /// <summary>
    /// The gradient through a linear layer and the activation before it: DX[n,i] = (sum over o of DY[n,o] * W[o,i]) * f'(pre[n,i]), X = f(pre)
    /// being the layer's input.
    /// </summary>
    void LinearActivationBackwardInput(Floats dx, Floats dy, Floats w, Floats pre, int n, int @in, int @out, ActivationKind kind);

    /// <summary>DW[o,i] += sum over n of DY[n,o] * X[n,i];   dBias[o] += sum over n of DY[n,o] (an empty dBias is left out).</summary>
    void LinearBackwardParams(Floats dw, Floats dBias, Floats dy, Floats x, int n, int @in, int @out);

    // ---- Attention -------------------------------------------------------------------------------------------------

    /// <summary>
    /// Within each molecule and head: O = dropout(softmax(Q K^T * scale)) V.
    /// </summary>
    /// <param name="o">(N,C) =</param>
    /// <param name="logSumExp">(N,NH) = of each query's scaled scores, for the backward pass</param>
    /// <param name="qkv">(N,3C) Q, K and V side by side; within each, head h has columns h*HS to (h+1)*HS</param>
    /// <param name="starts">(B+1) where each molecule begins in the packed batch, and N</param>
    /// <param name="b">Molecules.</param>
    /// <param name="heads">NH.</param>
    /// <param name="headSize">HS.</param>
    /// <param name="scale">1 / sqrt(HS).</param>
    /// <param name="dropout">Of the attention probabilities.</param>
    void AttentionForward(Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout);

    /// <summary>The gradient of <see cref="AttentionForward"/>; the probabilities are computed again from logSumExp.</summary>
    /// <param name="dqkv">(N,3C) =</param>
    /// <param name="dO">(N,C)</param>
    /// <param name="o">(N,C) as the forward pass left it</param>
    /// <param name="logSumExp">(N,NH) as the forward pass left it</param>
    /// <param name="qkv">(N,3C)</param>
    /// <param name="starts">(B+1)</param>
    /// <param name="b">Molecules.</param>
    /// <param name="heads">NH.</param>
    /// <param name="headSize">HS.</param>
    /// <param name="scale">As in the forward pass.</param>
    /// <param name="dropout">As in the forward pass.</param>
    void AttentionBackward(
        Floats dqkv, Floats dO, Floats o, Floats logSumExp, Floats qkv, Ints starts, int b, int heads, int headSize, float scale, Dropout dropout);

    // ---- Layer norm, dropout, activations --------------------------------------------------------------------------

    /// <summary>
    /// Y[n,c] = (X[n,c] - mean[n]) * rstd[n] * gamma[c] + beta[c], with mean and rstd = 1 / sqrt(variance + epsilon) of row n
    /// (variance over C, in two passes). Writes Y, mean (N) and rstd (N) with =. Y may be X.
    /// </summary>
    void LayerNormForward(Floats y, Floats mean, Floats rstd, Floats x, Floats gamma, Floats beta, int n, int c, float epsilon);

    /// <summary>
    /// S = residual + dropout(X), then Y = layer norm of S: the end of each half of an encoder layer.
    /// Writes Y, S (N,C), mean and rstd (N) with =. S may be X.
    /// </summary>
    void ResidualLayerNormForward(
        Floats y, Floats s, Floats mean, Floats rstd, Floats x, Floats residual, Floats gamma, Floats beta, int n, int c, float epsilon, Dropout dropout);

    /// <summary>
    /// With xhat = (X - mean) * rstd and g = DY * gamma:
    /// DX = rstd * (g - avg(g) - xhat * avg(g * xhat));   dGamma += sum of DY * xhat;   dBeta += sum of DY, over n. DX may be DY.
    /// </summary>
    void LayerNormBackward(
        Floats dx, Floats dGamma, Floats dBeta, Floats dy, Floats x, Floats gamma, Floats mean, Floats rstd, int n, int c);

    /// <summary>
    /// The gradients of <see cref="ResidualLayerNormForward"/>: dResidual, that of S and so of the residual, dGamma and dBeta as
    /// <see cref="LayerNormBackward"/> computes them from S; DX = dropout(dResidual), with the mask of the forward pass. dResidual may be DY.
    /// </summary>
    void ResidualLayerNormBackward(
        Floats dx, Floats dResidual, Floats dGamma, Floats dBeta, Floats dy, Floats s, Floats gamma, Floats mean, Floats rstd, int n, int c, Dropout dropout);

    /// <summary>
    /// Y[i] = X[i] * scale where element i is kept, 0 where it is dropped, scale = 1 / (1 - rate). Its own gradient: the backward pass calls it on DY.
    /// Y may be X.
    /// </summary>
    void Dropout(Floats y, Floats x, int count, Dropout dropout);

    /// <summary>DX[i] = DY[i] * f'(X[i]), X being what <see cref="LinearActivationForward"/> kept. DX may be DY.</summary>
    void ActivationBackward(Floats dx, Floats dy, Floats x, int count, ActivationKind kind);

    // ---- Losses: each writes its gradient in the same pass ---------------------------------------------------------
    // The weights carry everything that a mean divides by, class weights, and 0 for what has no label; the loss is the sum of the terms.

    /// <summary>
    /// loss[r] = weights[r] * (log sum over k of exp X[r,k] - X[r,labels[r]]);   DX = (softmax(X) - one-hot) * weights[r].
    /// A row of weight 0 gives 0 and its label is not read; a label outside [0,k) gives a loss of NaN.
    /// </summary>
    void CrossEntropy(Floats loss, Floats dx, Floats x, Ints labels, Floats weights, int rows, int k);

    /// <summary>
    /// Per element, with target t in [0,1]: loss[r] = sum over k of weights[r,k] * (max(x,0) - x*t + log(1 + exp(-|x|)));
    /// DX = (sigmoid(x) - t) * weight. An element of weight 0 gives 0 and its target is not read.
    /// </summary>
    void BinaryCrossEntropy(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k);

    /// <summary>loss[r] = sum over k of weights[r,k] * (x - t)^2;   DX = 2 * (x - t) * weight. An element of weight 0 gives 0 and its target is not read.</summary>
    void SquaredError(Floats loss, Floats dx, Floats x, Floats targets, Floats weights, int rows, int k);

    // ---- Optimizer -------------------------------------------------------------------------------------------------

    /// <summary>norm[0] = the square root of the sum of x[i]^2.</summary>
    void Norm(Floats norm, Floats x, int count);

    /// <summary>
    /// One AdamW step of all parameters: g = grad * min(1, MaxGradientNorm / (norm[0] + 1e-6)); m = Beta1 m + (1-Beta1) g; v = Beta2 v + (1-Beta2) g^2;
    /// value = value * (1 - LearningRate * decay) - LearningRate * (m / Correction1) / (sqrt(v / Correction2) + Epsilon),
    /// where decay is WeightDecay for the first <paramref name="decayCount"/> values and 0 for the others.
    /// Values and moments are overwritten; the gradient is left as it was. Where norm[0] or normBefore[0], of a step that the host may not have heard
    /// of yet, is not finite, nothing changes.
    /// </summary>
    void AdamW(Floats value, Floats m, Floats v, Floats grad, Floats norm, Floats normBefore, int count, int decayCount, AdamWStep step);
}
