using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class SplitTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Rows per molecule as given; the molecule's copies are written differently but for the key (stereo marks). Two classes in turn.
    private Dataset Molecules(IEnumerable<int> rowsOfEach)
    {
        string text = "smiles,y\n";
        int molecule = 0;
        foreach (int copies in rowsOfEach)
        {
            string chain = DataFolder.Chain(molecule++);
            for (int i = 0; i < copies; i++) text += $"{(i % 2 == 0 ? "[C@@H]" : "[C@H]")}{chain},{(molecule % 3 == 0 ? "a" : "b")}\n";
        }
        return Dataset.Load(folder.Write("molecules.csv", text), new ReadOptions(), new TargetOptions { Columns = ["y"] });
    }

    private static void EveryRowOnce(Dataset data, Split split)
    {
        Assert.Equal(Enumerable.Range(0, data.Count), split.Train.Concat(split.Validation).Concat(split.Test).Order());
        foreach (int[] part in new[] { split.Train, split.Validation, split.Test })
        {
            Assert.NotEmpty(part);
            Assert.Equal(part.Order(), part);
        }
    }

    private static void SameParts(Split one, Split other)
    {
        Assert.Equal(one.Train, other.Train);
        Assert.Equal(one.Validation, other.Validation);
        Assert.Equal(one.Test, other.Test);
    }

    [Fact]
    public void Properties_HoldOnDrawnData()
    {
        Random draw = new(11);
        for (int trial = 0; trial < 60; trial++)
        {
            int most = draw.Next(1, 12);
            Dataset data = Molecules([.. Enumerable.Range(0, draw.Next(6, 120)).Select(_ => draw.Next(1, most + 1))]);
            foreach (SplitKind kind in new[] { SplitKind.Group, SplitKind.Random, SplitKind.Stratified })
            {
                SplitOptions options = new(kind, (ulong)trial);
                Split split = Split.Make(data, options);
                EveryRowOnce(data, split);
                SameParts(split, Split.Make(data, options));
                if (kind == SplitKind.Group)
                {
                    int[][] parts = [split.Train, split.Validation, split.Test];
                    string[][] keys = [.. parts.Select(part => part.Select(i => data.MoleculeKeys[i]).Distinct().ToArray())];
                    Assert.Equal(keys.Sum(k => k.Length), keys.SelectMany(k => k).Distinct().Count());
                    Assert.Equal(0, split.TestMoleculesInTraining);
                    Assert.InRange(split.Test.Length, 0.1 * data.Count - most, 0.1 * data.Count + most);
                    Assert.InRange(split.Validation.Length, 0.1 * data.Count - most, 0.1 * data.Count + most);
                }
                else if (kind == SplitKind.Random || data.Count > 30)
                {
                    int asked = Math.Max(1, (int)Math.Round(0.1 * data.Count));
                    Assert.Equal((asked, asked), (split.Test.Length, split.Validation.Length));
                }
            }
        }
    }

    [Fact]
    public void Group_MeetsSizesExactlyWhereMoleculesAreSmall()
    {
        Dataset data = Molecules(Enumerable.Range(0, 200).Select(i => i % 4 + 1));
        Split split = Split.Make(data, new SplitOptions { Train = 0.7, Validation = 0.1, Test = 0.2 });
        Assert.Equal((350, 50, 100), (split.Train.Length, split.Validation.Length, split.Test.Length));
    }

    [Fact]
    public void Group_DoesNotKeepLargeMoleculesForTraining()
    {
        // Ten molecules of 4 rows among 60 of one: over many seeds the large ones reach the test part about as often as their share.
        Dataset data = Molecules(Enumerable.Range(0, 70).Select(i => i % 7 == 0 ? 4 : 1));
        int large = 0;
        for (ulong seed = 0; seed < 200; seed++)
            large += Split.Make(data, new SplitOptions(Seed: seed)).Test.GroupBy(i => data.MoleculeKeys[i]).Count(g => g.Count() == 4);
        Assert.InRange(large, 120, 280);    // 10 molecules * 0.1 * 200 seeds = 200
    }

    [Fact]
    public void OtherSeeds_GiveOtherSplits()
    {
        Dataset data = Molecules(Enumerable.Repeat(1, 100));
        foreach (SplitKind kind in new[] { SplitKind.Group, SplitKind.Random, SplitKind.Stratified })
            Assert.NotEqual(Split.Make(data, new SplitOptions(kind, 1)).Test, Split.Make(data, new SplitOptions(kind, 2)).Test);
    }

    [Fact]
    public void TinyData_GetsARowInEachPart_OrASentence()
    {
        foreach (int[] rowsOfEach in new int[][] { [1, 1, 1], [90, 1, 1], [50, 1, 50] })
        {
            Dataset data = Molecules(rowsOfEach);
            EveryRowOnce(data, Split.Make(data, new SplitOptions()));
            EveryRowOnce(data, Split.Make(data, new SplitOptions(SplitKind.Random)));
        }

        Dataset two = folder.Labelled("a", "b");
        Assert.Contains("3 parts need at least 3 molecules", Assert.Throws<InputException>(() => Split.Make(two, new SplitOptions())).Message);
        Split halves = Split.Make(two, new SplitOptions { Train = 0.5, Validation = 0, Test = 0.5 });
        Assert.Equal((1, 0, 1), (halves.Train.Length, halves.Validation.Length, halves.Test.Length));

        // Rounding gives all three rows away: the larger of the other parts hands one back.
        Dataset three = folder.Labelled("a", "b", "a");
        foreach (SplitKind kind in new[] { SplitKind.Group, SplitKind.Random })
        {
            Split most = Split.Make(three, new SplitOptions(kind) { Train = 0.1, Validation = 0.3, Test = 0.6 });
            Assert.Equal((1, 1, 1), (most.Train.Length, most.Validation.Length, most.Test.Length));
        }

        Dataset each = folder.Labelled("a", "b", "c", "d");
        Assert.Contains("too small", Assert.Throws<InputException>(() => Split.Make(each, new SplitOptions(SplitKind.Stratified))).Message);
    }

    [Theory]
    [InlineData(0.8, 0.1, 0.2)]
    [InlineData(0, 0.5, 0.5)]
    [InlineData(1.2, -0.1, -0.1)]
    [InlineData(double.NaN, 0.5, 0.5)]
    public void Sizes_MustAddUp(double train, double validation, double test) =>
        Assert.Contains("add up to 1", Assert.Throws<InputException>(
            () => Split.Make(folder.Labelled("a", "b", "a"), new SplitOptions { Train = train, Validation = validation, Test = test })).Message);

    [Fact]
    public void Stratified_KeepsShares()
    {
        Dataset data = folder.Labelled([.. Enumerable.Repeat("a", 700), .. Enumerable.Repeat("b", 250), .. Enumerable.Repeat("c", 49), "d"]);
        Split split = Split.Make(data, new SplitOptions(SplitKind.Stratified));
        EveryRowOnce(data, split);
        foreach (int[] part in new[] { split.Validation, split.Test })
            Assert.Equal([70, 25, 5, 0], Enumerable.Range(0, 4).Select(k => part.Count(i => data.Classes[i] == k)));
        Assert.Contains("stratified split, seed 42: 800 rows for training, 100 for validation, 100 for test", split.Description);
    }

    [Fact]
    public void Stratified_NeedsClasses()
    {
        Dataset data = folder.Labelled("0.5", "1.5", "2.5", "3.5");
        Assert.Contains("the task is regression", Assert.Throws<InputException>(() => Split.Make(data, new SplitOptions(SplitKind.Stratified))).Message);
    }

    [Fact]
    public void Random_SaysHowManyTestMoleculesItHasSeen()
    {
        Dataset data = Molecules(Enumerable.Repeat(5, 40));
        Split split = Split.Make(data, new SplitOptions(SplitKind.Random));
        HashSet<string> trained = [.. split.Train.Select(i => data.MoleculeKeys[i])];
        int seen = split.Test.Select(i => data.MoleculeKeys[i]).Distinct().Count(trained.Contains);
        Assert.True(seen > 0);
        Assert.Equal(seen, split.TestMoleculesInTraining);
        Assert.Contains($"; {seen} of {split.TestMolecules} test molecules (", split.Description);
    }

    [Fact]
    public void Scaffold_FillsTrainingWithTheLargestFirst()
    {
        // Benzenes (5), no rings (3), pyridines (2, the later of the two pairs goes first), cyclohexanes (2), naphthalene, furan.
        string[] smiles =
        [
            "Cc1ccccc1", "CC1CCCCC1", "CCO", "C1=CC=CC=C1O", "Oc1ccc2ccccc2c1", "OC1CCCCC1", "CCN", "Clc1ccccc1", "c1ccncc1C", "CCC",
            "Fc1ccccc1", "c1ccoc1", "Brc1ccccc1", "c1ccncc1F",
        ];
        string table = "smiles,y\n" + string.Concat(smiles.Select((s, i) => $"{s},{i % 2}\n"));
        Dataset data = Dataset.Load(folder.Write("rings.csv", table), new ReadOptions(), new TargetOptions { Columns = ["y"] });
        SplitOptions options = new(SplitKind.Scaffold) { Train = 0.6, Validation = 0.2, Test = 0.2 };
        Split split = Split.Make(data, options);
        Assert.Equal([0, 2, 3, 6, 7, 9, 10, 12], split.Train);      // 5 + 3 of the 8.4 that fit
        Assert.Equal([8, 11, 13], split.Validation);                // 2 + 1 of the 3.2 left up to 0.8; the cyclohexanes did not fit between
        Assert.Equal([1, 4, 5], split.Test);
        Assert.StartsWith("scaffold split, largest scaffolds first: 8 rows for training, 3 for validation, 3 for test; 0 of 3", split.Description);
        SameParts(split, Split.Make(data, options with { Seed = 7 }));
        Assert.Empty(Split.Make(data, options with { Train = 0.8, Validation = 0, Test = 0.2 }).Validation);
        Assert.Contains("no row is left for training",      // chains only: one scaffold, the empty one
            Assert.Throws<InputException>(() => Split.Make(folder.Labelled("a", "b", "a"), new SplitOptions(SplitKind.Scaffold))).Message);
    }

    private Dataset WithColumn(params string[] parts) => Dataset.Load(
        folder.Write("parts.csv", "smiles,y,part\n" + string.Concat(parts.Select((part, i) => $"{DataFolder.Chain(i)},{i % 2},{part}\n"))),
        new ReadOptions(), new TargetOptions { Columns = ["y"] }, splitColumn: "part");

    [Fact]
    public void Column_IsTakenAsItStands()
    {
        Split split = Split.Make(WithColumn("test", "train", " validation ", "train"), new SplitOptions(SplitKind.Column));
        Assert.Equal([1, 3], split.Train);
        Assert.Equal([2], split.Validation);
        Assert.Equal([0], split.Test);
        Assert.StartsWith("split by column 'part': 2 rows for training", split.Description);

        Assert.Empty(Split.Make(WithColumn("train", "train"), new SplitOptions(SplitKind.Column)).Test);
        Assert.Contains("line 3: 'dev' in column 'part', where train, validation or test is expected",
            Assert.Throws<InputException>(() => Split.Make(WithColumn("train", "dev"), new SplitOptions(SplitKind.Column))).Message);
        Assert.Contains("no row to train on",
            Assert.Throws<InputException>(() => Split.Make(WithColumn("test", "test"), new SplitOptions(SplitKind.Column))).Message);
        Assert.Contains("without a split column",
            Assert.Throws<InputException>(() => Split.Make(folder.Labelled("a", "b"), new SplitOptions(SplitKind.Column))).Message);
    }

    [Fact]
    public void Write_GivesTheRowsOfTheFile_AndReadsBackAsAColumn()
    {
        Dataset data = folder.Labelled("a", "", "b", "a", "b", "a");
        Split split = Split.Make(data, new SplitOptions());
        string path = folder.At("split.csv");
        split.Write(path, data);
        string[] lines = File.ReadAllLines(path);
        Assert.Equal("row,smiles,split", lines[0]);
        Assert.Equal(data.Rows, lines[1..].Select(line => long.Parse(line.Split(',')[0])));
        Assert.Equal([path], Directory.GetFiles(folder.Root, "split*"));

        Dataset again = Dataset.Load(path, new ReadOptions(), new TargetOptions { Columns = ["row"], Task = TaskKind.Regression }, splitColumn: "split");
        SameParts(split, Split.Make(again, new SplitOptions(SplitKind.Column)));
        Assert.Contains("cannot be written", Assert.Throws<InputException>(() => split.Write(folder.At("no/such/folder.csv"), data)).Message);
    }
}
