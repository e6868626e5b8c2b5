using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>Where the line lies between a column of molecules, or of InChIKeys, and one that only looks like it.</summary>
public sealed class ColumnFinderTests
{
    private const string Key = "LFQSCWFLJHTTHZ-UHFFFAOYSA-N";

    private static ParsedRow[] Rows(params string[][] fields) => [.. fields.Select(static (row, i) => new ParsedRow(i + 2, row, BrokenQuotes: false))];

    private static int Smiles(string[] header, params string[][] fields) => ColumnFinder.Smiles("table.csv", header, Rows(fields)).Column;

    [Fact]
    public void Smiles_AreWhatHalfOfAColumnsValuesReadAs()
    {
        Assert.Equal(0, Smiles(["a"], ["CCO"], ["hello"], [""], [" "]));
        Assert.Contains("no column that reads as SMILES (the first 3 rows were looked at); its columns are 'a'",
            Assert.Throws<InputException>(() => Smiles(["a"], ["CCO"], ["hello"], ["world"])).Message);
    }

    [Fact]
    public void Smiles_OfAColumnWithAnotherName_AreThreeCharactersLongOnAverage()
    {
        Assert.Equal(0, Smiles(["a"], ["CO"], ["CCCC"]));
        Assert.Throws<InputException>(() => Smiles(["a"], ["CO"], ["CCC"]));
        Assert.Equal(0, Smiles(["my_Smiles"], ["CO"], ["C"]));
    }

    [Fact]
    public void Smiles_TheNameCountsFirst_ThenHowManyDiffer_ThenTheirLength()
    {
        Assert.Equal(2, Smiles(["x", "canonical_smiles", "SMILES"], ["CCO", "CCN", "CCC"], ["CCF", "CCCl", "CCC"]));
        Assert.Equal(1, Smiles(["x", "y"], ["CCOCC", "CCN"], ["CCOCC", "CCF"]));
        Assert.Equal(1, Smiles(["x", "y"], ["CCO", "CCNC"], ["CCF", "CCCl"]));
        Assert.Equal(0, Smiles(["x", "y"], ["CCO", "CCN"], ["CCF", "CCC"]));
    }

    [Fact]
    public void Smiles_TheChoiceIsTold()
    {
        (int column, string choice) = ColumnFinder.Smiles(
            "table.csv", ["smiles", "product", "reactant"], Rows(["17", "CCO", "CCN"], ["18", "CCF", "CCN"], ["19", "hello", "CCN"]));
        Assert.Equal(1, column);
        Assert.Equal("SMILES are in column 2 of 3 ('product'), found by content: 2 of its 3 values in the first 3 rows read as SMILES, those of 'smiles' do not; "
            + "so do 'reactant', which --smiles could name", choice);
    }

    [Fact]
    public void Names_PastThirtyAreCounted()
    {
        string[] header = [.. Enumerable.Range(0, 30).Select(static i => $"c{i}")];
        Assert.EndsWith("'c29'", Assert.Throws<InputException>(() => ColumnFinder.Named("table.csv", header, "x")).Message);
        Assert.EndsWith("'c29' and 2 more", Assert.Throws<InputException>(() => ColumnFinder.Named("table.csv", [.. header, "c30", "c31"], "x")).Message);
        Assert.Equal(29, ColumnFinder.Named("table.csv", header, "c29"));
    }

    [Fact]
    public void InChIKeys_AreNineTenthsOfAColumnsValues()
    {
        string[][] nine = [.. Enumerable.Repeat<string[]>(["CCO", $" {Key} "], 9), ["CCO", "unknown"], ["CCO", ""]];
        Assert.Equal(1, ColumnFinder.InChIKey(2, Rows(nine)));
        Assert.Null(ColumnFinder.InChIKey(2, Rows([.. nine, ["CCO", "unknown"]])));
        Assert.Null(ColumnFinder.InChIKey(2, Rows(["CCO", ""])));
    }

    [Theory]
    [InlineData(Key, true)]
    [InlineData("LFQSCWFLJHTTHZ-UHFFFAOYSA-", false)]
    [InlineData("LFQSCWFLJHTTHZ-UHFFFAOYSA-NN", false)]
    [InlineData("LFQSCWFLJHTTHz-UHFFFAOYSA-N", false)]
    [InlineData("LFQSCWFLJHTTHZXUHFFFAOYSA-N", false)]
    [InlineData("LFQSCWFLJHTTHZ-UHFFFAOYSAXN", false)]
    [InlineData("LFQSCWFLJHTTHZ-UHFFFAOYS--N", false)]
    public void InChIKey_HasOneForm(string text, bool isOne)
    {
        Assert.Equal(isOne, InChIKeys.IsOne(text));
        if (isOne) Assert.Equal("LFQSCWFLJHTTHZ", InChIKeys.SkeletonOf(text));
    }
}
