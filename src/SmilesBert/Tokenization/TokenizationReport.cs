using System.Globalization;

namespace SmilesBert.Tokenization;

/// <summary>What a <see cref="MoleculeEncoder"/> has encoded so far, and what was lost in doing so.</summary>
public sealed class TokenizationReport
{
    /// <summary>How many molecules are kept as examples of each loss.</summary>
    public const int Examples = 3;

    /// <summary>How many lost texts are named in <see cref="Warnings"/>; the others are counted.</summary>
    public const int WarningLines = 20;

    private readonly Dictionary<(string Text, bool Skipped), Loss> losses = [];
    private readonly List<long> truncatedRows = [];

    /// <summary>Molecules encoded.</summary>
    public long Molecules { get; private set; }

    /// <summary>Tokens of all of them, [CLS] and [SEP] included, after truncation.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens of the longest molecule, before truncation.</summary>
    public int Longest { get; private set; }

    /// <summary>Molecules that were truncated.</summary>
    public long Truncated { get; private set; }

    /// <summary>The rows of the first few truncated molecules.</summary>
    public IReadOnlyList<long> TruncatedRows => truncatedRows;

    /// <summary>Each distinct text that was lost, the most frequent first.</summary>
    public IReadOnlyList<Loss> Losses => [.. losses.Values.OrderByDescending(loss => loss.Count).ThenBy(loss => loss.Text, StringComparer.Ordinal)];

    /// <summary>Lines that name each loss, to be shown to the user; none when nothing was lost.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Truncated > 0)
        {
            string rows = string.Join(", ", truncatedRows) + More(Truncated - truncatedRows.Count);
            yield return Invariant(
                $"{Truncated} of {Molecules} molecules are longer than the model reads and were truncated (rows {rows}); the longest has {Longest} tokens");
        }
        foreach (Loss loss in Losses.Take(WarningLines))
        {
            string what = loss.Skipped ? "was passed over by the tokenizer" : "is unknown to the vocabulary";
            string where = string.Join(", ", loss.Molecules.Select(molecule => Invariant($"row {molecule.Row} {molecule.Smiles}")));
            string times = loss.Count == 1 ? "once" : Invariant($"{loss.Count} times");
            yield return $"\"{loss.Text}\" {what}, {times}: {where}{More(loss.MoleculeCount - loss.Molecules.Count)}";
        }
        if (losses.Count > WarningLines)
        {
            long times = Losses.Skip(WarningLines).Sum(loss => loss.Count);
            yield return Invariant($"{losses.Count - WarningLines} more texts were lost, {times} times in all");
        }
    }

    internal void Add(long row, string smiles, int tokens, int kept, IReadOnlyList<LostText> lost)
    {
        Molecules++;
        Tokens += kept;
        Longest = Math.Max(Longest, tokens);
        if (kept < tokens)
        {
            Truncated++;
            if (truncatedRows.Count < Examples) truncatedRows.Add(row);
        }
        foreach (LostText item in lost)
        {
            if (!losses.TryGetValue((item.Text, item.Skipped), out Loss? loss))
                losses[(item.Text, item.Skipped)] = loss = new Loss(item.Text, item.Skipped);
            loss.Add(Molecules, row, smiles);
        }
    }

    private static string More(long rest) => rest > 0 ? Invariant($" and {rest} more") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text that was lost, how often, and the first molecules that it came from.</summary>
    public sealed class Loss
    {
        private readonly List<(long Row, string Smiles)> molecules = [];
        private long lastMolecule;

        internal Loss(string text, bool skipped) => (Text, Skipped) = (text, skipped);

        /// <summary>The text as it stands in the molecules.</summary>
        public string Text { get; }

        /// <summary>True: passed over, without a token; false: it became the unknown token.</summary>
        public bool Skipped { get; }

        /// <summary>How often it was lost.</summary>
        public long Count { get; private set; }

        /// <summary>In how many molecules.</summary>
        public long MoleculeCount { get; private set; }

        /// <summary>The first few of them.</summary>
        public IReadOnlyList<(long Row, string Smiles)> Molecules => molecules;

        internal void Add(long molecule, long row, string smiles)
        {
            Count++;
            if (molecule == lastMolecule) return;
            lastMolecule = molecule;
            MoleculeCount++;
            if (molecules.Count < Examples) molecules.Add((row, smiles));
        }
    }
}
