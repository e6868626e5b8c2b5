namespace SmilesBert.Model;

/// <summary>The families of encoders, named by "model_type" in config.json.</summary>
public enum Architecture
{
    /// <summary>Positions from 0; a pooler.</summary>
    Bert,

    /// <summary>Positions from the padding id + 1; a head of its own in place of the pooler.</summary>
    Roberta,

    /// <summary>Embeddings of a smaller size; one layer's parameters shared by all layers.</summary>
    Albert,
}
