using SmilesBert.Model;
using SmilesBert.Training;

namespace SmilesBert.Pretraining;

/// <summary>
/// Masks every token of every molecule in turn (never [CLS], [SEP] or another special one) and asks the model for it.
/// </summary>
public sealed class MaskedRecovery
{
    private const int TokensPerBatch = 2048, MoleculesPerBatch = 64;

    private readonly ModelFolder folder;
    private readonly MaskedBatch batch;
    private readonly RecoveryTally tally = new();
    private readonly int maskId;

    /// <param name="folder">A model opened with <see cref="HeadKind.MaskedToken"/>.</param>
    /// <exception cref="InputException">Its tokenizer has no mask token.</exception>
    public MaskedRecovery(ModelFolder folder)
    {
        this.folder = folder;
        maskId = folder.Tokenizer.MaskId ?? throw new InputException($"{folder.Path}: the tokenizer has no mask token");
        int tokens = Math.Max(TokensPerBatch, folder.Model.Config.MaxTokens);
        batch = new MaskedBatch(folder.Model, tokens, MoleculesPerBatch, masked: MoleculesPerBatch);
    }

    /// <summary>Masks the molecule's tokens and asks for them.</summary>
    /// <param name="molecule">Token ids, [CLS] and [SEP] included.</param>
    public void Add(int[] molecule)
    {
        for (int i = 0; i < molecule.Length; i++)
        {
            if (folder.Tokenizer.SpecialIds.Contains(molecule[i])) continue;
            int[] ids = [.. molecule];
            ids[i] = maskId;
            MaskedMolecule masked = new(ids, [i], [molecule[i]]);
            if (!batch.Fits(masked)) tally.Run(batch);
            batch.Add(masked);
        }
    }

    /// <summary>The score of all molecules so far.</summary>
    public RecoveryScore Score()
    {
        if (!batch.IsEmpty) tally.Run(batch);
        return tally.Score;
    }
}
