namespace SmilesBert.Data;

/// <summary>How rows are dealt out to training, validation and test.</summary>
public enum SplitKind
{
    /// <summary>All rows of a molecule stay on one side.</summary>
    Group,

    /// <summary>Row by row; a molecule of several rows may stand on both sides.</summary>
    Random,

    /// <summary>Row by row, every class with its share on each side.</summary>
    Stratified,

    /// <summary>All rows of a scaffold (<see cref="Molecules.Scaffold"/>) stay on one side; the test is of scaffolds never seen.</summary>
    Scaffold,

    /// <summary>As a column says: train, validation or test.</summary>
    Column,
}
