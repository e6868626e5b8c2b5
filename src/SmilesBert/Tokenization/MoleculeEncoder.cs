using System.Globalization;

namespace SmilesBert.Tokenization;

/// <summary>
/// Encodes the molecules of a data set for a model of limited length, and counts what is lost. Not safe to use from several threads.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="maxTokens">Tokens that the model reads, [CLS] and [SEP] included; at least 2.</param>
/// <param name="onLong">What becomes of a longer molecule.</param>
public sealed class MoleculeEncoder(Tokenizer tokenizer, int maxTokens, LongMolecules onLong)
{
    private readonly int limit = maxTokens >= 2 ? maxTokens
        : throw new ArgumentOutOfRangeException(nameof(maxTokens), "a molecule has at least [CLS] and [SEP]");

    /// <summary>The longest molecule that it gives, in tokens.</summary>
    public int Limit => limit;

    /// <summary>What has been encoded so far.</summary>
    public TokenizationReport Report { get; } = new();

    /// <summary>The ids of a molecule, without white space around it; at most <c>maxTokens</c>, the last always [SEP].</summary>
    /// <param name="smiles">The molecule.</param>
    /// <param name="row">Its row in the data, for messages.</param>
    /// <exception cref="InputException">The molecule is too long, and long ones are refused.</exception>
    public int[] Encode(string smiles, long row)
    {
        string trimmed = smiles.Trim();
        TokenizedMolecule molecule = tokenizer.Encode(trimmed);
        int[] ids = molecule.Ids;
        if (ids.Length > limit)
        {
            if (onLong == LongMolecules.Refuse)
                throw new InputException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {row}: the molecule has {ids.Length} tokens, and the model reads at most {limit}."));
            ids = ids[..limit];
            ids[^1] = tokenizer.SepId;
        }
        Report.Add(row, trimmed, molecule.Ids.Length, ids.Length, molecule.Lost);
        return ids;
    }
}
