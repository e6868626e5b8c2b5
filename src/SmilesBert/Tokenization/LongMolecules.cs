namespace SmilesBert.Tokenization;

/// <summary>What becomes of a molecule with more tokens than the model has positions.</summary>
public enum LongMolecules
{
    /// <summary>Its first tokens are kept, the last of them replaced by [SEP]; the molecule is counted.</summary>
    Truncate,

    /// <summary>The run ends, naming the row.</summary>
    Refuse,
}
