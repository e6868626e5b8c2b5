namespace SmilesBert.Data;

/// <summary>Finds columns by what they hold: in real dumps the header is not always in the order of the data.</summary>
internal static class ColumnFinder
{
    // A found column must read as what it is taken for in at least half of its values, and InChIKeys in nine tenths: they have one form.
    private const double LeastSmilesShare = 0.5, LeastInChIKeyShare = 0.9;

    // Labels such as CI, CA or S read as SMILES too: a column that the header does not call SMILES needs longer values on average.
    private const double LeastMeanLength = 3;

    private readonly record struct Candidate(int Column, int Values, int Readable, int Distinct, double MeanLength, int NameRank)
    {
        public double Share => (double)Readable / Values;
    }

    /// <summary>The place of a named column.</summary>
    /// <exception cref="InputException">There is none of that name, or several.</exception>
    public static int Named(string source, IReadOnlyList<string> header, string name)
    {
        int[] places = [.. Enumerable.Range(0, header.Count).Where(i => header[i] == name)];
        if (places.Length == 1) return places[0];
        if (places.Length == 0) throw new InputException($"{source} has no column '{name}'; its columns are {List(header)}");
        throw new InputException(
            $"{source} has {places.Length} columns '{name}' (numbers {string.Join(", ", places.Select(p => p + 1))}): rename those not meant");
    }

    /// <summary>The column whose values read as SMILES, and a sentence that says so and what else was there.</summary>
    /// <exception cref="InputException">There is none, or the first line is data.</exception>
    public static (int Column, string Choice) Smiles(string source, IReadOnlyList<string> header, IReadOnlyList<ParsedRow> sample)
    {
        Candidate[] candidates =
        [
            .. Enumerable.Range(0, header.Count)
                .Select(column => Look(column, header[column], sample))
                .Where(c => c.Values > 0 && c.Share >= LeastSmilesShare && (c.NameRank > 0 || c.MeanLength >= LeastMeanLength))
                .OrderByDescending(c => c.NameRank).ThenByDescending(c => c.Distinct).ThenByDescending(c => c.MeanLength),
        ];
        if (candidates.Length == 0)
            throw new InputException(
                $"{source} has no column that reads as SMILES (the first {sample.Count} rows were looked at); its columns are {List(header)}");

        Candidate best = candidates[0];
        if (SmilesSyntax.LooksLike(header[best.Column]))
            throw new InputException($"{source} begins with a molecule ('{header[best.Column]}') where a header with column names is expected");

        string choice = $"SMILES are in column {best.Column + 1} of {header.Count} ('{header[best.Column]}'), found by content: "
            + $"{best.Readable} of its {best.Values} values in the first {sample.Count} rows read as SMILES";
        int misleading = Enumerable.Range(0, header.Count).FirstOrDefault(i => NameRank(header[i]) > best.NameRank, -1);
        if (misleading >= 0) choice += $", those of '{header[misleading]}' do not";
        if (candidates.Length > 1) choice += $"; so do {List([.. candidates[1..].Select(c => header[c.Column])])}, which --smiles could name";
        return (best.Column, choice);
    }

    /// <summary>The column that holds InChIKeys; null where there is none.</summary>
    public static int? InChIKey(int columns, IReadOnlyList<ParsedRow> sample)
    {
        for (int column = 0; column < columns; column++)
        {
            int values = 0, keys = 0;
            foreach (ParsedRow row in sample)
            {
                ReadOnlySpan<char> value = row.Fields[column].AsSpan().Trim();
                if (value.IsEmpty) continue;
                values++;
                if (InChIKeys.IsOne(value)) keys++;
            }
            if (keys > 0 && keys >= LeastInChIKeyShare * values) return column;
        }
        return null;
    }

    private static Candidate Look(int column, string name, IReadOnlyList<ParsedRow> sample)
    {
        int values = 0, readable = 0, characters = 0;
        HashSet<string> distinct = [];
        foreach (ParsedRow row in sample)
        {
            string value = row.Fields[column].Trim();
            if (value.Length == 0) continue;
            values++;
            characters += value.Length;
            distinct.Add(value);
            if (SmilesSyntax.LooksLike(value)) readable++;
        }
        return new Candidate(column, values, readable, distinct.Count, values == 0 ? 0 : (double)characters / values, NameRank(name));
    }

    private static int NameRank(string name) =>
        name.Equals("smiles", StringComparison.OrdinalIgnoreCase) ? 2 : name.Contains("smiles", StringComparison.OrdinalIgnoreCase) ? 1 : 0;

    private static string List(IReadOnlyList<string> names)
    {
        const int most = 30;
        string list = string.Join(", ", names.Take(most).Select(n => $"'{n}'"));
        return names.Count > most ? $"{list} and {names.Count - most} more" : list;
    }
}
