using SmilesBert.Analysis;

namespace SmilesBert.Study;

/// <summary>What one finetuning of a study gave.</summary>
/// <param name="Seed">Of the split and all else that is drawn.</param>
/// <param name="SplitDescription">A sentence with the parts' sizes.</param>
/// <param name="SeenShare">Of the test part's molecules, the share that training has too, from 0 to 1.</param>
/// <param name="Test">The finetuned model's figures on the test part.</param>
/// <param name="Before">The pretrained model's vectors.</param>
/// <param name="After">The finetuned model's vectors.</param>
internal sealed record SeedOutcome(
    ulong Seed, string SplitDescription, double SeenShare, IReadOnlyList<Metric> Test, Separation Before, Separation After);
