using SmilesBert.Analysis;

namespace SmilesBert.Training;

/// <summary>What an evaluation is worth, whatever it is of.</summary>
public interface IScored
{
    /// <summary>The mean loss; null when nothing has a label.</summary>
    double? Loss { get; }

    /// <summary>Every figure of the task.</summary>
    IReadOnlyList<Metric> Metrics { get; }

    /// <summary>What the best epoch has most of.</summary>
    double Score { get; }
}
