namespace SmilesBert.Data;

/// <summary>How a dataset is split. For <see cref="SplitKind.Column"/> the dataset says which column.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Seed">Decides, with the rows, which goes where; no matter to scaffolds and columns.</param>
public sealed record SplitOptions(SplitKind Kind = SplitKind.Group, ulong Seed = 42)
{
    /// <summary>The share of rows to train on.</summary>
    public double Train { get; init; } = 0.8;

    /// <summary>The share of rows to validate on; 0 for none.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>The share of rows to test on; 0 for none.</summary>
    public double Test { get; init; } = 0.1;

    /// <summary>Ends the search for scaffolds with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Stop { get; init; }
}
