using System.Globalization;

namespace SmilesBert.Tests.Cli;

/// <summary>Sixty hand-made molecules with a class, a value and two flags, one of which is sometimes unknown.</summary>
internal static class SmallTable
{
    public const int Rows = 60;

    private static readonly string[] Cores = ["c1ccccc1", "CCCC", "C1CCNCC1"], Ends = ["O", "N", "Cl", "F"], Kinds = ["aromatic", "chain", "ring"];

    public static string Header => "name,smiles,kind,value,flag_a,flag_b";

    /// <summary>Header and rows, as a CSV file holds them.</summary>
    public static string Text => string.Join('\n', [Header, .. Enumerable.Range(0, Rows).Select(Line)]) + "\n";

    public static string Smiles(int row) => Cores[row % 3] + new string('C', row / 3) + Ends[row % 4];

    public static string Line(int row)
    {
        string value = ((0.5 * (row % 3)) + (0.1 * (row % 5)) + (0.013 * row)).ToString("0.###", CultureInfo.InvariantCulture);
        string unknown = row % 7 == 0 ? "" : $"{row / 2 % 2}";
        return $"m{row},{Smiles(row)},{Kinds[row % 3]},{value},{row % 2},{unknown}";
    }
}
