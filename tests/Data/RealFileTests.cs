using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>Real public tables; the figures come from Python's csv module and the table in facts that goes with the files.</summary>
public sealed class RealFileTests
{
    private static readonly string[] Tox21 =
    [
        "NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD", "NR-PPAR-gamma", "SR-ARE", "SR-ATAD5", "SR-HSE", "SR-MMP", "SR-p53",
    ];

    [Fact]
    public void FoodbCompounds_SmilesFoundUnderTheWrongHeader()
    {
        using MoleculeReader reader = MoleculeReader.Open(Files.Shared("data", "foodb", "Compound.csv"), new ReadOptions());
        Assert.Equal(7, reader.SmilesColumn);
        Assert.Equal(10, reader.InChIKeyColumn);
        Assert.Contains("'cas_number'", reader.SmilesColumnChoice);
        Assert.Contains("those of 'moldb_smiles' do not", reader.SmilesColumnChoice);

        MoleculeRow[] rows = [.. reader.Rows()];
        Assert.Equal(3299, rows.Length);
        Assert.StartsWith("[H][C@]1(COC(C)=O)O[C@@]([H])", rows[0].Smiles);
        Assert.Equal(0, reader.BadRowCount);
    }

    [Fact]
    public void FoodbSuperclass_IsAboutTheLabelledRows()
    {
        TargetOptions superclass = new() { Columns = ["superklass"] };
        string path = Files.Shared("data", "foodb", "Compound.csv");
        Dataset all = Dataset.Load(path, new ReadOptions(), superclass);
        Assert.Equal(TaskKind.SingleLabel, all.Task);
        Assert.Equal(761, all.Count);
        Assert.Equal(13, all.Labels.Count);
        Assert.Equal(437, all.Classes.Count(k => all.Labels[k] == "Phenylpropanoids and polyketides"));
        Assert.Equal(3299 - 761, Assert.Single(all.Dropped).Count);
        Assert.All(all.MoleculeKeys, key => Assert.Matches("^[A-Z]{14}$", key));

        Dataset large = Dataset.Load(path, new ReadOptions(), superclass with { MinCount = 10 });
        Assert.Equal(7, large.Labels.Count);
        Assert.Equal(747, large.Count);

        Split split = Split.Make(all, new SplitOptions());
        Assert.Equal(0, split.TestMoleculesInTraining);
        Assert.True(Split.Make(all, new SplitOptions(SplitKind.Random)).TestMoleculesInTraining > 0);
    }

    [Fact]
    public void FoodbLines_AreTheFilesOwn()
    {
        string path = Files.Shared("data", "foodb", "Compound.csv");
        string[] lines = File.ReadAllLines(path);
        using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions());
        foreach (MoleculeRow row in reader.Rows()) Assert.StartsWith(row.Fields[0] + ",", lines[row.Line - 1]);
    }

    [Fact]
    public void HealthEffects_HaveNoSmiles()
    {
        string path = Files.Shared("data", "foodb", "CompoundsHealthEffect.csv");
        InputException e = Assert.Throws<InputException>(() => MoleculeReader.Open(path, new ReadOptions()));
        Assert.Contains("no column that reads as SMILES", e.Message);
        Assert.Contains("'health_effect_id'", e.Message);
    }

    [Fact]
    public void FlavorDb_ColumnOfLabelSets()
    {
        Dataset data = Dataset.Load(
            Files.Shared("data", "flavordb", "flavordb_molecules.csv"), new ReadOptions(),
            new TargetOptions { Columns = ["foodb_flavor_profile"], Separator = '@' });
        Assert.Equal(TaskKind.MultiLabel, data.Task);
        Assert.Equal(1494, data.Count);
        Assert.Equal(597, data.Labels.Count);
        Assert.Equal(7277, data.Targets.Count(value => value == 1f));
        Assert.Equal(1494 * 597, data.Targets.Count(value => value is 0f or 1f));
    }

    [Fact]
    public void Delaney_IsRegression()
    {
        Dataset data = Dataset.Load(
            Files.Shared("data", "molecules", "delaney-processed.csv"), new ReadOptions(),
            new TargetOptions { Columns = ["measured log solubility in mols per litre"] });
        Assert.Equal(TaskKind.Regression, data.Task);
        Assert.Equal(1128, data.Count);
        Assert.Equal(-0.77f, data.Targets[0]);
        Assert.Equal("OCC3OC(OCC2OC(OC(C#N)c1ccccc1)C(O)C(O)C2O)C(O)C(O)C3O", data.Smiles[0]);     // trimmed
    }

    [Fact]
    public void Tox21_IsMultiLabelWithGaps()
    {
        Dataset data = Dataset.Load(
            Files.Shared("data", "molecules", "tox21.csv.gz"), new ReadOptions(), new TargetOptions { Columns = Tox21 });
        Assert.Equal(TaskKind.MultiLabel, data.Task);
        Assert.Equal(Tox21, data.Labels);
        Assert.Equal([0f, 0f, 1f], data.Targets.Take(3));
        Assert.True(float.IsNaN(data.Targets[3]));
        Assert.Equal(8014, data.Count + data.Dropped.Sum(d => d.Count));
        Assert.Contains(1f, data.Targets);
    }

    [Fact]
    public void Hiv_EveryRowReads_AndShortLabelsAreNotTakenForSmiles()
    {
        string path = Files.Shared("data", "molecules", "HIV.csv");
        Dataset activity = Dataset.Load(path, new ReadOptions(), new TargetOptions { Columns = ["activity"] });
        Assert.Equal(["CA", "CI", "CM"], activity.Labels);
        Assert.Equal(41913, activity.Count);
        Assert.Contains("'smiles'", activity.SmilesColumnChoice);

        Dataset active = Dataset.Load(path, new ReadOptions(), new TargetOptions { Columns = ["HIV_active"] });
        Assert.Equal(TaskKind.SingleLabel, active.Task);
        Assert.Equal(["0", "1"], active.Labels);
    }

    [Fact]
    public void PubChemList_IsReadLineByLine()
    {
        string path = Files.Shared("data", "molecules", "pubchem_1k_smiles.txt");
        using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions());
        Assert.Equal(File.ReadAllLines(path).Where(line => line.Length > 0), reader.Rows().Select(row => row.Smiles));
    }
}
