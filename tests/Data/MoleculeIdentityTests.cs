using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class MoleculeIdentityTests
{
    [Theory]
    [InlineData("CCO", "CCO")]
    [InlineData("C[C@@H](N)C(=O)O", "CC(N)C(=O)O")]
    [InlineData("C[C@]([H])(N)C(=O)O[H]", "CC(N)C(=O)O")]
    [InlineData("[H][C@]1(O)CC1", "C1(O)CC1")]
    [InlineData("[H]C([H])([H])[H]", "C")]
    [InlineData("C/C=C\\C", "CC=CC")]
    [InlineData("[H]/C(C)=C(/[H])C", "C(C)=CC")]
    [InlineData("c1cc[nH]c1", "c1ccnc1")]
    [InlineData("C[N+](C)(C)CC([O-])=O", "C[N+](C)(C)CC([O-])=O")]
    [InlineData("C[NH3+].[Cl-]", "C[N+].[Cl-]")]
    [InlineData("[13CH3]C[2H]", "[13C]C[2H]")]
    [InlineData("[CH3:1][OH:22]", "CO")]
    [InlineData("[Ca++].[Zn]", "[Ca++].[Zn]")]
    [InlineData("[H][H]", "[H][H]")]
    [InlineData("[H+]", "[H+]")]
    [InlineData("C[Si@TH1](F)(Cl)Br", "C[Si](F)(Cl)Br")]
    [InlineData("[se]1cccc1", "[se]1cccc1")]
    public void OfSmiles_DropsStereoAndHydrogens(string smiles, string name) => Assert.Equal(name, MoleculeIdentity.OfSmiles(smiles));

    [Fact]
    public void OfInChIKey_IsTheSkeleton()
    {
        Assert.True(MoleculeIdentity.IsInChIKey("LFQSCWFLJHTTHZ-UHFFFAOYSA-N"));
        Assert.False(MoleculeIdentity.IsInChIKey("LFQSCWFLJHTTHZ-UHFFFAOYSA-n"));
        Assert.False(MoleculeIdentity.IsInChIKey("LFQSCWFLJHTTHZ"));
        Assert.Equal("LFQSCWFLJHTTHZ", MoleculeIdentity.OfInChIKey("LFQSCWFLJHTTHZ-UHFFFAOYSA-N"));
    }
}
