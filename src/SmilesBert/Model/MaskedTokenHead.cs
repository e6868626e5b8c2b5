using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>
/// Masked recovery: at chosen places of the packed batch, a logit for every entry of the vocabulary.
/// Linear to E, activation, layer norm, then the word embeddings (tied) as the last linear layer, plus a bias.
/// </summary>
public sealed class MaskedTokenHead : Head
{
    private readonly ModelConfig config;
    private readonly IOps ops;
    private readonly Parameter word, dense, denseBias, gamma, beta, bias;
    private RowIndexBuffer? placeBuffer;
    private RowIndex places;
    private Floats gathered, transformed, activated, mean, rstd, normed;        // (M,C) (M,E) (M,E) (M) (M) (M,E)
    private Floats dTransformed, dGathered;                                     // (M,E) (M,C)

    internal MaskedTokenHead(ModelConfig config, IOps ops, ParameterTable table, Parameter word)
    {
        this.config = config;
        this.ops = ops;
        this.word = word;
        (string transform, string norm, string biasName) = config.Architecture switch
        {
            Architecture.Bert => ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
            Architecture.Albert => ("predictions.dense", "predictions.LayerNorm", "predictions.bias"),
            _ => ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias"),
        };
        int e = config.EmbeddingSize;
        dense = table.Weight(transform + ".weight", e, config.HiddenSize);
        denseBias = table.Vector(transform + ".bias", e);
        gamma = table.Vector(norm + ".weight", e);
        beta = table.Vector(norm + ".bias", e);
        bias = table.Vector(biasName, config.VocabularySize);
    }

    /// <summary>V: a logit per vocabulary entry.</summary>
    public override int Outputs => config.VocabularySize;

    // RoBERTa's head is GELU whatever the encoder uses.
    private ActivationKind Activation => config.Architecture == Architecture.Roberta ? ActivationKind.Gelu : config.Activation;

    /// <summary>Chooses the tokens of the packed batch whose logits the next passes compute: M places, ascending, no more than memory was taken for.</summary>
    public void Select(ReadOnlySpan<int> tokens) => places = placeBuffer!.Fill(tokens);

    // Only the chosen places are decoded: about a seventh of a batch's tokens, and V logits are the widest row of the network.
    internal override void Allocate(int tokens, int molecules, int masked, bool training)
    {
        int c = config.HiddenSize, e = config.EmbeddingSize;
        placeBuffer = new RowIndexBuffer(ops, masked);
        gathered = ops.AllocateFloats(masked * c);
        activated = ops.AllocateFloats(masked * e);
        mean = ops.AllocateFloats(masked);
        rstd = ops.AllocateFloats(masked);
        normed = ops.AllocateFloats(masked * e);
        Logits = ops.AllocateFloats(masked * Outputs);
        if (!training) return;
        transformed = ops.AllocateFloats(masked * e);
        dTransformed = ops.AllocateFloats(masked * e);
        dGathered = ops.AllocateFloats(masked * c);
        LogitsGradient = ops.AllocateFloats(masked * Outputs);
    }

    internal override void Forward(Floats hidden, Batch batch, Pass pass)
    {
        int m = places.Count, c = config.HiddenSize, e = config.EmbeddingSize;
        ops.GatherRows(gathered, hidden, places, c);
        ops.LinearActivationForward(activated, transformed, gathered, dense.Value, denseBias.Value, m, c, e, Activation);
        ops.LayerNormForward(normed, mean, rstd, activated, gamma.Value, beta.Value, m, e, config.LayerNormEpsilon);
        ops.LinearForward(Logits, normed, word.Value, bias.Value, m, e, Outputs);
    }

    internal override void Backward(Floats dHidden, Batch batch, Pass pass)
    {
        int m = places.Count, c = config.HiddenSize, e = config.EmbeddingSize;
        ops.LinearBackwardParams(word.Gradient, bias.Gradient, LogitsGradient, normed, m, e, Outputs);
        ops.LinearBackwardInput(dTransformed, LogitsGradient, word.Value, m, e, Outputs, accumulate: false);
        ops.LayerNormBackward(dTransformed, gamma.Gradient, beta.Gradient, dTransformed, activated, gamma.Value, mean, rstd, m, e);
        ops.ActivationBackward(dTransformed, dTransformed, transformed, m * e, Activation);
        ops.LinearBackwardParams(dense.Gradient, denseBias.Gradient, dTransformed, gathered, m, c, e);
        ops.LinearBackwardInput(dGathered, dTransformed, dense.Value, m, c, e, accumulate: false);
        ops.Fill(dHidden.Slice(0, batch.Tokens * c), 0f);
        ops.GatherRowsBackward(dHidden, dGathered, places, c);
    }
}
