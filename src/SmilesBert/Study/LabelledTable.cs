using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>
/// The molecules of a study with their labels, and an account of what did not come into it. Written as a plain CSV, in one of two forms, it is
/// what any command reads: a row for each molecule with its set of labels, or the seed study's row for each pair of molecule and label.
/// </summary>
public sealed class LabelledTable
{
    /// <summary>The column of the written tables that holds labels.</summary>
    public const string LabelColumn = "label";

    private const int NamedLabels = 10;

    // One of these joins the labels of a set: the first that no label has in it.
    private const string Separators = "|;@~^#";

    /// <param name="family">What the labels are: "superclass", a column's name.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="molecules">In the source's order.</param>
    /// <param name="dropped">What was left out on the way here.</param>
    /// <param name="notes">Sentences on how the source was read.</param>
    public LabelledTable(
        string family, string source, IReadOnlyList<LabelledMolecule> molecules, IReadOnlyList<DroppedRows> dropped, IReadOnlyList<string> notes)
    {
        Family = family;
        Source = source;
        Molecules = molecules;
        Dropped = dropped;
        Notes = notes;
        Counts = molecules.SelectMany(static molecule => molecule.Labels).CountBy(static label => label)
            .OrderByDescending(static count => count.Value).ThenBy(static count => count.Key, StringComparer.Ordinal).ToArray();
        HasSets = molecules.Any(static molecule => molecule.Labels.Count > 1);
    }

    public string Family { get; }

    public string Source { get; }

    public IReadOnlyList<LabelledMolecule> Molecules { get; }

    /// <summary>Rows of the source that are not here, by reason.</summary>
    public IReadOnlyList<DroppedRows> Dropped { get; }

    public IReadOnlyList<string> Notes { get; }

    /// <summary>How many molecules have each label, the commonest first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Counts { get; }

    /// <summary>Whether some molecule has several labels.</summary>
    public bool HasSets { get; }

    /// <summary>Whether the one-row-per-pair form says a molecule more than once.</summary>
    public bool PairsRepeat => Molecules.Any(static molecule => molecule.Labels.Count * molecule.Joined > 1);

    /// <summary>What stands between the labels of a set.</summary>
    public char Separator => Separators.FirstOrDefault(c => Counts.All(label => !label.Key.Contains(c)), '\t');

    /// <summary>The table with the labels that a filter keeps, without molecules that then have none.</summary>
    /// <exception cref="InputException">Fewer than two labels remain.</exception>
    public LabelledTable Keep(LabelFilter filter)
    {
        HashSet<string> kept =
        [
            .. Counts.Where(count => count.Value >= filter.MinCount && !(count.Value > filter.MaxCount)).Take(filter.Top ?? int.MaxValue)
                .Select(static count => count.Key),
        ];
        if (kept.Count < 2)
        {
            string largest = Counts.Count == 0 ? "there is none" : $"the largest, '{Counts[0].Key}', has {Counts[0].Value} molecules";
            string left = kept.Count == 0 ? "no label" : $"only '{kept.Single()}'";
            throw new InputException($"{left} of the {Counts.Count} {Family} labels of {Source} is left by the counts, and a study needs two ({largest})");
        }

        LabelledMolecule[] molecules =
        [
            .. Molecules.Select(molecule => molecule with { Labels = [.. molecule.Labels.Where(kept.Contains)] })
                .Where(static molecule => molecule.Labels.Count > 0),
        ];
        string[] rare = [.. Counts.Where(count => !kept.Contains(count.Key)).Select(static count => $"'{count.Key}' ({count.Value})")];
        List<DroppedRows> dropped = [.. Dropped];
        if (rare.Length > 0)
        {
            string[] examples = rare.Length > NamedLabels ? [.. rare.Take(NamedLabels), $"{rare.Length - NamedLabels} more"] : rare;
            dropped.Add(new DroppedRows("labels left out by their counts", rare.Length, examples));
        }
        if (molecules.Length < Molecules.Count)
            dropped.Add(new DroppedRows("molecules without any label that is kept", Molecules.Count - molecules.Length, []));

        // A join that loses a whole label makes another study: rows are then the molecules themselves.
        HashSet<string> joined = [.. molecules.Where(static molecule => molecule.Joined > 0).SelectMany(static molecule => molecule.Labels)];
        string[] lost = [.. kept.Except(joined).Order(StringComparer.Ordinal)];
        if (lost.Length == 0) return new LabelledTable(Family, Source, molecules, dropped, Notes);
        string note = $"the seed study's join would leave no molecule of {string.Join(", ", lost.Select(static label => $"'{label}'"))}; the one-row-per-pair form does without it";
        return new LabelledTable(Family, Source, [.. molecules.Select(static molecule => molecule with { Joined = 1 })], dropped, [.. Notes, note]);
    }

    /// <summary>Writes a row for each molecule: id, name, smiles, inchikey, and its labels, joined by <see cref="Separator"/>.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void WriteMolecules(string path) =>
        Write(path, Molecules.Select(molecule => (molecule, string.Join(Separator, molecule.Labels))));

    /// <summary>Writes a row for each pair of molecule and label, as the seed study's joined tables had them: id, name, smiles, inchikey, label.</summary>
    /// <inheritdoc cref="WriteMolecules"/>
    public void WritePairs(string path) =>
        Write(path, Molecules.SelectMany(static molecule => molecule.Labels.SelectMany(label => Enumerable.Repeat((molecule, label), molecule.Joined))));

    private static void Write(string path, IEnumerable<(LabelledMolecule Molecule, string Label)> rows) => CsvFile.Write(path,
    [
        ["id", "name", "smiles", "inchikey", LabelColumn],
        .. rows.Select(static row => (string[])[row.Molecule.Id, row.Molecule.Name, row.Molecule.Smiles, row.Molecule.InChIKey, row.Label]),
    ]);
}
