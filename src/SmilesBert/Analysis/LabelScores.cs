namespace SmilesBert.Analysis;

/// <summary>One label of a multi-label evaluation, over the rows that have it (a missing label counts nowhere).</summary>
/// <param name="RocAuc">Null unless positives and negatives both occur.</param>
/// <param name="PrAuc">Average precision; null without a positive.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN) at the threshold; null when no row is positive and none is predicted so.</param>
/// <param name="Positives">Rows whose label is 1.</param>
/// <param name="Labelled">Rows whose label is 0 or 1.</param>
public readonly record struct LabelScores(double? RocAuc, double? PrAuc, double? F1, int Positives, int Labelled);
