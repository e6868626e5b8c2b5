using SmilesBert.Molecules;

namespace SmilesBert.Data;

/// <summary>The way from a file's rows to a <see cref="Dataset"/>: read, choose the task, read the targets by it, leave out what has none.</summary>
internal sealed partial class DatasetBuilder(MoleculeReader reader, TargetOptions targets, KnownLabels? known, string? splitColumn)
{
    private const int KeptExamples = 5, NamedLabels = 10;

    private readonly List<DroppedRows> dropped = [];
    private readonly List<string> notes = [];
    private List<LabelledRow> rows = [];
    private IReadOnlyList<string> labels = [];
    private int[] classes = [];
    private float[] values = [];

    private string Source => reader.Source;

    public Dataset Build()
    {
        CheckOptions();
        ReadRows();
        (TaskKind task, string reason) = TaskChoice.Decide(Source, rows, known is null ? targets : targets with { Task = null, ModelTask = known.Task });
        if (task == TaskKind.Regression && targets.Filters)
            throw new InputException("regression has no classes that a count could leave out");

        switch (task)
        {
            case TaskKind.SingleLabel: ReadClasses(); break;
            case TaskKind.MultiLabel when targets.Separator is char separator: ReadLabelSets(separator); break;
            case TaskKind.MultiLabel: ReadColumns(flags: true); break;
            default: ReadColumns(flags: false); break;
        }
        NoteBadRows();
        if (rows.Count == 0) throw new InputException($"no row of {Source} is left: {Account()}");
        if (known is null) RequireVariety(task);

        (string[] keys, string identity) = MoleculeKeys();
        return new Dataset
        {
            Source = Source,
            SmilesColumnChoice = reader.SmilesColumnChoice,
            IdentityChoice = identity,
            Task = task,
            TaskReason = reason,
            Labels = labels,
            Smiles = [.. rows.Select(row => row.Smiles)],
            Rows = [.. rows.Select(row => row.Row)],
            Lines = [.. rows.Select(row => row.Line)],
            Classes = classes,
            Targets = values,
            MoleculeKeys = keys,
            SplitColumn = splitColumn,
            SplitValues = splitColumn is null ? null : [.. rows.Select(row => row.Split!)],
            Dropped = dropped,
            Notes = notes,
        };
    }

    private void CheckOptions()
    {
        if (targets.Columns.Count == 0) throw new InputException("no target column is named");
        if (targets.Columns.Distinct().Count() < targets.Columns.Count) throw new InputException("a target column is named twice");
        if (known is not null && targets.Filters) throw new InputException("a finished model's classes are fixed, and no count can leave any out");
        if (known is not null && known.Labels.Distinct().Count() < known.Labels.Count)
            throw new InputException("two of the model's labels have one name, and no column can be matched to them");
        if (targets.MinCount < 1 || targets.Top < 1 || targets.MaxCount < 1)
            throw new InputException("the counts that leave classes out must be at least 1");
    }

    private void ReadRows()
    {
        int[] columns = [.. targets.Columns.Select(name => ColumnFinder.Named(Source, reader.Header, name))];
        int? split = splitColumn is null ? null : ColumnFinder.Named(Source, reader.Header, splitColumn);
        if (columns.Contains(reader.SmilesColumn))
            throw new InputException($"column '{reader.Header[reader.SmilesColumn]}' of {Source} is the target and holds the SMILES too");

        Dictionary<string, string> shared = [];     // one copy of each distinct text: a million rows of ten classes hold ten strings
        List<string> without = [];
        long withoutCount = 0;
        foreach (MoleculeRow row in reader.Rows())
        {
            string?[] cells = [.. columns.Select(column => TargetCell.Read(row.Fields[column]) is string cell ? Share(cell) : null)];
            if (cells.All(cell => cell is null))
            {
                if (withoutCount++ < KeptExamples) without.Add($"line {row.Line}");
                continue;
            }
            rows.Add(new LabelledRow(row.Row, row.Line, row.Smiles, reader.InChIKeyOf(row), split is int s ? Share(row.Fields[s].Trim()) : null, cells));
        }
        if (withoutCount > 0) dropped.Add(new DroppedRows("no target", withoutCount, without));
        if (rows.Count == 0)
        {
            NoteBadRows();
            throw new InputException($"no row of {Source} is left: {Account()}");
        }

        string Share(string text) => shared.TryGetValue(text, out string? first) ? first : shared[text] = text;
    }

    /// <summary>Keeps the rows that a judge gives no reason against, noting the others under that reason.</summary>
    private void KeepRows(string reason, Func<LabelledRow, string?> against)
    {
        List<LabelledRow> kept = [];
        List<string> examples = [];
        long count = 0;
        foreach (LabelledRow row in rows)
        {
            string? fault = against(row);
            if (fault is null) kept.Add(row);
            else if (count++ < KeptExamples) examples.Add(InputException.OneLine($"line {row.Line}: {fault}"));
        }
        rows = kept;
        if (count > 0) dropped.Add(new DroppedRows(reason, count, examples));
    }

    private void NoteBadRows()
    {
        if (reader.BadRowCount > 0) dropped.Add(new DroppedRows("cannot be read", reader.BadRowCount, reader.BadRowMessages));
    }

    private string Account() => string.Join(", ", dropped.Select(d => $"{d.Count} left out ({d.Reason})"));

    // Something to learn: without two classes, or two values of a target, a loss falls to zero and says nothing.
    private void RequireVariety(TaskKind task)
    {
        if (task == TaskKind.SingleLabel)
        {
            if (labels.Count < 2)
                throw new InputException(
                    $"every row that {Source} has for '{targets.Columns[0]}' is of one class, '{labels[0]}': there is nothing to learn");
            return;
        }
        bool varies = false;
        for (int k = 0; k < labels.Count; k++)
        {
            float[] present = [.. Enumerable.Range(0, rows.Count).Select(i => values[i * labels.Count + k]).Where(v => !float.IsNaN(v))];
            if (present.Length == 0) throw new InputException($"column '{labels[k]}' of {Source} holds no value in any row");
            varies |= present.AsSpan().ContainsAnyExcept(present[0]);
        }
        if (!varies)
            throw new InputException(
                $"the target of {Source} ({Sample(targets.Columns)}) never changes from row to row: there is nothing to learn");
    }

    /// <summary>
    /// A key for each row. Rows are one molecule when their InChIKeys share the skeleton, or when their SMILES have the same atoms and bonds
    /// (<see cref="MoleculeIdentity"/>); chains of both count too, so that a row without an InChIKey falls in with its equals.
    /// </summary>
    private (string[] Keys, string Choice) MoleculeKeys()
    {
        string[] names = new string[rows.Count];
        for (int i = 0; i < names.Length; i++)
        {
            reader.Stop.ThrowIfCancellationRequested();
            names[i] = NameOf(rows[i].Smiles);
        }
        if (reader.InChIKeyColumn is not int column) return (names, "molecules are told apart by their atoms and bonds, stereo aside");

        // Disjoint sets of names and skeletons; each points to one of its own, and a root is the key.
        Dictionary<string, string> parents = [];
        for (int i = 0; i < names.Length; i++)
            if (rows[i].InChIKey is string inchiKey)
            {
                string name = Root(names[i]), skeleton = Root(InChIKeys.SkeletonOf(inchiKey));
                if (name != skeleton) parents[name] = skeleton;
            }
        string[] keys = [.. names.Select(Root)];
        return (keys, $"molecules are told apart by the first 14 characters of the InChIKey in column {column + 1} ('{reader.Header[column]}')");

        string Root(string member)
        {
            string root = member;
            while (parents.TryGetValue(root, out string? parent)) root = parent;
            if (root != member) parents[member] = root;
            return root;
        }
    }

    /// <summary>The name that a molecule's writings share; what is no molecule (a reaction) is named by its text.</summary>
    internal static string NameOf(string smiles) =>
        SmilesReader.TryRead(smiles, out Molecule? molecule, out _) ? MoleculeIdentity.Of(molecule) : smiles;
}
