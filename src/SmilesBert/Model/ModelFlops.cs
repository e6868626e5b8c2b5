namespace SmilesBert.Model;

/// <summary>
/// The floating-point operations of a network's matrix products, a multiplication and an addition counted as two; what is smaller by orders
/// (layer norms, activations, softmax, the optimizer) is not counted.
/// <para>Forward, for a molecule of n tokens of which m are decoded: in each layer 2 n C (3C + C + 2F) for the linear layers and 4 n^2 C for the
/// attention's two products; for the head 2 m (C E + E V). Backward is twice that: a gradient of the input and one of the weights.</para>
/// </summary>
public static class ModelFlops
{
    /// <summary>Of one molecule's part in a training step: forward and backward.</summary>
    /// <param name="config">The network, with a masked-token head.</param>
    /// <param name="tokens">n.</param>
    /// <param name="masked">m.</param>
    public static double OfTraining(ModelConfig config, int tokens, int masked)
    {
        double n = tokens, m = masked, c = config.HiddenSize, e = config.EmbeddingSize;
        double layer = (2 * n * c * ((4 * c) + (2 * config.FeedForwardSize))) + (4 * n * n * c);
        double projection = config.Architecture == Architecture.Albert ? 2 * n * e * c : 0;
        double head = 2 * m * e * (c + config.VocabularySize);
        return 3 * ((config.Layers * layer) + projection + head);
    }
}
