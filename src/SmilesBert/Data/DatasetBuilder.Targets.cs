using System.Globalization;

namespace SmilesBert.Data;

/// <content>The targets' text becomes classes and numbers.</content>
internal sealed partial class DatasetBuilder
{
    private void ReadClasses()
    {
        string column = targets.Columns[0];
        // A table library that met a gap writes whole numbers as 1.0: classes 1 and 1.0 are one.
        bool integers = known is null
            ? rows.All(row => TargetCell.TryInteger(row.Cells[0]!, out _))
            : known.AreNumbered || known.Labels.All(label => TargetCell.TryInteger(label, out _));

        labels = known?.Labels ?? KeptLabels(rows.GroupBy(NameOf).ToDictionary(g => g.Key, g => g.Count()), "classes");
        Dictionary<string, int> places = Places(labels);
        if (known is not null && !rows.Exists(row => places.ContainsKey(NameOf(row))))
            throw new InputException(
                $"none of the classes in column '{column}' of {Source} ({Sample(rows.Select(NameOf))}) is one of the model's ({Sample(labels)})");
        KeepRows(
            known is null ? "of a class that the counts leave out" : "of a class that the model does not know",
            row => places.ContainsKey(NameOf(row)) ? null : $"'{NameOf(row)}'");
        classes = [.. rows.Select(row => places[NameOf(row)])];

        string NameOf(LabelledRow row)
        {
            string cell = row.Cells[0]!;
            if (!integers || !TargetCell.TryInteger(cell, out long number)) return cell;
            string name = number.ToString(CultureInfo.InvariantCulture);
            return known is { AreNumbered: true } ? $"LABEL_{name}" : name;
        }
    }

    private void ReadLabelSets(char separator)
    {
        string[][] sets =
        [
            .. rows.Select(row => row.Cells[0]!
                .Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray()),
        ];
        Dictionary<string, int> counts = sets.SelectMany(set => set).GroupBy(label => label).ToDictionary(g => g.Key, g => g.Count());
        labels = known?.Labels ?? KeptLabels(counts, "labels");
        Dictionary<string, int> places = Places(labels);
        if (known is not null)
        {
            string[] strange = [.. counts.Keys.Where(label => !places.ContainsKey(label)).Order(StringComparer.Ordinal)];
            if (strange.Length == counts.Count)
                throw new InputException(
                    $"none of the labels in column '{targets.Columns[0]}' of {Source} ({Sample(strange)}) is one of the model's ({Sample(labels)})");
            if (strange.Length > 0) notes.Add($"{strange.Length} labels that the model does not know are left out: {Sample(strange)}");
        }

        values = NewValues(0f);     // a set that is there says of every label whether it is in it
        for (int i = 0; i < sets.Length; i++)
            foreach (string label in sets[i])
                if (places.TryGetValue(label, out int k)) values[i * labels.Count + k] = 1f;
    }

    private void ReadColumns(bool flags)
    {
        KeepReadable(flags);
        if (known is not null) labels = known.Labels;
        else if (!flags) labels = targets.Columns;
        else
        {
            string[] columns = [.. targets.Columns];
            HashSet<string> kept = [.. KeptLabels(Enumerable.Range(0, columns.Length).ToDictionary(i => columns[i], CountOfOnes), "labels")];
            labels = [.. columns.Where(kept.Contains)];
        }

        int[] places = ColumnPlaces();
        // Of a table cut down to some labels, rows that know none of those have no target left.
        KeepRows("no target among the labels kept", row => Knows(row) ? null : "all empty");
        values = NewValues(float.NaN);
        for (int i = 0; i < rows.Count; i++)
            for (int column = 0; column < places.Length; column++)
                if (places[column] >= 0 && rows[i].Cells[column] is string cell && TargetCell.TryNumber(cell, out double value))
                    values[i * labels.Count + places[column]] = (float)value;

        bool Knows(LabelledRow row) => Enumerable.Range(0, places.Length).Any(column => places[column] >= 0 && row.Cells[column] is not null);
        int CountOfOnes(int column) => rows.Count(row => row.Cells[column] is string cell && TargetCell.TryFlag(cell, out float flag) && flag == 1f);
    }

    // A field that should hold a number and does not makes its row a bad one, as a broken quote does.
    private void KeepReadable(bool flags)
    {
        List<LabelledRow> readable = [];
        foreach (LabelledRow row in rows)
        {
            int wrong = Array.FindIndex(row.Cells, cell => cell is not null && !(flags ? TargetCell.TryFlag(cell, out _) : TargetCell.TryNumber(cell, out _)));
            if (wrong < 0) readable.Add(row);
            else
                reader.Refuse(row.Line, $"'{row.Cells[wrong]}' in column '{targets.Columns[wrong]}', where "
                    + (flags ? "0, 1 or nothing is expected (text of several labels needs --separator)" : "a finite number with a decimal point is expected"));
        }
        rows = readable;
    }

    /// <summary>For each target column its place among the labels; -1 where its label was left out.</summary>
    private int[] ColumnPlaces()
    {
        if (known is not null && targets.Columns.Count == labels.Count && (known.AreNumbered || labels.Count == 1))
        {
            if (!labels.SequenceEqual(targets.Columns)) notes.Add("target columns are matched to the model's outputs by order");
            return [.. Enumerable.Range(0, labels.Count)];
        }
        Dictionary<string, int> places = Places(labels);
        string? strange = known is null ? null : targets.Columns.FirstOrDefault(column => !places.ContainsKey(column));
        if (strange is not null) throw new InputException($"the model predicts no '{strange}', only {Sample(labels)}");
        return [.. targets.Columns.Select(column => places.GetValueOrDefault(column, -1))];
    }

    /// <summary>The names that the counts leave, in ordinal order: a finished model's outputs must not depend on the rows' order.</summary>
    private string[] KeptLabels(Dictionary<string, int> counts, string what)
    {
        string[] kept =
        [
            .. counts.Where(c => !(c.Value < targets.MinCount) && !(c.Value > targets.MaxCount))
                .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => c.Key).Take(targets.Top ?? int.MaxValue).Order(StringComparer.Ordinal),
        ];
        if (kept.Length == 0)
            throw new InputException($"none of the {counts.Count} {what} of {Source} has a number of rows that the counts allow (the largest: {counts.Values.DefaultIfEmpty().Max()})");
        if (kept.Length < counts.Count)
            notes.Add($"{counts.Count - kept.Length} of {counts.Count} {what} are left out by their counts: {Sample(counts.Keys.Except(kept).Order(StringComparer.Ordinal))}");
        return kept;
    }

    private float[] NewValues(float value)
    {
        long size = (long)rows.Count * labels.Count;
        if (size > Array.MaxLength) throw new InputException($"{rows.Count} rows of {labels.Count} labels are too many for one table: filter the labels by count");
        float[] array = new float[size];
        array.AsSpan().Fill(value);
        return array;
    }

    private static Dictionary<string, int> Places(IReadOnlyList<string> names) =>
        Enumerable.Range(0, names.Count).ToDictionary(i => names[i], i => i);

    private static string Sample(IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct()];
        string list = string.Join(", ", all.Take(NamedLabels).Select(name => $"'{name}'"));
        return all.Length > NamedLabels ? $"{list} and {all.Length - NamedLabels} more" : list;
    }
}
