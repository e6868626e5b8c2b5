namespace SmilesBert.Analysis.Charts;

/// <summary>What the validation part gave after some training.</summary>
/// <param name="Epoch">Epochs trained until then: 1 after the first.</param>
/// <param name="Loss">Null where not measured.</param>
/// <param name="Metric">The metric that the chart follows; null where undefined.</param>
public readonly record struct EpochEvaluation(double Epoch, double? Loss, double? Metric);
