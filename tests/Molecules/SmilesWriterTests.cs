using SmilesBert.Molecules;

namespace SmilesBert.Tests.Molecules;

public sealed class SmilesWriterTests
{
    [Theory]
    [InlineData("CCO", "CCO")]
    [InlineData("[CH3][CH2][OH]", "CCO")]
    [InlineData("C(C)(=O)O", "C(C)(=O)O")]
    [InlineData("c1ccccc1-c1ccccc1", "c1ccccc1-c1ccccc1")]
    [InlineData("C=1CCCCC=1", "C=1CCCCC1")]
    [InlineData("[Ca++].[O-]C(=O)[O-]", "[Ca+2].[O-]C(=O)[O-]")]
    [InlineData("[13CH3:4][2H]", "[13CH3:4][2H]")]
    [InlineData("[nH]1cccc1", "[nH]1cccc1")]
    [InlineData("C[N](C)C.[CH3].[OH]", "CN(C)C.[CH3].[OH]")]
    [InlineData("F/C=C/F", "F/C=C/F")]
    [InlineData("N[C@@H](C)C(=O)O", "N[C@@H](C)C(=O)O")]
    [InlineData("[C@@H]1(F)OC1", "[C@@H]1(F)OC1")]
    [InlineData("[NH2+]=[S@@]C", "[NH2+]=[S]C")]
    [InlineData("[Fe]<-N", "[Fe]<-N")]
    [InlineData("CS(=O)(=O)C", "CS(=O)(=O)C")]
    [InlineData("C[S](=O)(=O)C", "C[S](=O)(=O)C")]
    public void WithoutRanks_TheOrderIsTheText(string smiles, string expected) =>
        Assert.Equal(expected, SmilesWriter.Write(SmilesReader.Read(smiles)));

    [Fact]
    public void Ranks_SayWhereToStartAndWhichBranchIsFirst()
    {
        Molecule molecule = SmilesReader.Read("CC(N)O");
        Assert.Equal("OC(N)C", SmilesWriter.Write(molecule, [3, 2, 1, 0]));
        Assert.Equal("C(O)(C)N", SmilesWriter.Write(molecule, [2, 0, 3, 1]));
        Assert.Equal("O.C", SmilesWriter.Write(SmilesReader.Read("C.O"), [1, 0]));
        Assert.Throws<ArgumentException>(() => SmilesWriter.Write(molecule, [0, 1]));
    }

    [Fact]
    public void Stereo_IsTurnedWithTheOrder_OrLeftOut()
    {
        Molecule alanine = SmilesReader.Read("N[C@@H](C)C(=O)O");
        Assert.Equal("C[C@@H](C(=O)O)N", SmilesWriter.Write(alanine, [5, 1, 0, 2, 3, 4]));
        Assert.Equal("NC(C)C(=O)O", SmilesWriter.Write(alanine, stereo: false));
        Molecule trans = SmilesReader.Read("F/C=C/Cl");
        Assert.Equal("C(=C/Cl)\\F", SmilesWriter.Write(trans, [3, 0, 1, 2]));
        Assert.Equal("FC=CCl", SmilesWriter.Write(trans, stereo: false));
    }

    [Fact]
    public void RingNumbers_AreUsedAgain_AndGoBeyondNine()
    {
        Assert.Equal("C1CC1C1CC1", SmilesWriter.Write(SmilesReader.Read("C1CC1C2CC2")));
        Assert.Equal("C1CC12CC2", SmilesWriter.Write(SmilesReader.Read("C1CC11CC1")));

        // A hub that opens 120 rings at once.
        string opened = string.Concat(Enumerable.Range(1, 120).Select(i => $"%({i})"));
        Molecule wheel = SmilesReader.Read($"[U]{opened}" + string.Concat(Enumerable.Range(1, 120).Select(i => $"CC%({i})")));
        string written = SmilesWriter.Write(wheel);
        Assert.Contains("9%10", written);
        Assert.Contains("%99%(100)", written);
        Assert.Equal(MoleculeIdentity.Of(wheel), MoleculeIdentity.Of(SmilesReader.Read(written)));
    }
}
