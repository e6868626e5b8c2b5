namespace SmilesBert.Analysis;

/// <summary>One class of a single-label evaluation.</summary>
/// <param name="Precision">Of the rows predicted as this class, the share that is; null when none was predicted.</param>
/// <param name="Recall">Of the rows of this class, the share predicted as such; null when the class does not occur.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN); null when the class is neither there nor predicted.</param>
/// <param name="RocAuc">Of this class against the others; null unless both occur.</param>
/// <param name="PrAuc">Average precision of this class against the others; null when the class does not occur.</param>
/// <param name="Support">Rows of this class.</param>
public readonly record struct ClassScores(double? Precision, double? Recall, double? F1, double? RocAuc, double? PrAuc, int Support);
