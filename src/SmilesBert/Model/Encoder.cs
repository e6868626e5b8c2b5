using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>Embeddings and encoder layers: token ids to one hidden state (C) per token.</summary>
internal sealed class Encoder
{
    private readonly ModelConfig config;
    private readonly IOps ops;
    private readonly Embeddings embeddings;
    private readonly EncoderLayer[] layers;
    private EncoderLayer.Activations[] activations = [];
    private EncoderLayer.Gradients? gradients;

    public Encoder(ModelConfig config, IOps ops, ParameterTable table)
    {
        this.config = config;
        this.ops = ops;
        embeddings = new Embeddings(config, ops, table);
        LayerParameters? shared = config.Architecture == Architecture.Albert ? new LayerParameters(config, table, layer: 0) : null;
        layers = new EncoderLayer[config.Layers];
        for (int i = 0; i < layers.Length; i++) layers[i] = new EncoderLayer(config, ops, shared ?? new LayerParameters(config, table, i), i);
    }

    public Parameter WordEmbeddings => embeddings.Word;

    /// <summary>(N,E) the embeddings after their layer norm.</summary>
    public Floats Embedded => embeddings.Embedded;

    /// <summary>(N,C) the last layer's output.</summary>
    public Floats Output => Hidden(config.Layers);

    /// <summary>(N,C) the gradient of <see cref="Output"/>, which the head writes and <see cref="Backward"/> uses up.</summary>
    public Floats OutputGradient => gradients!.Hidden;

    /// <summary>(N,C) what layer <paramref name="index"/> reads; the last layer's output for the number of layers.
    /// Only a model that trains keeps them all.</summary>
    public Floats Hidden(int index) => index == 0 ? embeddings.Hidden : activations[index - 1].Y;

    public void Allocate(int tokens, bool training)
    {
        embeddings.Allocate(tokens, training);
        if (training)
        {
            activations = [.. layers.Select(_ => new EncoderLayer.Activations(ops, config, tokens, training))];
            gradients = new EncoderLayer.Gradients(ops, config, tokens);
        }
        else
        {
            // Nothing is kept for a backward pass: one layer's memory serves all.
            EncoderLayer.Activations shared = new(ops, config, tokens, training);
            activations = [.. layers.Select(_ => shared)];
        }
    }

    public void Forward(Batch batch, Pass pass)
    {
        embeddings.Forward(batch, pass);
        for (int i = 0; i < layers.Length; i++) layers[i].Forward(activations[i], Hidden(i), batch, pass);
    }

    public void Backward(Batch batch, Pass pass)
    {
        for (int i = layers.Length - 1; i >= 0; i--) layers[i].Backward(gradients!, activations[i], Hidden(i), batch, pass);
        embeddings.Backward(gradients!.Hidden, batch, pass);
    }
}
