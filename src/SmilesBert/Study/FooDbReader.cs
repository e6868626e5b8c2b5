using System.Globalization;
using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>
/// Reads a label family out of FooDB's tables. Compounds are joined by id (public_id is not always the same number). The SMILES and InChIKey
/// columns of Compound are found by content, for FooDB's header there is not in the order of its data.
/// </summary>
public sealed class FooDbReader
{
    private readonly FooDbFamily family;
    private readonly int? level;
    private readonly string path;
    private readonly CancellationToken stop;
    private readonly DropLog drops = new();
    private readonly List<string> notes = [];

    private readonly Dictionary<string, Compound> compounds = [];
    private readonly List<(string Compound, string Label, string Place)> links = [];
    private readonly Dictionary<string, string> names = [], fallbackNames = [];
    private readonly HashSet<string> otherLevels = [];
    private bool namesRead;

    private FooDbReader(string path, FooDbFamily family, int? level, CancellationToken stop)
    {
        this.path = path;
        this.family = family;
        this.level = level;
        this.stop = stop;
    }

    private sealed record Compound(string Name, string Smiles, string InChIKey, string Label)
    {
        public SortedSet<string> Labels { get; } = new(StringComparer.Ordinal);

        public int Flavors { get; set; }
    }

    /// <summary>The compounds that have labels of a family.</summary>
    /// <param name="path">A folder of FooDB's CSV files, or the archive as downloaded.</param>
    /// <param name="family">Which labels.</param>
    /// <param name="level">Of a family with levels, the one that is studied; null for the others.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InputException">A table is missing or cannot be read, or no compound has a label.</exception>
    public static LabelledTable Read(string path, FooDbFamily family, int? level, CancellationToken stop) =>
        new FooDbReader(path, family, level, stop).Read();

    private LabelledTable Read()
    {
        IReadOnlySet<string> seen = new FooDbTables(path).Read(family.Wanted, ReadTable, stop);
        string[] missing = [.. family.Needed.Where(table => !seen.Contains(table))];
        if (missing.Length > 0)
        {
            string[] possible = [.. FooDbFamily.All.Where(other => other.Needed.All(seen.Contains)).Select(static other => other.Name)];
            throw new InputException(
                $"{path} lacks the table{(missing.Length > 1 ? "s" : "")} {string.Join(" and ", missing.Select(static table => $"{table}.csv"))}, "
                + $"which {family.Name} labels need; what it holds allows {(possible.Length == 0 ? "no label family" : string.Join(", ", possible))}");
        }

        bool joined = family.Column is not null && seen.Contains(FooDbFamily.FlavorLinks);
        if (family.Column is not null) LabelByColumn(joined);
        else LabelByLinks();
        LabelledMolecule[] molecules = [.. Merge(joined)];
        if (molecules.Length == 0)
            throw new InputException($"no compound of {path} has {Article} {family.Name} label{(level is int of ? Text($" of level {of}") : "")}: {Account()}");
        return new LabelledTable(family.Name, path, molecules, [.. drops.Rows], notes);
    }

    private void ReadTable(string table, Stream bytes, string source)
    {
        if (table == FooDbFamily.Compounds) ReadCompounds(bytes, source);
        else if (table == family.Names) ReadNames(bytes, source);
        else ReadLinks(bytes, source, keyed: family.Link is not null);
    }

    private void ReadCompounds(Stream bytes, string source)
    {
        using MoleculeReader reader = MoleculeReader.Open(bytes, source, new ReadOptions { OnBadRow = BadRows.Skip });
        int id = ColumnFinder.Named(source, reader.Header, "id"), name = Array.IndexOf([.. reader.Header], "name");
        int label = family.Column is null ? -1 : ColumnFinder.Named(source, reader.Header, family.Column);
        notes.Add(reader.SmilesColumnChoice);
        foreach (MoleculeRow row in reader.Rows())
        {
            Compound compound = new(
                name < 0 ? "" : OneLine(row.Fields[name]), row.Smiles, reader.InChIKeyOf(row) ?? "", label < 0 ? "" : TargetCell.Read(row.Fields[label]) ?? "");
            if (!compounds.TryAdd(row.Fields[id].Trim(), compound))
                drops.Add("a compound's id is there already", $"{DropLog.Place(source, row.Line)}: id {row.Fields[id].Trim()}");
        }
        drops.Add("compounds whose row or SMILES cannot be read", reader);
    }

    private void ReadNames(Stream bytes, string source)
    {
        namesRead = true;
        using NamedRows table = new(bytes, source, drops);
        int id = table.Column("id"), name = table.Column(family.NameColumn), levels = family.HasLevels ? table.Column("level") : -1;
        foreach ((long line, string[] fields) in table.Rows())
        {
            string key = fields[id].Trim();
            if (TargetCell.Read(fields[name]) is not string label) drops.Add("a label without a name", DropLog.Place(source, line));
            else if (level is int of && fields[levels].Trim() != Text($"{of}")) otherLevels.Add(key);
            else if (!names.TryAdd(key, OneLine(label))) drops.Add("a label's id is there already", $"{DropLog.Place(source, line)}: id {key}");
        }
    }

    private void ReadLinks(Stream bytes, string source, bool keyed)
    {
        using NamedRows table = new(bytes, source, drops);
        int compound = table.Column("compound_id"), label = keyed ? table.Column(family.LinkKey) : -1;
        int fallback = keyed && family.Fallback is not null ? table.Find(family.Fallback) : -1, kind = table.Find("source_type");
        foreach ((long line, string[] fields) in table.Rows())
        {
            // Some tables link nutrients too, whose ids are not those of compounds.
            if (kind >= 0 && fields[kind].Trim() is { Length: > 0 } type && type != FooDbFamily.Compounds)
                drops.Add("a link of something other than a compound", $"{DropLog.Place(source, line)}: {type}");
            else
            {
                string key = keyed ? fields[label].Trim() : "";
                if (fallback >= 0 && fields[fallback].Trim() is { Length: > 0 } text) fallbackNames.TryAdd(key, OneLine(text));
                links.Add((fields[compound].Trim(), key, DropLog.Place(source, line)));
            }
        }
    }

    private void LabelByColumn(bool joined)
    {
        foreach ((string id, Compound compound) in compounds)
        {
            if (compound.Label.Length > 0) compound.Labels.Add(compound.Label);
            else drops.Add($"compounds without a {family.Name}", $"id {id}");
        }
        if (!joined) return;
        foreach ((string id, _, _) in links)
            if (compounds.TryGetValue(id, out Compound? compound)) compound.Flavors++;
        notes.Add("the one-row-per-pair form repeats a compound for each of its flavors, as the seed study's join did");
    }

    private void LabelByLinks()
    {
        if (!namesRead) notes.Add($"there is no {family.Names}.csv: labels are named by {family.Link}.{family.Fallback}");
        Dictionary<string, string> labels = namesRead ? names : fallbackNames;
        foreach ((string id, string key, string place) in links)
        {
            if (otherLevels.Contains(key)) continue;
            if (!labels.TryGetValue(key, out string? label)) drops.Add("a link to a label that is not there", $"{place}: id {key}");
            else if (!compounds.TryGetValue(id, out Compound? compound)) drops.Add("a link to a compound that is not there or not readable", $"{place}: id {id}");
            else if (!compound.Labels.Add(label)) drops.Add("a link that is there already", $"{place}: compound {id}, '{label}'");
        }
    }

    /// <summary>One molecule for each distinct SMILES, with the labels of all compounds that have it.</summary>
    private IEnumerable<LabelledMolecule> Merge(bool joined)
    {
        foreach (IGrouping<string, KeyValuePair<string, Compound>> same in compounds.Where(static c => c.Value.Labels.Count > 0).GroupBy(static c => c.Value.Smiles))
        {
            (string id, Compound first) = same.First();
            foreach ((string other, Compound compound) in same.Skip(1))
            {
                drops.Add("compounds joined with another of the same SMILES", $"id {other} with {id}");
                if (family.Column is null) first.Labels.UnionWith(compound.Labels);
                first.Flavors += compound.Flavors;
            }
            yield return new LabelledMolecule(id, first.Name, first.Smiles, first.InChIKey, [.. first.Labels], joined ? first.Flavors : 1);
        }
    }

    private string Article => family.Name[0] is 'a' or 'o' ? "an" : "a";

    private string Account() => string.Join(", ", drops.Rows.Select(static row => Text($"{row.Count} left out ({row.Reason})")));

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
