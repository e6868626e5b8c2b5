using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>What stands on the encoder.</summary>
public enum HeadKind
{
    /// <summary>Nothing: hidden states only.</summary>
    None,

    /// <summary>Logits per molecule: classes, labels or regression targets.</summary>
    Molecule,

    /// <summary>Logits per chosen token over the vocabulary.</summary>
    MaskedToken,
}

/// <summary>
/// A BERT, RoBERTa or ALBERT encoder with a head: the parameters in one table, and the passes over packed batches.
/// Memory is taken once, for batches of at most the given tokens and molecules.
/// </summary>
public sealed class BertModel
{
    private readonly Encoder encoder;

    /// <param name="config">The network's sizes and kinds.</param>
    /// <param name="head">What stands on the encoder.</param>
    /// <param name="ops">The device.</param>
    /// <param name="training">Whether gradients, and what the backward pass needs, are kept.</param>
    public BertModel(ModelConfig config, HeadKind head, IOps ops, bool training)
    {
        Config = config;
        HeadKind = head;
        Ops = ops;
        Training = training;
        encoder = new Encoder(config, ops, Parameters);
        Head = head switch
        {
            HeadKind.Molecule => new PooledHead(config, ops, Parameters),
            HeadKind.MaskedToken => new MaskedTokenHead(config, ops, Parameters, encoder.WordEmbeddings),
            _ => null,
        };
        Parameters.Allocate(ops, training);
    }

    public ModelConfig Config { get; }

    public HeadKind HeadKind { get; }

    public IOps Ops { get; }

    public bool Training { get; }

    public ParameterTable Parameters { get; } = new();

    /// <summary>What stands on the encoder, or null.</summary>
    public Head? Head { get; }

    /// <summary>(N,C) the last layer's output of the last forward pass.</summary>
    public Floats LastHidden => encoder.Output;

    /// <summary>(N,E) the embeddings after their layer norm; E is C but for ALBERT.</summary>
    public Floats Embedded => encoder.Embedded;

    /// <summary>(N,C) what layer <paramref name="index"/> read, or the last one's output; of a model that trains.</summary>
    public Floats Hidden(int index) => encoder.Hidden(index);

    /// <summary>Takes the activations' memory.</summary>
    /// <param name="tokens">The most tokens that a batch may hold.</param>
    /// <param name="molecules">The most molecules.</param>
    /// <param name="masked">The most tokens that a masked-token head is asked for; other heads do not read it.</param>
    /// <exception cref="InputException">There is not as much memory.</exception>
    public void Allocate(int tokens, int molecules, int masked = 0)
    {
        // The longest stretches of the network: query, key and value side by side, the feed-forward layer, logits over the vocabulary.
        long widest = Math.Max(3 * Config.HiddenSize, Config.FeedForwardSize);
        string tooMuch = $"batches of {tokens} tokens need more memory than there is; smaller batches, or --max-tokens, may help";
        if (Math.Max(tokens * widest, (long)masked * Config.VocabularySize) > Array.MaxLength) throw new InputException(tooMuch);
        try
        {
            encoder.Allocate(tokens, Training);
            Head?.Allocate(tokens, molecules, masked, Training);
        }
        catch (OutOfMemoryException error)
        {
            throw new InputException(tooMuch, error);
        }
    }

    /// <summary>Hidden states, and the head's logits.</summary>
    public void Forward(Batch batch, Pass pass)
    {
        encoder.Forward(batch, pass);
        Head?.Forward(encoder.Output, batch, pass);
    }

    /// <summary>Adds to the gradients, from the logits' gradient that the loss wrote; batch and pass are those of <see cref="Forward"/>.</summary>
    public void Backward(Batch batch, Pass pass)
    {
        Head!.Backward(encoder.OutputGradient, batch, pass);
        encoder.Backward(batch, pass);
    }
}
