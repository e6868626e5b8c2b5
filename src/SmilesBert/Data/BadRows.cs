namespace SmilesBert.Data;

/// <summary>What happens at a row that cannot be read: wrong number of fields, broken quotes, no readable SMILES, no number where one must be.</summary>
public enum BadRows
{
    /// <summary>Reading ends with an <see cref="InputException"/> that names the file and the line.</summary>
    Error,

    /// <summary>The row is left out and counted.</summary>
    Skip,
}
