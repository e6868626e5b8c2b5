using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    private Dataset Load(string text, TargetOptions targets, BadRows onBadRow = BadRows.Error, KnownLabels? known = null, string? split = null)
    {
        string path = folder.Write("data.csv", text);
        ReadOptions read = new() { OnBadRow = onBadRow };
        return known is null ? Dataset.Load(path, read, targets, split) : Dataset.Load(path, read, targets, known, split);
    }

    private string Message(string text, TargetOptions targets, BadRows onBadRow = BadRows.Error, KnownLabels? known = null)
    {
        string message = Assert.Throws<InputException>(() => Load(text, targets, onBadRow, known)).Message;
        Assert.DoesNotContain("\n", message);
        return message;
    }

    private static TargetOptions Target(params string[] columns) => new() { Columns = columns };

    // Rows of distinct molecules with the given cells.
    private static string Table(string header, IEnumerable<string> cells) =>
        $"smiles,{header}\n" + string.Concat(cells.Select((cell, i) => $"{DataFolder.Chain(i)},{cell}\n"));

    [Fact]
    public void Text_IsSingleLabel()
    {
        Dataset data = Load("smiles,y\nCCO,sweet\nCCN, bitter \nCCC,\nCCCC,sweet\nCCF,NaN\n", Target("y"));
        Assert.Equal(TaskKind.SingleLabel, data.Task);
        Assert.Equal(["bitter", "sweet"], data.Labels);
        Assert.Equal([1, 0, 1], data.Classes);
        Assert.Equal(["CCO", "CCN", "CCCC"], data.Smiles);
        Assert.Equal([1L, 2L, 4L], data.Rows);
        Assert.Equal([2L, 3L, 5L], data.Lines);
        Assert.Empty(data.Targets);
        DroppedRows dropped = Assert.Single(data.Dropped);
        Assert.Equal(("no target", 2L), (dropped.Reason, dropped.Count));
        Assert.Equal(["line 4", "line 6"], dropped.Examples);
        Assert.Contains("because 'y' holds text, 2 distinct", data.TaskReason);
    }

    [Fact]
    public void Labels_DoNotDependOnTheRowsOrder()
    {
        Dataset one = Load(Table("y", ["b", "a", "B", "a"]), Target("y")), other = Load(Table("y", ["a", "B", "a", "b"]), Target("y"));
        Assert.Equal(["B", "a", "b"], one.Labels);
        Assert.Equal(one.Labels, other.Labels);
    }

    [Fact]
    public void FewWholeNumbers_AreClasses_HoweverWritten()
    {
        Dataset data = Load(Table("y", ["0", "1.0", "1", "0.0"]), Target("y"));
        Assert.Equal(TaskKind.SingleLabel, data.Task);
        Assert.Equal(["0", "1"], data.Labels);
        Assert.Equal([0, 1, 1, 0], data.Classes);
    }

    [Fact]
    public void Numbers_AreRegression()
    {
        Dataset fractions = Load(Table("y", ["0.5", "1", "-2e-3"]), Target("y"));
        Assert.Equal(TaskKind.Regression, fractions.Task);
        Assert.Equal(["y"], fractions.Labels);
        Assert.Equal([0.5f, 1f, -0.002f], fractions.Targets);
        Assert.Empty(fractions.Classes);

        Dataset many = Load(Table("y", Enumerable.Range(0, 30).Select(i => $"{i}")), Target("y"));
        Assert.Contains("regression, because 'y' holds 30 distinct numbers", many.TaskReason);
        TargetOptions asked = Target("y") with { Task = TaskKind.SingleLabel };
        Assert.Equal(30, Load(Table("y", Enumerable.Range(0, 30).Select(i => $"{i}")), asked).Labels.Count);

        Dataset two = Load(Table("a,b", ["0.5,1", ",2", "3,"]), Target("b", "a"));
        Assert.Equal(["b", "a"], two.Labels);
        Assert.Equal([1f, 0.5f, 2f, float.NaN, float.NaN, 3f], two.Targets);
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("inf")]
    [InlineData("1e60")]
    [InlineData(">10")]
    public void UnreadableNumber_IsABadRow(string cell)
    {
        string text = Table("y", [.. Enumerable.Range(0, 20).Select(i => $"{i}.5"), $"\"{cell}\""]);
        Assert.Contains($"line 22: '{cell}' in column 'y', where a finite number", Message(text, Target("y")));
        Dataset data = Load(text, Target("y"), BadRows.Skip);
        Assert.Equal(20, data.Count);
        DroppedRows dropped = Assert.Single(data.Dropped);
        Assert.Equal(("cannot be read", 1L), (dropped.Reason, dropped.Count));
    }

    [Fact]
    public void FlagColumns_AreMultiLabelWithGaps()
    {
        Dataset data = Load(Table("a,b,c", ["0,1,", "1.0,0,1", ",,", ",1,0"]), Target("a", "b", "c"));
        Assert.Equal(TaskKind.MultiLabel, data.Task);
        Assert.Equal(["a", "b", "c"], data.Labels);
        Assert.Equal([0f, 1f, float.NaN, 1f, 0f, 1f, float.NaN, 1f, 0f], data.Targets);
        Assert.Equal(1, Assert.Single(data.Dropped).Count);

        TargetOptions asked = Target("a", "b") with { Task = TaskKind.MultiLabel };
        Assert.Contains("line 3: '2' in column 'b', where 0, 1 or nothing is expected", Message(Table("a,b", ["0,1", "1,2"]), asked));
        Assert.Equal(1, Load(Table("a,b", ["0,1", "1,2", "1,1"]), asked, BadRows.Skip).Dropped.Sum(d => d.Count));
    }

    [Fact]
    public void Separator_SplitsIntoLabels()
    {
        TargetOptions flavors = Target("y") with { Separator = '|' };
        string text = Table("y", ["sweet|fruity", "fruity", " sour | sweet |", "", "sweet|sweet"]);
        Dataset data = Load(text, flavors);
        Assert.Equal(TaskKind.MultiLabel, data.Task);
        Assert.Equal(["fruity", "sour", "sweet"], data.Labels);
        Assert.Equal([1f, 0f, 1f, 1f, 0f, 0f, 0f, 1f, 1f, 0f, 0f, 1f], data.Targets);

        Dataset top = Load(text, flavors with { Top = 2 });
        Assert.Equal(["fruity", "sweet"], top.Labels);
        Assert.Equal(4, top.Count);
        Assert.Contains("1 of 3 labels are left out by their counts: 'sour'", Assert.Single(top.Notes));
    }

    [Fact]
    public void Counts_FilterClasses()
    {
        string text = Table("y", ["a", "a", "a", "a", "b", "b", "b", "c", "c", "d"]);
        Assert.Equal(["a", "b", "c"], Load(text, Target("y") with { MinCount = 2 }).Labels);
        Assert.Equal(["b", "c", "d"], Load(text, Target("y") with { MaxCount = 3 }).Labels);
        Dataset data = Load(text, Target("y") with { MaxCount = 3, Top = 2 });
        Assert.Equal(["b", "c"], data.Labels);
        Assert.Equal([0, 0, 0, 1, 1], data.Classes);
        DroppedRows dropped = Assert.Single(data.Dropped);
        Assert.Equal(5, dropped.Count);
        Assert.Equal("line 2: 'a'", dropped.Examples[0]);
        Assert.Contains("of one class, 'a'", Message(text, Target("y") with { MinCount = 4 }));
        Assert.Contains("the largest: 4", Message(text, Target("y") with { MinCount = 5 }));
        Assert.Contains("no classes that a count could leave out", Message(Table("y", ["0.5", "1.5"]), Target("y") with { Top = 2 }));
    }

    [Fact]
    public void Counts_FilterLabelColumns()
    {
        Dataset data = Load(Table("a,b,c", ["1,0,", "1,1,0", ",,1"]), Target("c", "b", "a") with { Top = 2 });
        Assert.Equal(["b", "a"], data.Labels);
        Assert.Equal([0f, 1f, 1f, 1f], data.Targets);
        Assert.Equal("no target among the labels kept", Assert.Single(data.Dropped).Reason);
    }

    [Fact]
    public void TargetsThatCannotBeUsed_GiveOneSentence()
    {
        Assert.Contains("of one class, 'a'", Message(Table("y", ["a", "a"]), Target("y")));
        Assert.Contains("never changes", Message(Table("y", ["0.5", "0.5"]), Target("y")));
        Assert.Contains("never changes", Message(Table("a,b", ["1,0", "1,0"]), Target("a", "b")));
        Assert.Contains("'b' of", Message(Table("a,b", ["1,", "0,"]), Target("a", "b")));
        Assert.Contains("no row of", Message(Table("y", ["", "NULL"]), Target("y")));
        Assert.Contains("2 left out (no target)", Message(Table("y", ["", "NULL"]), Target("y")));
        Assert.Contains("no column 'z'; its columns are 'smiles', 'y'", Message(Table("y", ["a", "b"]), Target("z")));
        Assert.Contains("2 columns 'y'", Message(Table("y,y", ["a,b", "b,a"]), Target("y")));
        Assert.Contains("named twice", Message(Table("y", ["a", "b"]), Target("y", "y")));
        Assert.Contains("holds the SMILES too", Message(Table("y", ["a", "b"]), Target("smiles")));
        Assert.Contains("line 3: 'x' in column 'b'", Message(Table("a,b", ["1,0", "1,x"]), Target("a", "b")));
        Assert.Contains("takes one target column", Message(Table("a,b", ["1,0", "0,1"]), Target("a", "b") with { Task = TaskKind.SingleLabel }));
        Assert.Contains("makes sets of labels", Message(Table("a", ["1|0", "0|1"]), Target("a") with { Task = TaskKind.Regression, Separator = '|' }));
        Assert.Contains("several target columns are named", Message(Table("a,b", ["1,0", "0,1"]), Target("a", "b") with { Separator = '|' }));
        Assert.Contains("none of the 0 labels", Message(Table("a", ["|", "||"]), Target("a") with { Separator = '|' }));
        Assert.Contains("too many for classes", Message(Table("y", Enumerable.Range(0, 50).Select(i => $"name{i}")), Target("y")));
        Assert.Contains("must be at least 1", Message(Table("y", ["a", "b"]), Target("y") with { Top = 0 }));
        Assert.Contains("line 3: the SMILES is empty", Message("smiles,y\nCCO,a\n,b\n", Target("y")));
    }

    [Fact]
    public void MoreLabelsThanATableHolds_AreRefused()
    {
        // 46,500 rows with a label of their own each: 46,500 times as many targets, which no array has.
        string text = "smiles,y\n" + string.Concat(Enumerable.Range(0, 46_500).Select(i => $"CCO,all|{i}\n"));
        Assert.Contains("46500 rows of 46501 labels are too many for one table", Message(text, Target("y") with { Separator = '|' }));
    }

    [Fact]
    public void Keys_ComeFromInChIKeys_AndJoinRowsWithoutOne()
    {
        const string ethanol = "LFQSCWFLJHTTHZ-UHFFFAOYSA-N", serine = "MTCFGRXMJLQNBG-REOHCLBHSA-N", otherSerine = "MTCFGRXMJLQNBG-UWTATZPHSA-N";
        string[] rows =
        [
            $"CCO,{ethanol},a", $"OCC,{ethanol},b", "C(O)C,,a", "CCO,,a", "OCC,,b",
            $"N[C@@H](CO)C(O)=O,{serine},a", $"N[C@H](CO)C(O)=O,{otherSerine},b", "NC(CO)C(O)=O,,a",
            .. Enumerable.Range(8, 24).Select(i => $"{DataFolder.Chain(i)},{new string((char)('A' + i - 8), 14)}-UHFFFAOYSA-N,a"),
        ];
        Dataset data = Load("smiles,key,y\n" + string.Join('\n', rows), Target("y"));
        Assert.Equal("LFQSCWFLJHTTHZ", data.MoleculeKeys[0]);
        foreach (int i in new[] { 1, 2, 3, 4 }) Assert.Equal(data.MoleculeKeys[0], data.MoleculeKeys[i]);
        foreach (int i in new[] { 6, 7 }) Assert.Equal(data.MoleculeKeys[5], data.MoleculeKeys[i]);
        Assert.Contains("column 2 ('key')", data.IdentityChoice);

        Dataset plain = Load("smiles,y\nC[C@H](N)O,a\nO[C@H](N)C,b\nC([H])C,a\nCCO>>CC=O,b\n", Target("y"));
        Assert.Equal(["CC(N)O", "CC(N)O", "CC", "CCO>>CC=O"], plain.MoleculeKeys);
    }

    [Fact]
    public void KnownClasses_KeepTheModelsOrder()
    {
        KnownLabels known = new(TaskKind.SingleLabel, ["sweet", "sour", "bitter"]);
        Dataset data = Load(Table("y", ["bitter", "salty", "sweet"]), Target("y"), known: known);
        Assert.Equal(known.Labels, data.Labels);
        Assert.Equal([2, 0], data.Classes);
        Assert.Equal("line 3: 'salty'", Assert.Single(Assert.Single(data.Dropped).Examples));
        Assert.Equal([0], Load(Table("y", ["sweet"]), Target("y"), known: known).Classes);      // one class will do
        Assert.Contains("'salty'", Message(Table("y", ["salty", "umami"]), Target("y"), known: known));
        Assert.Contains("fixed", Message(Table("y", ["sweet"]), Target("y") with { Top = 1 }, known: known));

        KnownLabels numbered = new(TaskKind.SingleLabel, ["LABEL_0", "LABEL_1"]);
        Assert.Equal([1, 0], Load(Table("y", ["1.0", "0"]), Target("y"), known: numbered).Classes);
        Assert.Equal([1, 0], Load(Table("y", ["1.0", "0"]), Target("y"), known: new(TaskKind.SingleLabel, ["0", "1"])).Classes);
        Assert.Equal([1], Load(Table("y", ["0", "sweet"]), Target("y"), known: new(TaskKind.SingleLabel, ["LABEL_0", "sweet"])).Classes);
    }

    [Fact]
    public void KnownLabels_OfSetsAndColumns()
    {
        KnownLabels known = new(TaskKind.MultiLabel, ["c", "a", "b"]);
        Dataset sets = Load(Table("y", ["a|z", "c"]), Target("y") with { Separator = '|' }, known: known);
        Assert.Equal([0f, 1f, 0f, 1f, 0f, 0f], sets.Targets);
        Assert.Contains("'z'", Assert.Single(sets.Notes));
        Assert.Contains("none of the labels in column 'y'", Message(Table("y", ["x|z", "z"]), Target("y") with { Separator = '|' }, known: known));
        KnownLabels twice = new(TaskKind.MultiLabel, ["a", "b", "a"]);
        Assert.Contains("two of the model's labels have one name", Message(Table("a,b", ["1,0"]), Target("a", "b"), known: twice));

        Dataset columns = Load(Table("a,c", ["1,0", ",1"]), Target("a", "c"), known: known);
        Assert.Equal([0f, 1f, float.NaN, 1f, float.NaN, float.NaN], columns.Targets);
        Assert.Contains("the model predicts no 'z'", Message(Table("a,z", ["1,0", "0,1"]), Target("a", "z"), known: known));

        Dataset value = Load(Table("logS", ["1", "1"]), Target("logS"), known: new(TaskKind.Regression, ["LABEL_0"]));
        Assert.Equal(TaskKind.Regression, value.Task);
        Assert.Equal([1f, 1f], value.Targets);
        Assert.Contains("by order", Assert.Single(value.Notes));
    }

    [Fact]
    public void Examples_OfWhatIsLeftOut_AreFive_AndNamedLabelsTen()
    {
        Dataset data = Load(Table("y", [.. Enumerable.Repeat("", 7), "a", "b"]), Target("y"));
        Assert.Equal(7, Assert.Single(data.Dropped).Count);
        Assert.Equal(["line 2", "line 3", "line 4", "line 5", "line 6"], data.Dropped[0].Examples);

        string[] rare = [.. Enumerable.Range(0, 11).Select(i => $"r{(char)('a' + i)}")];
        data = Load(Table("y", [.. rare, "x", "x", "z", "z"]), Target("y") with { MinCount = 2 });
        Assert.EndsWith("'ri', 'rj' and 1 more", Assert.Single(data.Notes));
        Assert.Equal(11, Assert.Single(data.Dropped).Count);
        Assert.Equal(5, data.Dropped[0].Examples.Count);
        data = Load(Table("y", [.. rare[1..], "x", "x", "z", "z"]), Target("y") with { MinCount = 2 });
        Assert.EndsWith("'rj', 'rk'", Assert.Single(data.Notes));
    }

    [Fact]
    public void WithLabels_MovesEveryTargetWithItsName()
    {
        Dataset flags = Load(Table("a,b,c", ["0,1,", "1,0,1"]), Target("a", "b", "c")).WithLabels(["c", "a", "b"]);
        Assert.Equal(["c", "a", "b"], flags.Labels);
        Assert.Equal([float.NaN, 0f, 1f, 1f, 1f, 0f], flags.Targets);
        Dataset classes = Load(Table("y", ["a", "c", "b", "a"]), Target("y")).WithLabels(["b", "c", "a"]);
        Assert.Equal([2, 1, 0, 2], classes.Classes);
    }

    [Fact]
    public void List_CanBeLabelledByItsNames()
    {
        Dataset data = Dataset.Load(folder.Write("a.smi", "CCO alcohol\nCCN amine\nCO alcohol\nCC\n"), new ReadOptions(), Target("name"));
        Assert.Equal(["alcohol", "amine"], data.Labels);
        Assert.Equal(3, data.Count);
    }
}
