using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Study;

/// <summary>What a study is asked to do.</summary>
public sealed record StudyOptions
{
    /// <summary>The folder of the pretrained model.</summary>
    public required string Model { get; init; }

    /// <summary>The molecules and their labels, those left out by count already gone.</summary>
    public required LabelledTable Table { get; init; }

    /// <summary>The folder for everything that comes of it.</summary>
    public required string Output { get; init; }

    /// <summary>How many times each finetuning is repeated; the seeds are that of <see cref="Training"/> and those after it.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>Whether the split by row is studied too, beside the split by molecule.</summary>
    public bool ByRow { get; init; } = true;

    /// <summary>How a molecule's vector is made.</summary>
    public Pooling Pooling { get; init; } = Pooling.Cls;

    /// <summary>The finetuning's numbers, and the first seed.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The longest molecule in tokens; null leaves what the position table holds.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What happens to longer ones.</summary>
    public LongMolecules OnLong { get; init; } = LongMolecules.Truncate;

    /// <summary>Whether to go on with the study that the folder holds.</summary>
    public bool Resume { get; init; }
}
