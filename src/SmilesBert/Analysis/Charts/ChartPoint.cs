namespace SmilesBert.Analysis.Charts;

/// <summary>A point in the data's own units.</summary>
public readonly record struct ChartPoint(double X, double Y);
