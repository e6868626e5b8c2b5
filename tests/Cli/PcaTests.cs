using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Tests.Data;

namespace SmilesBert.Tests.Cli;

/// <summary>pca: coordinates, shares, figures and pictures, of a file of embeddings and of a model; and what it refuses.</summary>
public sealed class PcaTests : IDisposable
{
    private static readonly string[] Files = ["coordinates.csv", "explained_variance.csv", "pca.html", "pca.svg"];

    private readonly DataFolder folder = new();
    private readonly string model, table;

    public PcaTests()
    {
        model = TinyModel.Write(folder.At("model"));
        table = folder.Write("data.csv", SmallTable.Text);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OfAModel_WritesWhatItsEmbeddingsGive()
    {
        Finished ofModel = Pca("a", "--model", model, "--color", "kind", "--pooling", "mean", "--components", "3", "--json").Succeeded();
        CommandRun.Of("embed", "--model", model, "--data", table, "--output", folder.At("e.npy"), "--pooling", "mean", "--threads", "1").Succeeded();
        Finished ofFile = Pca("b", "--embeddings", folder.At("e.npy"), "--color", "kind", "--components", "3", "--json").Succeeded();

        Assert.Equal(Files, Directory.EnumerateFiles(folder.At("a")).Select(Path.GetFileName).Order());
        Assert.All(Files, name => Assert.Equal(File.ReadAllText(At("a", name)), File.ReadAllText(At("b", name))));
        JsonNode result = JsonNode.Parse(ofModel.Output)!, again = JsonNode.Parse(ofFile.Output)!;
        Assert.Equal((60, TinyModel.HiddenSize), ((int)result["molecules"]!, (int)result["width"]!));
        Assert.True(JsonNode.DeepEquals(result["full_width"], again["full_width"]));
        foreach (string space in (string[])["components", "full_width"])
        {
            Assert.InRange((double)result[space]!["silhouette"]!, -1, 1);
            Assert.InRange((double)result[space]!["knn_accuracy"]!, 0, 1);
            Assert.InRange((double)result[space]!["probe_accuracy"]!, 0, 1);
            Assert.Equal(1 / 3.0, (double)result[space]!["majority_rate"]!, 1e-12);
        }
    }

    [Fact]
    public void Coordinates_AreThoseOfTheRows_InOrder()
    {
        // Two dimensions that are already principal: the first column varies most, and its largest magnitude is positive.
        WriteVectors(60, static row => [3 * (row - 20), row % 2 == 0 ? 1 : -1]);
        Pca("out", "--embeddings", folder.At("e.npy"), "--color", "kind").Succeeded();

        Csv coordinates = Csv.Read(At("out", "coordinates.csv")), variance = Csv.Read(At("out", "explained_variance.csv"));
        Assert.Equal(["row", "smiles", "label", "pc1", "pc2"], coordinates.Header);
        Assert.Equal(Enumerable.Range(1, 60).Select(static row => $"{row}"), coordinates.Column("row"));
        Assert.Equal(Enumerable.Range(0, 60).Select(SmallTable.Smiles), coordinates.Column("smiles"));
        Assert.Equal(["aromatic", "chain", "ring"], coordinates.Column("label").Take(3));
        Compare.Close("pc1", [.. Enumerable.Range(0, 60).Select(static row => 3 * (row - 29.5f))], [.. coordinates.Numbers("pc1").Select(static x => -x)], 0.1, 0);
        Assert.Equal(["pc1", "pc2"], variance.Column("component"));
        Compare.Close("ratios", 1, variance.Column("ratio").Sum(double.Parse), 1e-9, 0);
    }

    [Fact]
    public void Embeddings_AreMatchedToTheRowsThatHaveAColour()
    {
        string data = folder.Write("gaps.csv", "smiles,kind\nCCO,a\nC1CC(,a\nCCN,\nCCCl,b\nCCF,rare\nCCBr,a\nCCI,b\n");
        folder.Write("plain.smi", "CCO\nCCN\nCCCl\nCCF\nCCBr\nCCI\n");
        WriteVectors(6, static row => [row, row * row]);
        Finished command = CommandRun.Of(
            "pca", "--embeddings", folder.At("e.npy"), "--data", data, "--color", "kind", "--min-count", "2", "--on-bad-row", "skip",
            "--output", folder.At("out")).Succeeded();
        Csv coordinates = Csv.Read(At("out", "coordinates.csv"));
        Assert.Equal(["1", "4", "6", "7"], coordinates.Column("row"));
        Assert.Contains("left out 1: no target", command.Error);
        Assert.Contains("left out 1: cannot be read", command.Error);
        // Vectors 0, 2, 4 and 5 of the six: the gaps between neighbours along the parabola tell them apart.
        float[] x = coordinates.Numbers("pc1"), y = coordinates.Numbers("pc2");
        Compare.Close("distance", Math.Sqrt(4 + 16), Math.Sqrt(Math.Pow(x[1] - x[0], 2) + Math.Pow(y[1] - y[0], 2)), 1e-4, 0);
        Compare.Close("distance", Math.Sqrt(1 + 81), Math.Sqrt(Math.Pow(x[3] - x[2], 2) + Math.Pow(y[3] - y[2], 2)), 1e-4, 0);
    }

    [Fact]
    public void Labels_AreMeasuredOneAgainstTheRest()
    {
        string data = folder.Write("sets.csv", "smiles,taste\n" + string.Concat(Enumerable.Range(0, 60).Select(static row =>
            $"{SmallTable.Smiles(row)},{(row % 2 == 0 ? "sweet@fruity" : row % 3 == 0 ? "bitter" : "bitter@fruity")}\n")));
        WriteVectors(60, static row => [row % 2 * 9, row % 5]);
        JsonNode result = JsonNode.Parse(CommandRun.Of(
            "pca", "--embeddings", folder.At("e.npy"), "--data", data, "--color", "taste", "--separator", "@", "--output", folder.At("out"), "--json")
            .Succeeded().Output)!;
        Csv coordinates = Csv.Read(At("out", "coordinates.csv"));
        Assert.Equal(["fruity | sweet", "bitter | fruity", "fruity | sweet", "bitter"], coordinates.Column("label").Take(4));
        Assert.InRange((double)result["full_width"]!["probe_accuracy"]!, 0.9, 1);
    }

    [Fact]
    public void Numbers_AreAColourBar_AndNoClasses()
    {
        Finished command = Pca("out", "--model", model, "--color", "value").Succeeded();
        Assert.Matches(@"(?m)^explained variance +0\.\d+ +1\.0000\r?$", command.Output);
        Assert.Contains("'value' holds numbers, and only classes can lie apart", command.Output);
        Assert.DoesNotContain("silhouette", command.Output);
        Assert.Equal(0.0f, Csv.Read(At("out", "coordinates.csv")).Numbers("label")[0]);
    }

    [Fact]
    public void Table_IsALineAFigure()
    {
        string output = Pca("out", "--model", model, "--color", "kind").Succeeded().Output;
        Assert.Matches(@"(?m)^ +2 components +32 dimensions\r?$", output);
        Assert.Matches(@"(?m)^silhouette +-?0\.\d{4} +-?0\.\d{4}\r?$", output);
        Assert.Matches(@"(?m)^majority rate +0\.3333 +0\.3333\r?$", output);
    }

    [Fact]
    public void EqualEmbeddings_HaveNoShares()
    {
        WriteVectors(60, static _ => [0.25f, 4f]);
        string output = Pca("out", "--embeddings", folder.At("e.npy"), "--color", "kind").Succeeded().Output;
        Assert.Matches(@"(?m)^explained variance +undefined +undefined  all rows are equal: there is no variance\r?$", output);
        Assert.Equal(["", ""], Csv.Read(At("out", "explained_variance.csv")).Column("ratio"));
    }

    [Fact]
    public void BadInput_IsOneSentence_AndWritesNothing()
    {
        string vectors = folder.At("e.npy");
        WriteVectors(59, static row => [row, 1]);
        Refused(["--embeddings", vectors, "--color", "kind"], "e.npy has 59 rows and", "data.csv 60 molecules");
        WriteVectors(60, static row => [row, row == 7 ? float.NaN : 1]);
        Refused(["--embeddings", vectors, "--color", "kind"], "e.npy: row 8 has a value that is not finite");
        WriteVectors(60, static row => [row, 1]);
        Refused(["--embeddings", vectors, "--color", "sort"], "no column 'sort'");
        Refused(["--embeddings", vectors, "--color", "kind", "--components", "3"], "60 rows of 2 values have at most 2 principal components, and 3 are asked for");
        Refused(["--embeddings", folder.At("none.npy"), "--color", "kind"], "none.npy");
        Refused(["--embeddings", vectors, "--color", "value", "--top", "2"], "regression has no classes");
        Refused(["--embeddings", vectors, "--color", "name"], "column 'name'", "--task single-label");
        CommandRun.Of([], ["pca", "--embeddings", vectors, "--data", "-", "--color", "kind", "--output", folder.At("out")])
            .RefusedSaying("--embeddings needs --data to be a file");
        CommandRun.Of("pca", "--embeddings", vectors, "--data", table, "--color", "kind", "--output", table)
            .RefusedSaying("data.csv is a file, and --output needs the name of a folder");
        Assert.False(Directory.Exists(folder.At("out")));

        void Refused(string[] arguments, params string[] parts) => Pca("out", arguments).FailedSaying(parts);
    }

    private Finished Pca(string output, params string[] arguments) =>
        CommandRun.Of(["pca", "--data", table, "--output", folder.At(output), "--device", "cpu", "--threads", "1", .. arguments]);

    private string At(string output, string name) => Path.Combine(folder.At(output), name);

    private void WriteVectors(int rows, Func<int, float[]> vector)
    {
        using FileStream file = File.Create(folder.At("e.npy"));
        NpyWriter writer = new(file, vector(0).Length);
        for (int row = 0; row < rows; row++) writer.Append(vector(row));
        writer.Complete();
    }
}
