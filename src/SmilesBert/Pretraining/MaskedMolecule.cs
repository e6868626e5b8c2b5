namespace SmilesBert.Pretraining;

/// <summary>A molecule as the network sees it, and what it is asked for.</summary>
/// <param name="Ids">Its token ids, [CLS] and [SEP] included, some of them masked.</param>
/// <param name="Places">Which tokens are asked for, ascending.</param>
/// <param name="Answers">The ids that stood there.</param>
public readonly record struct MaskedMolecule(int[] Ids, int[] Places, int[] Answers);
