namespace SmilesBert.Model;

/// <summary>
/// How regression targets were standardised: the network predicts (target - mean) / deviation, and predictions are undone with the same numbers.
/// Kept in config.json beside the labels.
/// </summary>
/// <param name="Mean">(K) the training split's means.</param>
/// <param name="Deviation">(K) its standard deviations; 1 for a constant target.</param>
public sealed record TargetScaling(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)
{
    /// <summary>Of a regression model that says nothing of its targets' units: they are the network's own.</summary>
    public static TargetScaling Identity(int targets) => new([.. Enumerable.Repeat(0d, targets)], [.. Enumerable.Repeat(1d, targets)]);

    /// <summary>Target k in the network's units.</summary>
    public float Standardise(int k, double target) => (float)((target - Mean[k]) / Deviation[k]);

    /// <summary>The network's output k in the target's units.</summary>
    public double Undo(int k, double output) => (output * Deviation[k]) + Mean[k];
}
