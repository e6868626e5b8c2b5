using SmilesBert.Tokenization;

namespace SmilesBert.Tests.Pretraining;

/// <summary>A vocabulary made of molecules.</summary>
public sealed class AtomCountsTests
{
    [Fact]
    public void TheCommonestComeFirst_AfterTheSpecialTokens()
    {
        Tokenizer tokenizer = Of(1, "CCCl", "C[C@H](Br)O", "CC%12O");
        string[] expected = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "C", "O", "%12", "(", ")", "Br", "Cl", "[C@H]"];
        Assert.Equal(expected, Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Token));
        Assert.Equal("atom regex, 13 entries (made of the data)", tokenizer.Description);
        Assert.Empty(tokenizer.Encode("ClC[C@H](Br)O").Lost);
    }

    [Fact]
    public void RareOnes_AreLeftOut()
    {
        Tokenizer tokenizer = Of(2, "CCO", "CCO", "CCN");
        Assert.Equal(7, tokenizer.VocabularySize);
        Assert.Equal("N", Assert.Single(tokenizer.Encode("CCN").Lost).Text);
    }

    [Fact]
    public void TheOrderOfMolecules_DoesNotMatter()
    {
        string[] molecules = [.. PretrainWorkshop.Real];
        Tokenizer forth = Of(1, molecules), back = Of(1, [.. molecules.Reverse()]);
        Assert.Equal(Enumerable.Range(0, forth.VocabularySize).Select(forth.Token), Enumerable.Range(0, back.VocabularySize).Select(back.Token));
    }

    [Fact]
    public void WhatIsCounted_IsWhatItsTokenizerFinds()
    {
        Tokenizer tokenizer = Of(1, [.. PretrainWorkshop.Real]);
        HashSet<int> found = [.. PretrainWorkshop.Real.SelectMany(smiles => tokenizer.Encode(smiles).Ids)];
        Assert.Equal(tokenizer.VocabularySize - 3, found.Count);     // all but [PAD], [UNK] and [MASK]
    }

    private static Tokenizer Of(int least, params string[] molecules)
    {
        AtomCounts counts = new();
        foreach (string smiles in molecules) counts.Add(smiles);
        return counts.Tokenizer(least);
    }
}
