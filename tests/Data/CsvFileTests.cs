using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>Tables that we write, read by the reader of tables.</summary>
public sealed class CsvFileTests
{
    [Theory]
    [InlineData("\r")]
    [InlineData("a\rb")]
    [InlineData("a\nb")]
    [InlineData("a \"quoted\" word, and more")]
    [InlineData("")]
    public void AField_ReadsBackAsItWas(string field)
    {
        using DataFolder folder = new();
        string path = folder.At("table.csv");
        CsvFile.Write(path, [["smiles", "name"], ["CCO", field]]);
        using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions());
        Assert.Equal(["CCO", field], Assert.Single(reader.Rows()).Fields);
    }
}
