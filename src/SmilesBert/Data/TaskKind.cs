namespace SmilesBert.Data;

/// <summary>What a head learns.</summary>
public enum TaskKind
{
    /// <summary>One class a molecule.</summary>
    SingleLabel,

    /// <summary>Any number of labels a molecule; each is there, not there, or unknown.</summary>
    MultiLabel,

    /// <summary>One or more numbers a molecule; each may be unknown.</summary>
    Regression,
}
