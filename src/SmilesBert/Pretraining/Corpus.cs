using System.Globalization;
using SmilesBert.Data;

namespace SmilesBert.Pretraining;

/// <summary>The molecules of several files, each text once.</summary>
public sealed class Corpus
{
    private const int KeptExamples = 3;

    private Corpus(string source, string[] smiles, long[] rows, IReadOnlyList<string> files, IReadOnlyList<DroppedRows> dropped)
    {
        Source = source;
        Smiles = smiles;
        Rows = rows;
        Files = files;
        Dropped = dropped;
    }

    /// <summary>The files, for messages.</summary>
    public string Source { get; }

    /// <summary>The molecules, in the files' order.</summary>
    public IReadOnlyList<string> Smiles { get; }

    /// <summary>The number of the row that each was read from, counted on from file to file.</summary>
    public IReadOnlyList<long> Rows { get; }

    /// <summary>A sentence on each file: how many molecules, and where they stand in it.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Rows that were left out: those that cannot be read, those that an earlier one repeats.</summary>
    public IReadOnlyList<DroppedRows> Dropped { get; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="InputException">One is missing, empty or no text, has no SMILES, or has a row that cannot be read and may not be skipped.</exception>
    public static Corpus Load(IReadOnlyList<string> paths, ReadOptions options)
    {
        if (paths.Count(static path => path == "-") > 1) throw new InputException("standard input can be read once");
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> smiles = [], files = [], badExamples = [], repeatExamples = [];
        List<long> rows = [];
        long before = 0, bad = 0, repeats = 0;
        foreach (string path in paths)
        {
            using MoleculeReader reader = MoleculeReader.Open(path, options);
            long last = 0;
            int kept = smiles.Count;
            foreach (MoleculeRow row in reader.Rows())
            {
                last = row.Row;
                if (seen.Add(row.Smiles))
                {
                    smiles.Add(row.Smiles);
                    rows.Add(before + row.Row);
                }
                else if (repeats++ < KeptExamples) repeatExamples.Add($"{reader.Source}, line {row.Line}");
            }
            bad += reader.BadRowCount;
            badExamples.AddRange(reader.BadRowMessages.Take(KeptExamples - badExamples.Count));
            files.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.Source}: {smiles.Count - kept:N0} molecules; {reader.SmilesColumnChoice}"));
            before += last;
        }
        List<DroppedRows> dropped = [];
        if (bad > 0) dropped.Add(new DroppedRows("cannot be read", bad, badExamples));
        if (repeats > 0) dropped.Add(new DroppedRows("repeats an earlier row's SMILES", repeats, repeatExamples));
        return new Corpus(string.Join(", ", paths), [.. smiles], [.. rows], files, dropped);
    }
}
