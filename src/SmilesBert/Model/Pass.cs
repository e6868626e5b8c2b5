using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>One forward pass and the backward pass that belongs to it: what randomness is keyed by.</summary>
/// <param name="Training">Whether dropout is on.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The training step, from 0.</param>
/// <param name="MicroBatch">The micro-batch within the step.</param>
public readonly record struct Pass(bool Training, ulong Seed = 0, uint Step = 0, uint MicroBatch = 0)
{
    /// <summary>No dropout.</summary>
    public static Pass Evaluation => default;

    /// <summary>The dropout of one place in the network; see <see cref="Sites"/>.</summary>
    public Dropout At(float rate, int site) => Training ? new Dropout(rate, Seed, Step, MicroBatch, (uint)site) : Dropout.None;
}

/// <summary>The places in the network that draw dropout masks, numbered from the input to the output.</summary>
internal static class Sites
{
    public const int Embeddings = 0;

    public static int AttentionProbabilities(int layer) => 1 + (3 * layer);

    public static int AttentionOutput(int layer) => 2 + (3 * layer);

    public static int FeedForwardOutput(int layer) => 3 + (3 * layer);

    public static int HeadInput(int layers) => 1 + (3 * layers);

    public static int HeadOutput(int layers) => 2 + (3 * layers);
}
