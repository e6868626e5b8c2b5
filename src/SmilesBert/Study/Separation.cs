using SmilesBert.Analysis;

namespace SmilesBert.Study;

/// <summary>How far the classes of held-out rows lie apart in a model's vectors; neighbours, probe and components are those of the training rows.</summary>
/// <param name="Plane">In the first two principal components, which the pictures show.</param>
/// <param name="Full">In full width.</param>
internal sealed record Separation(IReadOnlyList<Metric> Plane, IReadOnlyList<Metric> Full);
