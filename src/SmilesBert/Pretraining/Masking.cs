using SmilesBert.Kernels;
using SmilesBert.Tokenization;

namespace SmilesBert.Pretraining;

/// <summary>
/// Which tokens a molecule is asked for, as BERT and SMILES-BERT choose them: 15 % of its tokens, at least one, never [CLS], [SEP] or another
/// special one. Of those, 80 % read [MASK], 10 % another token drawn from the vocabulary (which may be the same), 10 % what stood there.
/// <para>Drawn anew each epoch from Philox (<see cref="Philox"/>), counted and not carried. Key: the seed's low and high word. Counter words: the
/// token's place in the molecule, the molecule's row in the corpus, the epoch, the purpose; purposes lie above every place of dropout that a network
/// has. Of the four words the first decides whether the token is among the chosen (those of the lowest words are), the second which of the
/// three becomes of it, the third what it is replaced with.</para>
/// </summary>
public sealed class Masking
{
    private const uint TrainingPurpose = 0xFFFF_FFFD, HeldOutPurpose = 0xFFFF_FFFC;
    private const double Share = 0.15;
    private const float MaskedShare = 0.8f, ReplacedShare = 0.1f;

    private readonly IReadOnlySet<int> special;
    private readonly int[] ordinary;            // ids that may replace a token
    private readonly int maskId;
    private readonly ulong seed;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="seed">The run's.</param>
    /// <exception cref="InputException">The vocabulary has no mask token, or nothing but special ones.</exception>
    public Masking(Tokenizer tokenizer, ulong seed)
    {
        this.seed = seed;
        special = tokenizer.SpecialIds;
        maskId = tokenizer.MaskId ?? throw new InputException($"the vocabulary has no mask token ({tokenizer.Description}); expected [MASK] or <mask>");
        ordinary = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !special.Contains(id) && tokenizer.Token(id).Length > 0)];
        if (ordinary.Length == 0) throw new InputException($"the vocabulary holds special tokens alone ({tokenizer.Description})");
    }

    /// <summary>How many of a molecule's tokens are asked for: 0 only where all are special.</summary>
    public int Count(int[] ids)
    {
        int tokens = 0;
        foreach (int id in ids)
            if (!special.Contains(id)) tokens++;
        return Count(tokens);
    }

    /// <summary>How many of so many tokens that are not special are asked for.</summary>
    public static int Count(int tokens) => tokens == 0 ? 0 : Math.Max(1, (int)Math.Round(Share * tokens, MidpointRounding.AwayFromZero));

    /// <summary>A molecule as one epoch of training sees it.</summary>
    /// <param name="ids">Its token ids.</param>
    /// <param name="row">Its row in the corpus.</param>
    /// <param name="epoch">From 0.</param>
    public MaskedMolecule Draw(int[] ids, int row, int epoch)
    {
        MaskedMolecule molecule = Choose(ids, row, (uint)epoch, TrainingPurpose);
        foreach (int place in molecule.Places)
        {
            Philox.Words words = Words(place, row, (uint)epoch, TrainingPurpose);
            float kind = Philox.ToUnit(words.B);
            if (kind < MaskedShare) molecule.Ids[place] = maskId;
            else if (kind < MaskedShare + ReplacedShare) molecule.Ids[place] = ordinary[(int)(((ulong)words.C * (ulong)ordinary.Length) >> 32)];
        }
        return molecule;
    }

    /// <summary>A molecule as every evaluation sees it: what is asked for always reads [MASK], so that nothing can be copied.</summary>
    /// <param name="ids">Its token ids.</param>
    /// <param name="row">Its row in the corpus.</param>
    public MaskedMolecule Hide(int[] ids, int row)
    {
        MaskedMolecule molecule = Choose(ids, row, epoch: 0, HeldOutPurpose);
        foreach (int place in molecule.Places) molecule.Ids[place] = maskId;
        return molecule;
    }

    private MaskedMolecule Choose(int[] ids, int row, uint epoch, uint purpose)
    {
        List<ulong> draws = new(ids.Length);        // the draw above, the place below: of equal draws the earlier place comes first
        for (int i = 0; i < ids.Length; i++)
            if (!special.Contains(ids[i])) draws.Add(((ulong)Words(i, row, epoch, purpose).A << 32) | (uint)i);
        draws.Sort();
        int[] places = [.. draws.Take(Count(ids)).Select(static draw => (int)(uint)draw).Order()];
        return new MaskedMolecule([.. ids], places, [.. places.Select(place => ids[place])]);
    }

    private Philox.Words Words(int place, int row, uint epoch, uint purpose) =>
        Philox.Generate((uint)place, (uint)row, epoch, purpose, (uint)seed, (uint)(seed >> 32));
}
