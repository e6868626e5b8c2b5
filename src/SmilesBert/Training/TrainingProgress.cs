namespace SmilesBert.Training;

/// <summary>Where a training stands between two steps: with the parameters and moments, all that a resumed run needs.</summary>
public sealed record TrainingProgress
{
    /// <summary>The epoch under way, from 0; the number of epochs when training has ended.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps of that epoch that are done.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Steps done in all.</summary>
    public int Step { get; init; }

    /// <summary>The sum of the losses of the epoch's steps, each times what it is a mean over: molecules, or masked tokens.</summary>
    public double EpochLoss { get; init; }

    /// <summary>The sum of what they are means over.</summary>
    public long EpochWeight { get; init; }

    /// <summary>The mean training loss of the last whole epoch; null before there is one.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>The best epoch so far, from 1; 0 before there is one.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Its <see cref="Evaluation.Score"/>, and its loss, which decides between equal scores.</summary>
    public double BestScore { get; init; }

    /// <inheritdoc cref="BestScore"/>
    public double BestLoss { get; init; }

    /// <summary>Bytes of history.jsonl that belong to the steps done; what a broken-off run wrote after them is cut off.</summary>
    public long HistoryBytes { get; init; }

    /// <summary>Time spent in steps, without evaluations, over all sessions of the run.</summary>
    public double Seconds { get; init; }

    /// <summary>Molecules trained on in that time.</summary>
    public long Molecules { get; init; }

    /// <summary>Their tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Whether a training can have come to stand so.</summary>
    internal bool IsPossible =>
        this is { Epoch: >= 0, StepInEpoch: >= 0, Step: >= 0, BestEpoch: >= 0, EpochWeight: >= 0, HistoryBytes: >= 0, Molecules: >= 0, Tokens: >= 0 }
        && double.IsFinite(EpochLoss) && double.IsFinite(TrainLoss ?? 0) && double.IsFinite(BestScore) && double.IsFinite(BestLoss) && double.IsFinite(Seconds);
}
