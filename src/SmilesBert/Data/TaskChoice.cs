namespace SmilesBert.Data;

/// <summary>Which task a table's target columns make, and why. Never silent: the reason is printed.</summary>
internal static class TaskChoice
{
    // Whole numbers up to this many distinct ones are taken for classes, more for a quantity.
    private const int MostNumberedClasses = 20;

    // A column of numbers may hold a few that were mistyped; those rows are then bad rows, not a class each.
    private const double NumberShare = 0.9;

    public static (TaskKind Task, string Reason) Decide(string source, IReadOnlyList<LabelledRow> rows, TargetOptions targets)
    {
        if (targets.Columns.Count > 1 && targets.Separator is not null)
            throw new InputException("a separator splits one target column into labels, and several target columns are named");
        if (targets.Task is TaskKind asked) return (Possible(asked, targets), $"{Name(asked)}, as asked");
        if (targets.ModelTask is TaskKind known) return (Possible(known, targets), $"{Name(known)}, as the model's config.json says");
        if (targets.Separator is char separator)
            return (TaskKind.MultiLabel, $"{Name(TaskKind.MultiLabel)}, because '{separator}' splits '{targets.Columns[0]}' into labels");
        return targets.Columns.Count == 1 ? DecideOne(source, rows, targets.Columns[0]) : DecideSeveral(source, rows, targets.Columns);
    }

    public static string Name(TaskKind task) => task switch
    {
        TaskKind.SingleLabel => "single-label",
        TaskKind.MultiLabel => "multi-label",
        _ => "regression",
    };

    private static TaskKind Possible(TaskKind asked, TargetOptions targets)
    {
        if (asked != TaskKind.MultiLabel && targets.Separator is not null)
            throw new InputException($"a separator makes sets of labels, and the task asked for is {Name(asked)}");
        if (asked == TaskKind.SingleLabel && targets.Columns.Count > 1)
            throw new InputException($"the single-label task takes one target column, and {targets.Columns.Count} are named");
        return asked;
    }

    private static (TaskKind, string) DecideOne(string source, IReadOnlyList<LabelledRow> rows, string column)
    {
        HashSet<string> distinct = [];
        HashSet<double> numbers = [];
        int numeric = 0, fractional = 0;
        foreach (LabelledRow row in rows)
        {
            string cell = row.Cells[0]!;
            distinct.Add(cell);
            if (!TargetCell.TryNumber(cell, out double number)) continue;
            numeric++;
            numbers.Add(number);
            if (number != Math.Floor(number)) fractional++;
        }

        bool quantity = fractional > 0 || numbers.Count > MostNumberedClasses;
        if (quantity && numeric >= NumberShare * rows.Count)
            return (TaskKind.Regression, fractional > 0
                ? $"regression, because '{column}' holds numbers with fractions"
                : $"regression, because '{column}' holds {numbers.Count} distinct numbers");
        if (numeric == rows.Count)
            return (TaskKind.SingleLabel, $"single-label, because '{column}' holds only {numbers.Count} distinct whole numbers");
        if (distinct.Count > Math.Max(MostNumberedClasses, rows.Count / 2))
            throw new InputException(
                $"column '{column}' of {source} holds {distinct.Count} distinct texts in {rows.Count} rows, too many for classes: is it the target? "
                + "(--task single-label takes them so)");
        return (TaskKind.SingleLabel, $"single-label, because '{column}' holds text, {distinct.Count} distinct");
    }

    private static (TaskKind, string) DecideSeveral(string source, IReadOnlyList<LabelledRow> rows, IReadOnlyList<string> columns)
    {
        bool flags = true;
        foreach (LabelledRow row in rows)
            for (int i = 0; i < columns.Count; i++)
            {
                if (row.Cells[i] is not string cell) continue;
                flags &= TargetCell.TryFlag(cell, out _);
                if (!TargetCell.TryNumber(cell, out _))
                    throw new InputException(
                        $"{source}, line {row.Line}: '{cell}' in column '{columns[i]}', where several target columns must all hold numbers");
            }
        return flags
            ? (TaskKind.MultiLabel, $"multi-label, because all {columns.Count} target columns hold only 0, 1 or nothing")
            : (TaskKind.Regression, $"regression, because the {columns.Count} target columns hold numbers");
    }
}
