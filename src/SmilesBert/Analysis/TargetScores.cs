namespace SmilesBert.Analysis;

/// <summary>One target of a regression, over the rows that have it.</summary>
/// <param name="Rmse">Root mean squared error, in the target's own unit; null without a labelled row.</param>
/// <param name="Mae">Mean absolute error, in the target's own unit; null without a labelled row.</param>
/// <param name="R2">1 - squared error / squared deviation from the mean; null where the target does not vary.</param>
/// <param name="Labelled">Rows that have the target.</param>
public readonly record struct TargetScores(double? Rmse, double? Mae, double? R2, int Labelled);
