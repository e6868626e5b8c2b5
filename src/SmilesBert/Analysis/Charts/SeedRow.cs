namespace SmilesBert.Analysis.Charts;

/// <summary>A row of a <see cref="SeedChart"/>: a task, measured under each condition with each seed.</summary>
/// <param name="Name">"superclass".</param>
/// <param name="Values">For each condition the values, one a seed; those that are not finite are left out.</param>
public sealed record SeedRow(string Name, IReadOnlyList<IReadOnlyList<double>> Values);
