using System.Diagnostics;
using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>The demo's food compounds: as our own reader sees them, as their builder writes them, and as RDKit judges them.</summary>
public sealed class FoodCompoundsTests : IDisposable
{
    private const string Python = "/usr/bin/python3";       // where Debian's python3-rdkit is; another Python on the path may lack it
    private static readonly string[] Columns = ["name", "smiles", "superclass", "family", "flavor"];
    private readonly DataFolder folder = new();

    private static string Table => Files.Repository("examples", "food_compounds.csv");

    private static string Builder => Files.Repository("tools", "food_compounds.py");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Table_ReadsWithoutABadRow()
    {
        using MoleculeReader reader = MoleculeReader.Open(Table, new ReadOptions());
        MoleculeRow[] rows = [.. reader.Rows()];

        Assert.Equal(0, reader.BadRowCount);
        Assert.Equal(Columns, reader.Header);
        Assert.Equal(1, reader.SmilesColumn);
        Assert.True(rows.Length >= 800, $"{rows.Length} rows");
        Assert.Distinct(rows.Select(row => row.Fields[0]));
        Assert.Distinct(rows.Select(row => row.Smiles));
        Assert.All(rows, row => Assert.All(row.Fields.Take(4), field => Assert.True(field.Length > 0 && field == field.Trim(), $"line {row.Line}")));
    }

    [Fact]
    public void Superclass_TellsAtLeastTenOfEachApart()
    {
        Dataset compounds = Dataset.Load(Table, new ReadOptions(), new TargetOptions { Columns = ["superclass"] });
        Assert.Equal(TaskKind.SingleLabel, compounds.Task);
        Assert.Equal(12, compounds.Labels.Count);
        Assert.Empty(compounds.Dropped);
        Assert.All(compounds.Classes.CountBy(k => k), size => Assert.True(size.Value >= 10, $"{compounds.Labels[size.Key]}: {size.Value} rows"));
    }

    [Fact]
    public void Flavor_IsASetOfKnownLabels()
    {
        string[] known = [.. File.ReadLines(Files.Repository("tools", "food", "tables", "flavors.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        Dataset compounds = Dataset.Load(Table, new ReadOptions(), new TargetOptions { Columns = ["flavor"], Separator = ';' });
        Assert.Equal(TaskKind.MultiLabel, compounds.Task);
        Assert.Empty(compounds.Labels.Except(known));
        Assert.Empty(known.Except(compounds.Labels));
    }

    [Fact]
    public void Builder_WritesTheTableByteForByte()
    {
        RequirePython();
        string again = folder.At("again.csv");
        (int exit, string text) = Run(Builder, "--output", again);
        Assert.True(exit == 0, text);
        Assert.Equal(File.ReadAllBytes(Table), File.ReadAllBytes(again));
    }

    [Fact]
    public void Rdkit_ReadsEveryMoleculeAndFindsNoFault()
    {
        RequirePython();
        Assert.SkipUnless(Run("-c", "import rdkit").Exit == 0, "this machine's Python has no RDKit");
        (int exit, string text) = Run(Builder, "--check");
        Assert.True(exit == 0, text);
        Assert.Contains("0 faults", text);
    }

    private static void RequirePython() => Assert.SkipUnless(File.Exists(Python), $"this machine has no {Python}");

    private static (int Exit, string Text) Run(params string[] arguments)
    {
        using Process python = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = python.StandardError.ReadToEndAsync();
        string text = python.StandardOutput.ReadToEnd() + error.Result;
        python.WaitForExit();
        return (python.ExitCode, text);
    }
}
