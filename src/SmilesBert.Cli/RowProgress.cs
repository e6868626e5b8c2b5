using System.Diagnostics;
using System.Globalization;

namespace SmilesBert.Cli;

/// <summary>Progress of a stream of molecules whose end is not known: how many, and how fast.</summary>
internal sealed class RowProgress
{
    private readonly ProgressLine line = new();
    private readonly Stopwatch total = Stopwatch.StartNew();

    /// <summary>Molecules done.</summary>
    public long Molecules { get; private set; }

    public double MoleculesPerSecond => Molecules / total.Elapsed.TotalSeconds;

    public void Add(int count)
    {
        Molecules += count;
        if (line.IsDue) line.Show(Text());
    }

    /// <summary>The last word: warnings, what was done, and where it is.</summary>
    public void End(IEnumerable<string> warnings, string where)
    {
        foreach (string warning in warnings) line.Write($"warning: {warning}");
        line.Write($"{Text()}: {where}");
    }

    private string Text() => string.Create(
        CultureInfo.InvariantCulture, $"{Molecules:N0} molecules in {total.Elapsed.TotalSeconds:0.0} s, {MoleculesPerSecond:0.0} molecules/s");
}
