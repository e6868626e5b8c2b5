using SmilesBert.Molecules;

namespace SmilesBert.Tests.Molecules;

/// <summary>Some 350 molecules against RDKit's reference outputs; where RDKit is at hand, <see cref="RdkitTests"/> goes through ten thousand.</summary>
public sealed class GoldenTests
{
    [Fact]
    public void Hydrogens_AndRingBonds_AreRdkits()
    {
        foreach (GoldenMolecule golden in GoldenMolecule.All)
        {
            Molecule molecule = SmilesReader.Read(golden.Smiles);
            Assert.True(golden.Hydrogens.SequenceEqual(molecule.Atoms.ToArray().Select(atom => atom.Hydrogens)), golden.Smiles);
            Assert.Equal(golden.RingBonds, RingBonds.Find(molecule).Count(inRing => inRing));
        }
    }

    [Fact]
    public void Identity_IsOneForAllWritings()
    {
        foreach (GoldenMolecule golden in GoldenMolecule.All)
        {
            string identity = MoleculeIdentity.Of(SmilesReader.Read(golden.Smiles));
            foreach (string writing in golden.Writings.Concat(golden.Stereo)) Assert.Equal(identity, MoleculeIdentity.Of(SmilesReader.Read(writing)));
        }
    }

    [Fact]
    public void Identity_TellsMoleculesApart()
    {
        foreach (IGrouping<string, GoldenMolecule> equal in GoldenMolecule.All.GroupBy(g => MoleculeIdentity.Of(SmilesReader.Read(g.Smiles))))
        {
            // Sulfoxides: RDKit keeps S=O and [S+][O-] apart.
            string[] names = [.. equal.Select(golden => golden.Name).Distinct()];
            Assert.True(names.Length == 1 || names.Order(StringComparer.Ordinal).SequenceEqual(["CS(C)=O", "C[S+](C)[O-]"]), string.Join(' ', names));
        }
    }

    [Fact]
    public void Rewriting_KeepsTheMolecule()
    {
        Random draw = new(3);
        foreach (GoldenMolecule golden in GoldenMolecule.All)
        {
            Molecule molecule = SmilesReader.Read(golden.Smiles);
            for (int i = 0; i < 5; i++)
            {
                Molecule again = SmilesReader.Read(Writings.Drawn(molecule, draw, stereo: i % 2 == 0));
                Assert.Equal(MoleculeIdentity.Of(molecule), MoleculeIdentity.Of(again));
                Assert.Equal(Counts(molecule), Counts(again));
            }
        }

        // What a rewriting could lose and the identity does not look at.
        static string Counts(Molecule molecule) => string.Join(' ',
            molecule.Atoms.ToArray().Select(atom => (atom.Element, atom.Isotope, atom.Charge, atom.Hydrogens, atom.Aromatic, atom.Map).ToString())
                .Concat(molecule.Bonds.ToArray().Select(bond => bond.Order.ToString())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Stereo_IsRdkits_AndKeptByRewriting()
    {
        Random draw = new(4);
        int centres = 0, doubleBonds = 0;
        foreach (GoldenMolecule golden in GoldenMolecule.All.Where(golden => golden.Stereo.Length > 0))
        {
            string[] signs = StereoSigns.Of(SmilesReader.Read(golden.Stereo[0]));
            centres += signs.Count(sign => !sign.Contains('='));
            doubleBonds += signs.Count(sign => sign.Contains('='));
            Assert.NotEmpty(signs);
            foreach (string writing in golden.Stereo)
            {
                Molecule molecule = SmilesReader.Read(writing);
                Assert.Equal((writing, string.Join(", ", signs)), (writing, string.Join(", ", StereoSigns.Of(molecule))));
                for (int i = 0; i < 5; i++) Assert.Equal(signs, StereoSigns.Of(SmilesReader.Read(Writings.Drawn(molecule, draw))));
                Assert.Empty(StereoSigns.Of(SmilesReader.Read(Writings.Drawn(molecule, draw, stereo: false))));
            }
        }
        Assert.True(centres >= 40 && doubleBonds >= 25, $"{centres} centres and {doubleBonds} double bonds");
    }

    [Fact]
    public void Scaffolds_AreRdkits()
    {
        int compared = 0;
        foreach (GoldenMolecule golden in GoldenMolecule.All)
        {
            if (golden.Scaffold is null) continue;
            Molecule scaffold = Scaffold.Of(SmilesReader.Read(golden.Smiles));
            if (golden.Scaffold.Length == 0) Assert.Equal(0, scaffold.Atoms.Length);
            foreach (string writing in golden.Scaffold)
                Assert.Equal((golden.Smiles, MoleculeIdentity.Of(SmilesReader.Read(writing))), (golden.Smiles, MoleculeIdentity.Of(scaffold)));
            compared += golden.Scaffold.Length;
        }
        Assert.True(compared > 300);
    }
}
