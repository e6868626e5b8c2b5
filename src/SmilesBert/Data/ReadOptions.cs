namespace SmilesBert.Data;

/// <summary>How a data file is read.</summary>
public sealed record ReadOptions
{
    /// <summary>The column that holds SMILES; null finds it by content.</summary>
    public string? SmilesColumn { get; init; }

    /// <summary>What happens at a row that cannot be read.</summary>
    public BadRows OnBadRow { get; init; } = BadRows.Error;

    /// <summary>Ends the reading with an <see cref="OperationCanceledException"/>, between two rows or while standard input keeps it waiting.</summary>
    public CancellationToken Stop { get; init; }
}
