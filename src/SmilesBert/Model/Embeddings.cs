using SmilesBert.Ops;

namespace SmilesBert.Model;

/// <summary>
/// Token ids to the first hidden states: word + position + token-type rows, layer norm, dropout, and in ALBERT a projection from the
/// embedding size E up to the hidden size C. All tokens are of type 0.
/// </summary>
internal sealed class Embeddings
{
    private readonly ModelConfig config;
    private readonly IOps ops;
    private readonly Parameter word, position, tokenType, gamma, beta;
    private readonly Parameter? projection, projectionBias;
    private Floats sum, mean, rstd, embedded, hidden;       // (N,E) (N) (N) (N,E) (N,C)
    private Floats dEmbedded;                               // (N,E)

    public Embeddings(ModelConfig config, IOps ops, ParameterTable table)
    {
        this.config = config;
        this.ops = ops;
        int e = config.EmbeddingSize;
        string name = config.BodyPrefix + "embeddings.";
        word = table.Weight(name + "word_embeddings.weight", config.VocabularySize, e);
        position = table.Weight(name + "position_embeddings.weight", config.PositionRows, e);
        tokenType = table.Weight(name + "token_type_embeddings.weight", config.TokenTypes, e);
        gamma = table.Vector(name + "LayerNorm.weight", e);
        beta = table.Vector(name + "LayerNorm.bias", e);
        if (config.Architecture != Architecture.Albert) return;
        projection = table.Weight(config.BodyPrefix + "encoder.embedding_hidden_mapping_in.weight", config.HiddenSize, e);
        projectionBias = table.Vector(config.BodyPrefix + "encoder.embedding_hidden_mapping_in.bias", config.HiddenSize);
    }

    /// <summary>The word table (V,E), which the masked-recovery head reads too.</summary>
    public Parameter Word => word;

    /// <summary>(N,C) what the first layer reads.</summary>
    public Floats Hidden => projection is null ? embedded : hidden;

    /// <summary>(N,E) after layer norm and dropout, before any projection.</summary>
    public Floats Embedded => embedded;

    public void Allocate(int tokens, bool training)
    {
        int e = config.EmbeddingSize;
        sum = ops.AllocateFloats(tokens * e);
        mean = ops.AllocateFloats(tokens);
        rstd = ops.AllocateFloats(tokens);
        embedded = ops.AllocateFloats(tokens * e);
        if (projection is null) return;
        hidden = ops.AllocateFloats(tokens * config.HiddenSize);
        if (training) dEmbedded = ops.AllocateFloats(tokens * e);
    }

    public void Forward(Batch batch, Pass pass)
    {
        int n = batch.Tokens, e = config.EmbeddingSize;
        ops.EmbeddingForward(sum, word.Value, position.Value, tokenType.Value.Slice(0, e), batch.Words, batch.Positions, e);
        ops.LayerNormForward(embedded, mean, rstd, sum, gamma.Value, beta.Value, n, e, config.LayerNormEpsilon);
        if (pass.Training) ops.Dropout(embedded, embedded, n * e, pass.At(config.HiddenDropout, Sites.Embeddings));
        if (projection is not null) ops.LinearForward(hidden, embedded, projection.Value, projectionBias!.Value, n, e, config.HiddenSize);
    }

    /// <summary>Adds the tables' gradients, given the gradient (N,C) of <see cref="Hidden"/>, which is overwritten.</summary>
    public void Backward(Floats dHidden, Batch batch, Pass pass)
    {
        int n = batch.Tokens, e = config.EmbeddingSize;
        Floats d = dHidden;
        if (projection is not null)
        {
            ops.LinearBackwardParams(projection.Gradient, projectionBias!.Gradient, dHidden, embedded, n, e, config.HiddenSize);
            ops.LinearBackwardInput(dEmbedded, dHidden, projection.Value, n, e, config.HiddenSize, accumulate: false);
            d = dEmbedded;
        }
        if (pass.Training) ops.Dropout(d, d, n * e, pass.At(config.HiddenDropout, Sites.Embeddings));
        ops.LayerNormBackward(d, gamma.Gradient, beta.Gradient, d, sum, gamma.Value, mean, rstd, n, e);
        ops.SumRows(tokenType.Gradient.Slice(0, e), d, n, e);
        ops.GatherRowsBackward(position.Gradient, d, batch.Positions, e);
        ops.GatherRowsBackward(word.Gradient, d, batch.Words, e);
    }
}
