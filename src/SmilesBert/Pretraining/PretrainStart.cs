namespace SmilesBert.Pretraining;

/// <summary>What a pretraining begins with: a network of new weights, or a model folder to go on from.</summary>
public abstract record PretrainStart
{
    private PretrainStart()
    {
    }

    /// <summary>A network of new weights, of a size that has a name (<see cref="ModelPreset"/>).</summary>
    /// <param name="Name">tiny, small or base.</param>
    /// <param name="Vocabulary">A vocabulary's file or a tokenizer's folder; null makes one of the data.</param>
    public sealed record Preset(string Name, string? Vocabulary) : PretrainStart;

    /// <summary>A network of new weights, as a config.json describes it.</summary>
    /// <param name="File">The config.json.</param>
    /// <param name="Vocabulary">A vocabulary's file or a tokenizer's folder; null makes one of the data.</param>
    public sealed record Config(string File, string? Vocabulary) : PretrainStart;

    /// <summary>A model that has learned something already, with its own tokenizer.</summary>
    /// <param name="Folder">The model's folder, with a masked-token head.</param>
    public sealed record Model(string Folder) : PretrainStart;
}
