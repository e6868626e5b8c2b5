using SmilesBert.Molecules;

namespace SmilesBert.Tests.Molecules;

public sealed class MoleculeIdentityTests
{
    private static string Identity(string smiles) => MoleculeIdentity.Of(SmilesReader.Read(smiles));

    [Theory]
    [InlineData("CCO", "CCO")]
    [InlineData("C=C", "[CH2][CH2]")]
    [InlineData("CC(=O)[O-]", "C[C]([O])[O]{-1}")]
    [InlineData("[Na+].[Cl-]", "[Cl]{-1}.[Na]{+1}")]
    [InlineData("[H][H]", "[HH]")]
    public void Name_CanBeRead(string smiles, string name) => Assert.Equal(name, Identity(smiles));

    [Theory]
    [InlineData("c1ccccc1", "C1=CC=CC=C1")]
    [InlineData("C1=CC=CC=C1C", "CC1=CC=CC=C1")]
    [InlineData("CN(=O)=O", "C[N+](=O)[O-]")]
    [InlineData("CN=[N+]=[N-]", "C[N-][N+]#N")]
    [InlineData("CS(C)=O", "C[S+](C)[O-]")]
    [InlineData("c1cccc[n+]1[O-]", "c1ccccn1=O")]
    [InlineData("C[C@H](N)O", "O[C@H](C)N")]
    [InlineData("C/C=C/C", "C/C=C\\C")]
    [InlineData("[H]C([H])([H])[H]", "C")]
    [InlineData("[H]O[H]", "[OH2]")]
    [InlineData("[CH3:1][OH:2]", "CO")]
    [InlineData("[Cl-].[Na+]", "[Na+].[Cl-]")]
    public void OneMolecule_HasOneName(string one, string other) => Assert.Equal(Identity(one), Identity(other));

    [Theory]
    [InlineData("CCC", "CC=C")]
    [InlineData("CC(=O)O", "CC(=O)[O-]")]
    [InlineData("O=c1cccc[nH]1", "Oc1ccccn1")]
    [InlineData("C", "[13CH4]")]
    [InlineData("C", "[CH3]")]
    [InlineData("CC([2H])", "CC")]
    [InlineData("O", "O.O")]
    [InlineData("[Na+].[Cl-]", "[Na][Cl]")]
    [InlineData("C1CC2CCC1C2", "C1CCC2CC2C1")]
    // Each atom of the one sees what an atom of the other sees, to any depth: refinement alone cannot tell them apart.
    [InlineData("C1CCC2CCCCC2C1", "C1CCC(C1)C1CCCC1")]
    [InlineData("C1CCCCC1.C1CCCCC1", "C1CCCCCCCCCCC1")]
    [InlineData("C12C3C4C1C5C2C3C45", "C12C3C1C4C5C4C6C3C2C56")]
    public void TwoMolecules_HaveTwoNames(string one, string other) => Assert.NotEqual(Identity(one), Identity(other));

    [Theory]
    [InlineData("C12C3C4C1C5C2C3C45")]
    [InlineData("C1C2CC3CC1CC(C2)C3")]
    [InlineData("C12C3C4C5C1C6C7C2C8C3C9C4C1C5C6C2C7C8C9C12")]
    [InlineData("FC(F)(F)C(F)(F)C(C(F)(F)F)(C(F)(F)F)C(F)(F)F")]
    [InlineData("C1CCC2(CC1)OCC1(CO2)COC2(CCCCC2)OC1")]
    [InlineData("c1ccc(cc1)[Si](c1ccccc1)(c1ccccc1)[Si](c1ccccc1)(c1ccccc1)c1ccccc1")]
    [InlineData("C1CCC2CCCCC2C1.C1CCC(C1)C1CCCC1")]
    public void SymmetricMolecules_HaveOneNameInAnyOrder(string smiles)
    {
        Molecule molecule = SmilesReader.Read(smiles);
        string name = MoleculeIdentity.Of(molecule);
        Random draw = new(9);
        for (int i = 0; i < 50; i++) Assert.Equal(name, Identity(Writings.Drawn(molecule, draw)));
    }

    [Fact]
    public void RegularGraphs_HaveOneNameInAnyOrder()
    {
        // Random rings of carbons with random chords: refinement says nothing, nothing or little is symmetric, and the search does all the work.
        Random draw = new(10);
        HashSet<string> names = [];
        for (int trial = 0; trial < 40; trial++)
        {
            Molecule molecule = Cubic(2 * draw.Next(4, 16), draw);
            string name = MoleculeIdentity.Of(molecule);
            names.Add(name);
            for (int i = 0; i < 10; i++) Assert.Equal(name, Identity(Writings.Drawn(molecule, draw)));
        }
        Assert.True(names.Count > 30);
    }

    // A Hamiltonian cubic graph: every atom has three neighbours.
    private static Molecule Cubic(int count, Random draw)
    {
        while (true)
        {
            int[] ends = [.. Enumerable.Range(0, count)];
            draw.Shuffle(ends);
            (int From, int To)[] chords = [.. ends.Chunk(2).Select(pair => (pair[0], pair[1]))];
            if (chords.Any(chord => Math.Abs(chord.From - chord.To) is int apart && (apart == 1 || apart == count - 1))) continue;
            Bond[] bonds =
            [
                .. Enumerable.Range(0, count).Select(i => new Bond(i, (i + 1) % count, BondOrder.Single)),
                .. chords.Select(chord => new Bond(chord.From, chord.To, BondOrder.Single)),
            ];
            return new Molecule([.. Enumerable.Repeat(new Atom { Element = 6, Hydrogens = 1 }, count)], bonds);
        }
    }

    [Fact]
    public void HugeSymmetry_EndsWithANameAllTheSame()
    {
        string chain = string.Concat(Enumerable.Repeat("C(c1ccccc1)", 2000)) + "C";
        Molecule polymer = SmilesReader.Read(chain);
        string name = MoleculeIdentity.Of(polymer);
        Assert.StartsWith("~14001 atoms", name);
        Assert.Equal(name, Identity(Writings.Drawn(polymer, new Random(1))));
        Assert.NotEqual(name, Identity(chain + "C"));
    }
}
