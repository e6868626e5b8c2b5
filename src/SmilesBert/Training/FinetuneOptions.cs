using SmilesBert.Data;
using SmilesBert.Tokenization;

namespace SmilesBert.Training;

/// <summary>Everything that a finetuning is asked to do.</summary>
public sealed record FinetuneOptions
{
    /// <summary>The folder of the model to begin from.</summary>
    public required string Model { get; init; }

    /// <summary>The table of molecules.</summary>
    public required string Data { get; init; }

    /// <summary>The folder that the run is kept in.</summary>
    public required string Output { get; init; }

    /// <summary>How the table is read.</summary>
    public required ReadOptions Read { get; init; }

    /// <summary>What is learned from it.</summary>
    public required TargetOptions Targets { get; init; }

    /// <summary>How it is divided.</summary>
    public required SplitOptions Split { get; init; }

    /// <summary>The column that says each row's part; null but for a split by column.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>The training's numbers.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Whether rare classes weigh more, so that all classes weigh alike.</summary>
    public bool BalancedClassWeights { get; init; }

    /// <summary>One rate for all dropouts; null leaves those of the model's configuration.</summary>
    public float? Dropout { get; init; }

    /// <summary>The longest molecule in tokens; null leaves what the position table holds.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What happens to longer ones.</summary>
    public LongMolecules OnLong { get; init; } = LongMolecules.Truncate;

    /// <summary>Whether to go on with the run that the folder holds.</summary>
    public bool Resume { get; init; }
}
