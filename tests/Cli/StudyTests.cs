using System.Text.Json.Nodes;
using SmilesBert.Tests.Study;

namespace SmilesBert.Tests.Cli;

public sealed class StudyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smilesbert-study-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string In(params string[] parts) => Path.Combine([folder, .. parts]);

    [Fact]
    public void LabelSets_AreStudiedByMoleculeAndByRow_AndTheSameAgain()
    {
        TinyModel.Write(In("model"));
        WriteTable();
        string[] first = Command(In("study")), second = Command(In("again"));
        Finished finished = CommandRun.Of(first);
        Assert.True(finished.ExitCode == 0, finished.Error);

        JsonObject json = JsonNode.Parse(finished.Output)!.AsObject();
        Assert.Equal("multi_label_classification", (string?)json["forms"]!["by-molecule"]!["task"]);
        Assert.Equal("single_label_classification", (string?)json["forms"]!["by-row"]!["task"]);
        Assert.Equal(5, json["findings"]!.AsArray().Count);
        JsonArray seeds = json["forms"]!["by-molecule"]!["seeds"]!.AsArray();
        Assert.Equal([42, 43], seeds.Select(static seed => (int)seed!["seed"]!));
        Assert.All(seeds, static seed => Assert.Equal(0, (double)seed!["test_molecules_in_training"]!));
        Assert.All(json["forms"]!["by-row"]!["seeds"]!.AsArray(), static seed => Assert.True((double)seed!["test_molecules_in_training"]! > 0.5));
        Assert.NotNull((double?)seeds[0]!["after"]!["full_width"]!["knn_accuracy"]);

        foreach (string picture in (string[])["by-molecule.svg", "by-row.svg", "by-molecule-separation.svg", "by-row-separation.svg"])
            Assert.StartsWith("<svg", File.ReadAllText(In("study", picture)), StringComparison.Ordinal);
        Assert.Contains("by-row,43,after,full width,silhouette,", File.ReadAllText(In("study", "summary.csv")), StringComparison.Ordinal);
        Assert.Equal(1 + 60, File.ReadAllLines(In("study", "by-molecule", "coordinates.csv")).Length);
        Assert.True(File.Exists(In("study", "by-row", "seed-43", "model.safetensors")));

        Assert.Equal(0, CommandRun.Of(second).ExitCode);
        foreach (string file in (string[])["study.json", "summary.csv", "by-molecule.svg", "by-row.svg"])
            Assert.Equal(File.ReadAllText(In("study", file)), File.ReadAllText(In("again", file)));

        Finished refused = CommandRun.Of(first);
        Assert.Equal((1, $"error: {In("study")} is not empty; give another --output, or --resume to go on with the study that it holds\n"), (refused.ExitCode, refused.Error));
        string report = File.ReadAllText(In("study", "report.html"));
        File.Delete(In("study", "study.json"));
        Directory.Delete(In("study", "by-row", "seed-43"), recursive: true);
        Finished resumed = CommandRun.Of([.. first, "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains("nothing to resume", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(finished.Output, resumed.Output);
        Assert.Equal(report, File.ReadAllText(In("study", "report.html")));
    }

    [Fact]
    public void FooDb_IsStudied()
    {
        TinyModel.Write(In("model"));
        using FooDbFolder foodb = new();
        foodb.Write("Compound.csv", FooDbFolder.CompoundHeader + "\n" + string.Concat(Molecules().Select(static (molecule, i) =>
            $"{i + 1},FDB{i},Molecule {i},,low,,,{molecule.Smiles},,,,,Organic compounds,{(molecule.Labels.Contains("acid") ? "acids" : "others")},,\n")));
        Finished finished = CommandRun.Of(
            "study", "--model", In("model"), "--foodb", foodb.Root, "--label", "superclass", "--output", In("study"), "--seeds", "1", "--epochs", "1",
            "--min-count", "2", "--threads", "1");
        Assert.True(finished.ExitCode == 0, finished.Error);
        Assert.Contains("<svg", File.ReadAllText(In("study", "report.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(In("study", "splits.svg")));
    }

    [Theory]
    [InlineData("one of --foodb and --data is needed, not both")]
    [InlineData("--foodb needs --label", "--foodb", "x")]
    [InlineData("--data needs --target", "--data", "x")]
    [InlineData("one of --foodb and --data is needed, not both", "--data", "x", "--foodb", "y", "--label", "flavor")]
    [InlineData("--label 'taste': expected superclass, kingdom", "--foodb", "x", "--label", "taste")]
    [InlineData("--target does not go with --foodb", "--foodb", "x", "--label", "flavor", "--target", "t")]
    [InlineData("--top '1': expected a whole number of 2 or more", "--data", "x", "--target", "t", "--top", "1")]
    public void WrongUsage_IsSaid(string message, params string[] arguments)
    {
        Finished finished = CommandRun.Of(["study", "--model", "m", "--output", "o", .. arguments]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(message, finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void BadInput_IsOneSentence()
    {
        using FooDbFolder foodb = new();
        TinyModel.Write(In("model"));
        string[] start = ["study", "--model", In("model"), "--output", In("study"), "--foodb", foodb.Root, "--label"];
        AssertFails("has 2 molecules", [.. start, "superclass"]);
        AssertFails("superclass labels have no levels", [.. start, "superclass", "--level", "3"]);
        WriteTable();
        AssertFails("nowhere: no config.json", "study", "--model", "nowhere", "--output", In("study"), "--data", In("table.csv"), "--target", "labels", "--separator", ";", "--min-count", "2");
        foodb.Delete("CompoundsFlavor.csv");
        AssertFails("lacks the table CompoundsFlavor.csv, which flavor labels need", [.. start, "flavor"]);
        Assert.False(Directory.Exists(In("study")));

        static void AssertFails(string message, params string[] arguments)
        {
            Finished finished = CommandRun.Of(arguments);
            Assert.Equal(1, finished.ExitCode);
            string last = finished.Error.TrimEnd('\n').Split('\n')[^1];
            Assert.StartsWith("error: ", last, StringComparison.Ordinal);
            Assert.Contains(message, last, StringComparison.Ordinal);
        }
    }

    private string[] Command(string output) =>
    [
        "study", "--model", In("model"), "--data", In("table.csv"), "--target", "labels", "--separator", ";", "--output", output, "--seeds", "2",
        "--epochs", "1", "--min-count", "2", "--threads", "1", "--json",
    ];

    private void WriteTable() => File.WriteAllText(
        In("table.csv"), "smiles,labels\n" + string.Concat(Molecules().Select(static m => $"{m.Smiles},{string.Join(';', m.Labels)}\n")));

    /// <summary>60 molecules of one to three labels each, which their atoms tell.</summary>
    private static IEnumerable<(string Smiles, string[] Labels)> Molecules()
    {
        (string Tail, string[] Labels)[] tails =
        [
            ("O", ["alcohol", "polar"]), ("N", ["amine", "polar"]), ("Cl", ["chloride"]), ("C(=O)O", ["acid", "alcohol", "polar"]), ("C(Cl)N", ["amine", "chloride"]),
        ];
        return from length in Enumerable.Range(2, 12) from tail in tails select (new string('C', length) + tail.Tail, tail.Labels);
    }
}
