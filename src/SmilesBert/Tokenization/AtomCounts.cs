using System.Text;

namespace SmilesBert.Tokenization;

/// <summary>Counts the atoms, bonds, rings and branches of molecules, to make a vocabulary of those that occur.</summary>
public sealed class AtomCounts
{
    // In BERT's order, so that [PAD] is 0 as its configuration says.
    private static readonly string[] Marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> byText;

    public AtomCounts() => byText = counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Counts the tokens of a molecule; what the atom pattern does not know is passed over, as its tokenizer does.</summary>
    public void Add(ReadOnlySpan<char> smiles)
    {
        while (!smiles.IsEmpty)
        {
            int length = AtomPattern.MatchLength(smiles);
            if (length > 0)
            {
                ReadOnlySpan<char> token = smiles[..length];
                byText[token] = byText.TryGetValue(token, out long count) ? count + 1 : 1;
            }
            smiles = smiles[Math.Max(length, 1)..];
        }
    }

    /// <summary>The tokenizer of the special tokens and of those that occur often enough, the commonest first, equally common ones in ordinal order.</summary>
    /// <param name="least">How often a token must occur; what is rarer becomes [UNK].</param>
    public Tokenizer Tokenizer(int least)
    {
        IEnumerable<string> tokens = counts.Where(token => token.Value >= least && !Marks.Contains(token.Key))
            .OrderByDescending(static token => token.Value).ThenBy(static token => token.Key, StringComparer.Ordinal).Select(static token => token.Key);
        return Tokenization.Tokenizer.OfVocabulary("made of the data", Encoding.UTF8.GetBytes(string.Join('\n', [.. Marks, .. tokens]) + "\n"));
    }
}
