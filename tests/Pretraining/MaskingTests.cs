using SmilesBert.Pretraining;
using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Pretraining;

/// <summary>What is asked for: how much, of what, and that it is drawn from counters alone.</summary>
public sealed class MaskingTests
{
    private readonly Tokenizer tokenizer;
    private readonly Masking masking;
    private readonly int[][] molecules;

    public MaskingTests()
    {
        AtomCounts counts = new();
        foreach (string smiles in PretrainWorkshop.Real) counts.Add(smiles);
        tokenizer = counts.Tokenizer(least: 1);
        masking = new Masking(tokenizer, seed: 7);
        molecules = [.. PretrainWorkshop.Real.Select(smiles => tokenizer.Encode(smiles).Ids)];
    }

    [Fact]
    public void Shares_Are15Percent_And80To10To10()
    {
        const int Epochs = 2000;
        int tokens = 0, chosen = 0, masked = 0, kept = 0, replaced = 0;
        Dictionary<int, int> replacements = [];
        for (int epoch = 0; epoch < Epochs; epoch++)
            for (int row = 0; row < molecules.Length; row++)
            {
                MaskedMolecule molecule = masking.Draw(molecules[row], row, epoch);
                tokens += molecules[row].Length - 2;
                chosen += molecule.Places.Length;
                foreach (int place in molecule.Places)
                {
                    int id = molecule.Ids[place];
                    if (id == tokenizer.MaskId) masked++;
                    else if (id == molecules[row][place]) kept++;
                    else
                    {
                        replaced++;
                        replacements[id] = replacements.GetValueOrDefault(id) + 1;
                    }
                }
            }
        // Rounded to whole tokens, molecule by molecule; the others within four standard deviations.
        Assert.Equal(0.15, (double)chosen / tokens, 0.01);
        int ordinary = tokenizer.VocabularySize - tokenizer.SpecialIds.Count;
        Near(0.8, masked);
        Near(0.1 * (1 - (1.0 / ordinary)), replaced);
        Near(0.1 * (1 + (1.0 / ordinary)), kept);
        Assert.Equal(ordinary, replacements.Count);
        Assert.DoesNotContain(replacements.Keys, tokenizer.SpecialIds.Contains);
        Assert.InRange(replacements.Values.Min(), 0.7 * replaced / ordinary, replaced);

        void Near(double share, int count) =>
            Assert.InRange((double)count / chosen, share - (4 * Math.Sqrt(share * (1 - share) / chosen)), share + (4 * Math.Sqrt(share * (1 - share) / chosen)));
    }

    [Fact]
    public void EveryPlace_IsChosenAlike()
    {
        const int Epochs = 4000;
        int[] molecule = molecules[0], times = new int[molecule.Length];
        for (int epoch = 0; epoch < Epochs; epoch++)
            foreach (int place in masking.Draw(molecule, row: 3, epoch).Places) times[place]++;
        Assert.Equal(0, times[0]);
        Assert.Equal(0, times[^1]);
        double share = (double)Masking.Count(molecule.Length - 2) / (molecule.Length - 2), spread = Math.Sqrt(share * (1 - share) / Epochs);
        Assert.All(times[1..^1], count => Assert.InRange((double)count / Epochs, share - (5 * spread), share + (5 * spread)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 2)]
    [InlineData(100, 15)]
    public void Count_IsRounded_AndAtLeastOne(int tokens, int count) => Assert.Equal(count, Masking.Count(tokens));

    [Fact]
    public void SpecialTokens_AreNeverAskedFor()
    {
        // [CLS] C unknown unknown O [SEP]
        int[] molecule = [tokenizer.ClsId, tokenizer.Encode("C").Ids[1], tokenizer.UnknownId, tokenizer.UnknownId, tokenizer.Encode("O").Ids[1], tokenizer.SepId];
        HashSet<int> places = [.. Enumerable.Range(0, 200).SelectMany(epoch => masking.Draw(molecule, 0, epoch).Places)];
        Assert.Equal([1, 4], places.Order());
        int[] unknown = [tokenizer.ClsId, tokenizer.UnknownId, tokenizer.SepId];
        Assert.Equal(0, masking.Count(unknown));
        Assert.Empty(masking.Draw(unknown, 0, 0).Places);
    }

    [Fact]
    public void Answers_AreWhatStoodThere_AndTheOthersStay()
    {
        MaskedMolecule molecule = masking.Draw(molecules[1], 1, 5);
        Assert.Equal(molecule.Places.Order().Distinct(), molecule.Places);
        Assert.Equal(molecule.Places.Select(place => molecules[1][place]), molecule.Answers);
        for (int i = 0; i < molecules[1].Length; i++)
            if (!molecule.Places.Contains(i)) Assert.Equal(molecules[1][i], molecule.Ids[i]);
    }

    [Fact]
    public void Draws_AreOfSeedEpochRow()
    {
        string Drawn(Masking from, int row, int epoch) => string.Join(' ', from.Draw(molecules[2], row, epoch).Ids);
        Assert.Equal(Drawn(masking, 2, 4), Drawn(new Masking(tokenizer, seed: 7), 2, 4));
        Assert.True(Enumerable.Range(0, 30).Select(epoch => Drawn(masking, 2, epoch)).Distinct().Count() > 25);
        Assert.True(Enumerable.Range(0, 30).Select(row => Drawn(masking, row, 4)).Distinct().Count() > 25);
        Assert.True(Enumerable.Range(0, 30).Select(seed => Drawn(new Masking(tokenizer, (ulong)seed << 32), 2, 4)).Distinct().Count() > 25);
    }

    [Fact]
    public void Hide_MasksAll_TheSameWayEachTime()
    {
        for (int row = 0; row < molecules.Length; row++)
        {
            MaskedMolecule molecule = masking.Hide(molecules[row], row);
            Assert.All(molecule.Places, place => Assert.Equal(tokenizer.MaskId, molecule.Ids[place]));
            Assert.Equal(masking.Count(molecules[row]), molecule.Places.Length);
            Assert.Equal(molecule.Places, masking.Hide(molecules[row], row).Places);
        }
    }

    [Fact]
    public void AVocabularyWithoutMask_IsRefused()
    {
        Tokenizer without = Tokenizer.OfVocabulary("words.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nC\nO\n"u8.ToArray());
        Assert.Contains("no mask token", Assert.Throws<InputException>(() => new Masking(without, 1)).Message, StringComparison.Ordinal);
        Tokenizer empty = Tokenizer.OfVocabulary("words.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"u8.ToArray());
        Assert.Contains("special tokens alone", Assert.Throws<InputException>(() => new Masking(empty, 1)).Message, StringComparison.Ordinal);
    }
}
