using System.Globalization;
using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>Reads a study's molecules from any table of molecules with a column of labels.</summary>
public static class PlainTableReader
{
    /// <summary>The molecules that have labels; rows of the same SMILES are joined.</summary>
    /// <param name="path">A file that <see cref="MoleculeReader"/> reads.</param>
    /// <param name="read">How it is read.</param>
    /// <param name="column">The column of labels.</param>
    /// <param name="separator">What stands between the labels of a set; null where a row has one label.</param>
    /// <exception cref="InputException">The file or the column cannot be read, or no row has a label.</exception>
    public static LabelledTable Read(string path, ReadOptions read, string column, char? separator)
    {
        DropLog drops = new();
        Dictionary<string, LabelledMolecule> molecules = [];
        using MoleculeReader reader = MoleculeReader.Open(path, read);
        int target = ColumnFinder.Named(reader.Source, reader.Header, column);
        int name = Array.FindIndex([.. reader.Header], static column => column.EndsWith("name", StringComparison.OrdinalIgnoreCase));
        foreach (MoleculeRow row in reader.Rows())
        {
            string place = DropLog.Place(reader.Source, row.Line);
            string[] labels = TargetCell.Read(row.Fields[target]) is not string cell ? []
                : separator is char c ? cell.Split(c, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [cell];
            if (labels.Length == 0)
            {
                drops.Add("rows without a label", place);
                continue;
            }
            string id = row.Row.ToString(CultureInfo.InvariantCulture);
            LabelledMolecule molecule = new(id, name < 0 ? "" : row.Fields[name].Trim(), row.Smiles, reader.InChIKeyOf(row) ?? "", Ordered(labels));
            if (molecules.TryAdd(row.Smiles, molecule)) continue;

            LabelledMolecule first = molecules[row.Smiles];
            if (separator is not null) molecules[row.Smiles] = first with { Labels = Ordered([.. first.Labels, .. labels]) };
            drops.Add("rows joined with another of the same SMILES", $"{place}, with row {first.Id}");
        }
        drops.Add("rows that cannot be read", reader);
        if (molecules.Count == 0) throw new InputException($"no row of {reader.Source} has a label in column '{column}'");
        return new LabelledTable(column, reader.Source, [.. molecules.Values], [.. drops.Rows], [reader.SmilesColumnChoice]);
    }

    private static string[] Ordered(string[] labels) => [.. labels.Distinct().Order(StringComparer.Ordinal)];
}
