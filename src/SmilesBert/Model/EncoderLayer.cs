using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>
/// One encoder layer with its layer norms after the residual sums (post-norm, as in BERT):
/// A = LN(X + attention(X)), Y = LN(A + feed-forward(A)).
/// N tokens of the packed batch, C hidden size, F feed-forward size, NH heads.
/// </summary>
internal sealed class EncoderLayer(ModelConfig config, IOps ops, LayerParameters p, int index)
{
    private readonly int c = config.HiddenSize, f = config.FeedForwardSize;

    /// <summary>What the backward pass needs of the forward pass; what it alone reads is empty in a model that does not train.</summary>
    public sealed class Activations(IOps ops, ModelConfig config, int n, bool training)
    {
        public Floats Qkv { get; } = ops.AllocateFloats(n * 3 * config.HiddenSize);                 // (N,3C)
        public Floats Context { get; } = ops.AllocateFloats(n * config.HiddenSize);                 // (N,C)  attention's output
        public Floats LogSumExp { get; } = ops.AllocateFloats(n * config.Heads);                    // (N,NH)
        public Floats AttentionSum { get; } = ops.AllocateFloats(n * config.HiddenSize);            // (N,C)  X + attention(X)
        public Floats AttentionMean { get; } = ops.AllocateFloats(n);                               // (N)
        public Floats AttentionRstd { get; } = ops.AllocateFloats(n);                               // (N)
        public Floats Attended { get; } = ops.AllocateFloats(n * config.HiddenSize);                // (N,C)  A
        public Floats Intermediate { get; } = training ? ops.AllocateFloats(n * config.FeedForwardSize) : default;  // (N,F)  before the activation
        public Floats Activated { get; } = ops.AllocateFloats(n * config.FeedForwardSize);          // (N,F)
        public Floats OutputSum { get; } = ops.AllocateFloats(n * config.HiddenSize);               // (N,C)  A + feed-forward(A)
        public Floats OutputMean { get; } = ops.AllocateFloats(n);                                  // (N)
        public Floats OutputRstd { get; } = ops.AllocateFloats(n);                                  // (N)
        public Floats Y { get; } = ops.AllocateFloats(n * config.HiddenSize);                       // (N,C)
    }

    /// <summary>Gradients on their way through a layer; every layer uses the same.</summary>
    public sealed class Gradients(IOps ops, ModelConfig config, int n)
    {
        public Floats Hidden { get; } = ops.AllocateFloats(n * config.HiddenSize);                  // (N,C)  of the layer's output, then of its input
        public Floats Sum { get; } = ops.AllocateFloats(n * config.HiddenSize);                     // (N,C)  of A + feed-forward(A), then of A
        public Floats Branch { get; } = ops.AllocateFloats(n * config.HiddenSize);                  // (N,C)  of a branch before its dropout
        public Floats Intermediate { get; } = ops.AllocateFloats(n * config.FeedForwardSize);       // (N,F)
        public Floats Context { get; } = ops.AllocateFloats(n * config.HiddenSize);                 // (N,C)
        public Floats Qkv { get; } = ops.AllocateFloats(n * 3 * config.HiddenSize);                 // (N,3C)
    }

    /// <summary>Writes a.Y from X (N,C); X may be a.Y itself in a model that does not train.</summary>
    public void Forward(Activations a, Floats x, Batch batch, Pass pass)
    {
        int n = batch.Tokens;
        ops.LinearForward(a.Qkv, x, p.Qkv.Value, p.QkvBias.Value, n, c, 3 * c);
        ops.AttentionForward(
            a.Context, a.LogSumExp, a.Qkv, batch.Starts, batch.Molecules, config.Heads, config.HeadSize, config.AttentionScale,
            AttentionDropout(pass));
        ops.LinearForward(a.AttentionSum, a.Context, p.Output.Value, p.OutputBias.Value, n, c, c);
        ops.ResidualLayerNormForward(
            a.Attended, a.AttentionSum, a.AttentionMean, a.AttentionRstd, a.AttentionSum, x, p.AttentionGamma.Value, p.AttentionBeta.Value,
            n, c, config.LayerNormEpsilon, OutputDropout(pass));

        ops.LinearActivationForward(a.Activated, a.Intermediate, a.Attended, p.Up.Value, p.UpBias.Value, n, c, f, config.Activation);
        ops.LinearForward(a.OutputSum, a.Activated, p.Down.Value, p.DownBias.Value, n, f, c);
        ops.ResidualLayerNormForward(
            a.Y, a.OutputSum, a.OutputMean, a.OutputRstd, a.OutputSum, a.Attended, p.OutputGamma.Value, p.OutputBeta.Value,
            n, c, config.LayerNormEpsilon, FeedForwardDropout(pass));
    }

    /// <summary>The same lines last to first: g.Hidden comes in as the gradient of Y and goes out as that of X.</summary>
    public void Backward(Gradients g, Activations a, Floats x, Batch batch, Pass pass)
    {
        int n = batch.Tokens;
        ops.ResidualLayerNormBackward(
            g.Branch, g.Sum, p.OutputGamma.Gradient, p.OutputBeta.Gradient, g.Hidden, a.OutputSum, p.OutputGamma.Value, a.OutputMean, a.OutputRstd,
            n, c, FeedForwardDropout(pass));
        ops.LinearBackwardParams(p.Down.Gradient, p.DownBias.Gradient, g.Branch, a.Activated, n, f, c);
        ops.LinearActivationBackwardInput(g.Intermediate, g.Branch, p.Down.Value, a.Intermediate, n, f, c, config.Activation);
        ops.LinearBackwardParams(p.Up.Gradient, p.UpBias.Gradient, g.Intermediate, a.Attended, n, c, f);
        ops.LinearBackwardInput(g.Sum, g.Intermediate, p.Up.Value, n, c, f, accumulate: true);      // joins the residual's

        ops.ResidualLayerNormBackward(
            g.Branch, g.Hidden, p.AttentionGamma.Gradient, p.AttentionBeta.Gradient, g.Sum, a.AttentionSum, p.AttentionGamma.Value,
            a.AttentionMean, a.AttentionRstd, n, c, OutputDropout(pass));
        ops.LinearBackwardParams(p.Output.Gradient, p.OutputBias.Gradient, g.Branch, a.Context, n, c, c);
        ops.LinearBackwardInput(g.Context, g.Branch, p.Output.Value, n, c, c, accumulate: false);
        ops.AttentionBackward(
            g.Qkv, g.Context, a.Context, a.LogSumExp, a.Qkv, batch.Starts, batch.Molecules, config.Heads, config.HeadSize, config.AttentionScale,
            AttentionDropout(pass));
        ops.LinearBackwardParams(p.Qkv.Gradient, p.QkvBias.Gradient, g.Qkv, x, n, c, 3 * c);
        ops.LinearBackwardInput(g.Hidden, g.Qkv, p.Qkv.Value, n, c, 3 * c, accumulate: true);       // joins the residual's
    }

    private Dropout AttentionDropout(Pass pass) => pass.At(config.AttentionDropout, Sites.AttentionProbabilities(index));

    private Dropout OutputDropout(Pass pass) => pass.At(config.HiddenDropout, Sites.AttentionOutput(index));

    // ALBERT's configuration names a dropout here too, but its published network applies none.
    private Dropout FeedForwardDropout(Pass pass) =>
        config.Architecture == Architecture.Albert ? Dropout.None : pass.At(config.HiddenDropout, Sites.FeedForwardOutput(index));
}
