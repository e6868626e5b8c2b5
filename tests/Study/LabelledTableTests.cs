using SmilesBert.Data;
using SmilesBert.Study;

namespace SmilesBert.Tests.Study;

public sealed class LabelledTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smilesbert-table-").FullName;

    private static LabelledTable Table(params (string Smiles, string[] Labels, int Joined)[] molecules) => new(
        "flavor", "a table", [.. molecules.Select(static (m, i) => new LabelledMolecule($"{i}", $"name, {i}", m.Smiles, "", m.Labels, m.Joined))], [], []);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Filter_KeepsTheCommonest_AndMoleculesThatHaveThem()
    {
        LabelledTable table = Table(("C", ["a", "b"], 1), ("CC", ["a"], 1), ("CCC", ["c"], 1), ("CCCC", ["b", "c"], 1), ("CCCCC", ["a", "d"], 1));
        Assert.Equal(["a", "b", "c", "d"], table.Counts.Select(static count => count.Key));
        LabelledTable top = table.Keep(new LabelFilter(Top: 2));
        Assert.Equal(["a,b", "a", "b", "a"], top.Molecules.Select(static m => string.Join(',', m.Labels)));
        Assert.Contains(top.Dropped, static d => d is { Reason: "labels left out by their counts", Count: 2 });
        Assert.Contains(top.Dropped, static d => d is { Reason: "molecules without any label that is kept", Count: 1 });
        Assert.Equal(["b", "c"], table.Keep(new LabelFilter(MinCount: 2, MaxCount: 2)).Counts.Select(static count => count.Key));
        Assert.StartsWith("only 'a' of the 4 flavor labels", Assert.Throws<InputException>(() => table.Keep(new LabelFilter(MinCount: 3))).Message, StringComparison.Ordinal);
        Assert.StartsWith("no label of the 4", Assert.Throws<InputException>(() => table.Keep(new LabelFilter(MinCount: 9))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AJoinThatLosesALabel_IsDoneWithout()
    {
        LabelledTable table = Table(("C", ["a"], 2), ("CC", ["b"], 0), ("CCC", ["a"], 0)).Keep(new LabelFilter());
        Assert.All(table.Molecules, static molecule => Assert.Equal(1, molecule.Joined));
        Assert.Contains("would leave no molecule of 'b'", table.Notes.Single(), StringComparison.Ordinal);
        Assert.Empty(Table(("C", ["a"], 2), ("CC", ["b"], 1), ("CCC", ["a"], 0)).Keep(new LabelFilter()).Notes);
    }

    [Fact]
    public void BothForms_AreReadBackAsDatasets()
    {
        LabelledTable table = Table(("C", ["a|x", "b"], 2), ("CC", ["a|x"], 1), ("CCC", ["b"], 0));
        Assert.Equal(';', table.Separator);
        string molecules = Path.Combine(folder, "molecules.csv"), pairs = Path.Combine(folder, "pairs.csv");
        table.WriteMolecules(molecules);
        table.WritePairs(pairs);

        Dataset sets = Dataset.Load(molecules, new ReadOptions(), new TargetOptions { Columns = [LabelledTable.LabelColumn], Separator = table.Separator });
        Assert.Equal((TaskKind.MultiLabel, 3), (sets.Task, sets.Count));
        Assert.Equal([1f, 1f, 1f, 0f, 0f, 1f], sets.Targets);
        Dataset rows = Dataset.Load(pairs, new ReadOptions(), new TargetOptions { Columns = [LabelledTable.LabelColumn], Task = TaskKind.SingleLabel });
        Assert.Equal(["C", "C", "C", "C", "CC"], rows.Smiles);
    }

    [Fact]
    public void PlainTable_JoinsRowsOfOneMolecule()
    {
        string path = Path.Combine(folder, "flavors.csv");
        File.WriteAllText(path, "common_name,smiles,profile\nA,CCO,sweet@waxy\nB,CCCO,\nC,CCO,sweet@ sour\nD,CCCC,waxy\n");
        LabelledTable table = PlainTableReader.Read(path, new ReadOptions(), "profile", '@');
        Assert.Equal(["A: sour, sweet, waxy", "D: waxy"], table.Molecules.Select(static m => $"{m.Name}: {string.Join(", ", m.Labels)}"));
        Assert.Equal(["rows without a label: 1", "rows joined with another of the same SMILES: 1"], table.Dropped.Select(static d => $"{d.Reason}: {d.Count}"));
        LabelledTable whole = PlainTableReader.Read(path, new ReadOptions(), "profile", null);
        Assert.Equal(["sweet@waxy", "waxy"], whole.Molecules.Select(static m => m.Labels.Single()));
    }
}
