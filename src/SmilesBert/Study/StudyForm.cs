using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>A way to make rows of the labelled molecules and to divide them.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Title">Over its part of the report.</param>
/// <param name="Split">How rows are divided.</param>
/// <param name="Pairs">Whether each pair of molecule and label is a row of its own.</param>
internal sealed record StudyForm(string Name, string Title, SplitKind Split, bool Pairs)
{
    /// <summary>The honest one: a row for each molecule, all rows of a molecule on one side.</summary>
    public static StudyForm ByMolecule { get; } = new("by-molecule", "Split by molecule", SplitKind.Group, Pairs: false);

    /// <summary>The seed study's: a row for each pair, rows dealt out as they come, so that a molecule may be on both sides.</summary>
    public static StudyForm ByRow { get; } = new("by-row", "Split by row, as the seed study did", SplitKind.Random, Pairs: true);
}
