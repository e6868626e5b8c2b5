namespace SmilesBert.Data;

/// <summary>
/// A labelled table in memory: molecules, what is to be learned of each, and an account of what was left out.
/// Arrays hold an entry for each row kept, in the file's order.
/// </summary>
public sealed class Dataset
{
    internal Dataset() { }

    /// <summary>The file's name, as given.</summary>
    public required string Source { get; init; }

    /// <summary>A sentence: which column holds SMILES.</summary>
    public required string SmilesColumnChoice { get; init; }

    /// <summary>A sentence: how it is told that two rows are one molecule.</summary>
    public required string IdentityChoice { get; init; }

    /// <summary>What is to be learned.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>The task and why it is that: "regression, because ...".</summary>
    public required string TaskReason { get; init; }

    /// <summary>
    /// Names of the outputs: classes, or labels of a set, in ordinal order; target columns as they were named;
    /// or a finished model's labels in its own order.
    /// </summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>How many rows were kept.</summary>
    public int Count => Smiles.Length;

    /// <summary>(Count) The molecules.</summary>
    public required string[] Smiles { get; init; }

    /// <summary>(Count) Each row's number in the file, from 1, ascending.</summary>
    public required long[] Rows { get; init; }

    /// <summary>(Count) The line of the file where each row begins.</summary>
    public required long[] Lines { get; init; }

    /// <summary>(Count) Single-label: each row's place in <see cref="Labels"/>. Empty for the other tasks.</summary>
    public required int[] Classes { get; init; }

    /// <summary>
    /// (Count, Labels.Count) Multi-label: 0 or 1; regression: values. NaN where nothing is known. Empty for the single-label task.
    /// </summary>
    public required float[] Targets { get; init; }

    /// <summary>(Count) Names that rows of the same molecule share, for the group split.</summary>
    public required IReadOnlyList<string> MoleculeKeys { get; init; }

    /// <summary>The split column that was asked for; null without one.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>(Count) What it holds, trimmed; null without one.</summary>
    public string[]? SplitValues { get; init; }

    /// <summary>Rows that were left out, by reason.</summary>
    public required IReadOnlyList<DroppedRows> Dropped { get; init; }

    /// <summary>Further sentences for the run's header: labels that were left out, labels matched by order.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads a table to learn from: at least two classes (or values) are needed.</summary>
    /// <param name="path">A file that <see cref="MoleculeReader"/> reads; "-" for standard input.</param>
    /// <param name="read">How it is read.</param>
    /// <param name="targets">What is to be learned.</param>
    /// <param name="splitColumn">A column that says which part of a split each row is in.</param>
    /// <exception cref="InputException">The file or its targets cannot be used.</exception>
    public static Dataset Load(string path, ReadOptions read, TargetOptions targets, string? splitColumn = null) =>
        Load(MoleculeReader.Open(path, read), targets, known: null, splitColumn);

    /// <summary>
    /// Reads a table to evaluate a finished model on; one class is enough here. Rows of a class that the model does not know are left out and
    /// counted; of several target columns each must be one of the model's; of a column of label sets, unknown labels are left out and noted.
    /// Labels of the model that the table says nothing about are missing. A model that was never given names (LABEL_0, ...) takes
    /// classes by number and columns by order, and so does a model of one target its one column.
    /// </summary>
    /// <inheritdoc cref="Load(string, ReadOptions, TargetOptions, string?)"/>
    public static Dataset Load(string path, ReadOptions read, TargetOptions targets, KnownLabels known, string? splitColumn = null) =>
        Load(MoleculeReader.Open(path, read), targets, known, splitColumn);

    internal static Dataset Load(MoleculeReader reader, TargetOptions targets, KnownLabels? known, string? splitColumn)
    {
        using (reader) return new DatasetBuilder(reader, targets, known, splitColumn).Build();
    }
}
