using System.Globalization;
using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>Counts what is left out, by reason, and keeps the first few of each.</summary>
internal sealed class DropLog
{
    private const int KeptExamples = 5;

    private readonly Dictionary<string, (long Count, List<string> Examples)> reasons = [];

    /// <summary>In the order in which the reasons came up.</summary>
    public IEnumerable<DroppedRows> Rows => reasons.Select(static reason => new DroppedRows(reason.Key, reason.Value.Count, reason.Value.Examples));

    public void Add(string reason, string example)
    {
        (long count, List<string> examples) = reasons.TryGetValue(reason, out (long, List<string>) found) ? found : (0, []);
        if (examples.Count < KeptExamples) examples.Add(InputException.OneLine(example));
        reasons[reason] = (count + 1, examples);
    }

    /// <summary>Rows that a reader has counted itself.</summary>
    public void Add(string reason, MoleculeReader reader)
    {
        if (reader.BadRowCount > 0) reasons[reason] = (reader.BadRowCount, [.. reader.BadRowMessages]);
    }

    /// <summary>Where a row stands: "Flavor.csv, line 12".</summary>
    public static string Place(string source, long line) => string.Create(CultureInfo.InvariantCulture, $"{source}, line {line}");
}
