namespace SmilesBert.Model;

/// <summary>The parameters of one encoder layer, under their checkpoint's names; ALBERT's layers share one.</summary>
internal sealed class LayerParameters
{
    public LayerParameters(ModelConfig config, ParameterTable table, int layer)
    {
        int c = config.HiddenSize, f = config.FeedForwardSize;
        Names names = config.Architecture == Architecture.Albert
            ? new Names(
                config.BodyPrefix + "encoder.albert_layer_groups.0.albert_layers.0.", "attention.", "attention.dense", "attention.LayerNorm",
                "ffn", "ffn_output", "full_layer_layer_norm")
            : new Names(
                $"{config.BodyPrefix}encoder.layer.{layer}.", "attention.self.", "attention.output.dense", "attention.output.LayerNorm",
                "intermediate.dense", "output.dense", "output.LayerNorm");

        string[] projections = [.. ((string[])["query", "key", "value"]).Select(role => names.Layer + names.Attention + role)];
        Qkv = table.Weights([.. projections.Select(static name => name + ".weight")], c, c);
        QkvBias = table.Vectors([.. projections.Select(static name => name + ".bias")], c);
        Output = table.Weight(names.Layer + names.AttentionOutput + ".weight", c, c);
        OutputBias = table.Vector(names.Layer + names.AttentionOutput + ".bias", c);
        AttentionGamma = table.Vector(names.Layer + names.AttentionNorm + ".weight", c);
        AttentionBeta = table.Vector(names.Layer + names.AttentionNorm + ".bias", c);
        Up = table.Weight(names.Layer + names.Up + ".weight", f, c);
        UpBias = table.Vector(names.Layer + names.Up + ".bias", f);
        Down = table.Weight(names.Layer + names.Down + ".weight", c, f);
        DownBias = table.Vector(names.Layer + names.Down + ".bias", c);
        OutputGamma = table.Vector(names.Layer + names.OutputNorm + ".weight", c);
        OutputBeta = table.Vector(names.Layer + names.OutputNorm + ".bias", c);
    }

    public Parameter Qkv { get; }               // (3C,C)  query, key and value, one under the other
    public Parameter QkvBias { get; }           // (3C)
    public Parameter Output { get; }            // (C,C)   after attention
    public Parameter OutputBias { get; }        // (C)
    public Parameter AttentionGamma { get; }    // (C)
    public Parameter AttentionBeta { get; }     // (C)
    public Parameter Up { get; }                // (F,C)
    public Parameter UpBias { get; }            // (F)
    public Parameter Down { get; }              // (C,F)
    public Parameter DownBias { get; }          // (C)
    public Parameter OutputGamma { get; }       // (C)
    public Parameter OutputBeta { get; }        // (C)

    private readonly record struct Names(
        string Layer, string Attention, string AttentionOutput, string AttentionNorm, string Up, string Down, string OutputNorm);
}
