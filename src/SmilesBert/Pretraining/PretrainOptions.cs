using SmilesBert.Data;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Pretraining;

/// <summary>Everything that a pretraining is asked to do.</summary>
public sealed record PretrainOptions
{
    /// <summary>The training's numbers where nothing else is asked for.</summary>
    public static TrainingOptions UsualTraining { get; } = new() { Epochs = 10, BatchSize = 32, LearningRate = 3e-4f, Warmup = 0.05, SaveEvery = 1000 };

    /// <summary>Tables and lists of molecules.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The folder that the run is kept in.</summary>
    public required string Output { get; init; }

    /// <summary>What is trained.</summary>
    public required PretrainStart Start { get; init; }

    /// <summary>How the files are read.</summary>
    public ReadOptions Read { get; init; } = new();

    /// <summary>How often a token must occur to be in a vocabulary that is made of the data; rarer ones become [UNK].</summary>
    public int MinTokenCount { get; init; } = 1;

    /// <summary>The share of the molecules that is not trained on but evaluated after each epoch; 0 evaluates nothing.</summary>
    public double HeldOut { get; init; } = 0.02;

    /// <summary>Whether each epoch writes each molecule anew, from a drawn atom and with its branches in a drawn order.</summary>
    public bool RandomizeSmiles { get; init; }

    /// <summary>The training's numbers.</summary>
    public TrainingOptions Training { get; init; } = UsualTraining;

    /// <summary>One rate for all dropouts; null leaves those of the model's configuration.</summary>
    public float? Dropout { get; init; }

    /// <summary>The longest molecule in tokens; null leaves what the position table holds.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What happens to longer ones.</summary>
    public LongMolecules OnLong { get; init; } = LongMolecules.Truncate;

    /// <summary>Whether to go on with the run that the folder holds.</summary>
    public bool Resume { get; init; }
}
