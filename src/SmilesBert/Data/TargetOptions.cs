namespace SmilesBert.Data;

/// <summary>What is to be learned from a table, and which of its classes.</summary>
public sealed record TargetOptions
{
    /// <summary>The columns that hold it, at least one.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Splits the one column's text into a set of labels.</summary>
    public char? Separator { get; init; }

    /// <summary>The task; null chooses by content (<see cref="Dataset.TaskReason"/> says why).</summary>
    public TaskKind? Task { get; init; }

    /// <summary>What the model's folder says the task is; it decides where <see cref="Task"/> does not.</summary>
    public TaskKind? ModelTask { get; init; }

    /// <summary>Classes (labels) of fewer rows are left out.</summary>
    public int? MinCount { get; init; }

    /// <summary>Only this many classes are kept, the largest that the other two leave.</summary>
    public int? Top { get; init; }

    /// <summary>Classes (labels) of more rows are left out.</summary>
    public int? MaxCount { get; init; }

    /// <summary>Whether classes are to be left out at all.</summary>
    internal bool Filters => MinCount is not null || Top is not null || MaxCount is not null;
}
