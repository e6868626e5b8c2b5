using SmilesBert.Analysis.Charts;
using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>A form of the study with all its seeds, and the pictures of the first.</summary>
/// <param name="Form">Which.</param>
/// <param name="Data">Its rows.</param>
/// <param name="Seeds">One for each finetuning.</param>
/// <param name="Picture">Before and after, of the first seed.</param>
/// <param name="RunFolder">The first seed's finetuning.</param>
internal sealed record FormResult(StudyForm Form, Dataset Data, IReadOnlyList<SeedOutcome> Seeds, ScatterContent Picture, string RunFolder);
