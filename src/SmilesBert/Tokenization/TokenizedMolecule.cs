namespace SmilesBert.Tokenization;

/// <summary>A molecule as the network reads it, and what of its text was lost on the way.</summary>
/// <param name="Ids">Token ids, from [CLS] to [SEP] (RoBERTa: &lt;s&gt; to &lt;/s&gt;), never truncated.</param>
/// <param name="Lost">Skipped or unknown text in order of position; empty when the whole text has its tokens.</param>
public sealed record TokenizedMolecule(int[] Ids, IReadOnlyList<LostText> Lost);
