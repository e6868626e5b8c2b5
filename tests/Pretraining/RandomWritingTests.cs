using SmilesBert.Data;
using SmilesBert.Pretraining;

namespace SmilesBert.Tests.Pretraining;

public sealed class RandomWritingTests
{
    [Fact]
    public void EachEpoch_WritesTheSameMoleculeAnew()
    {
        foreach ((int row, string smiles) in PretrainWorkshop.Real.Index())
        {
            string[] writings = [.. Enumerable.Range(0, 40).Select(epoch => RandomWriting.Of(smiles, row, epoch, seed: 5))];
            Assert.All(writings, writing => Assert.Equal(DatasetBuilder.NameOf(smiles), DatasetBuilder.NameOf(writing)));
            Assert.True(writings.Distinct().Count() > 4, smiles);
            Assert.Equal(writings[7], RandomWriting.Of(smiles, row, epoch: 7, seed: 5));
        }
        Assert.NotEqual(RandomWriting.Of(PretrainWorkshop.Real[0], 0, 0, seed: 5), RandomWriting.Of(PretrainWorkshop.Real[0], 0, 0, seed: 6));
        Assert.NotEqual(RandomWriting.Of(PretrainWorkshop.Real[0], 0, 0, seed: 5), RandomWriting.Of(PretrainWorkshop.Real[0], 1, 0, seed: 5));
    }

    [Fact]
    public void WhatIsNoMolecule_StaysAsItIs() => Assert.Equal("CCO>>CC=O", RandomWriting.Of("CCO>>CC=O", 0, 0, seed: 1));
}
