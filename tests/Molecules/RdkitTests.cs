using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SmilesBert.Data;
using SmilesBert.Molecules;

namespace SmilesBert.Tests.Molecules;

/// <summary>Ten thousand real molecules, read and written here and judged by RDKit, where both are to be had.</summary>
public sealed class RdkitTests(ITestOutputHelper output)
{
    private const int Molecules = 10_000;
    private const string Python = "/usr/bin/python3";

    private static IEnumerable<string> RealSmiles()
    {
        (string[] Parts, int Most)[] files =
        [
            (["foodb", "Compound.csv"], int.MaxValue),
            (["flavordb", "flavordb_molecules.csv"], int.MaxValue),
            (["molecules", "delaney-processed.csv"], int.MaxValue),
            (["molecules", "pubchem_1k_smiles.txt"], int.MaxValue),
            (["molecules", "tox21.csv.gz"], 1500),
            (["molecules", "HIV.csv"], int.MaxValue),
        ];
        foreach ((string[] parts, int most) in files)
        {
            using MoleculeReader reader = MoleculeReader.Open(Files.Shared(["data", .. parts]), new ReadOptions());
            foreach (MoleculeRow row in reader.Rows().Take(most)) yield return row.Smiles;
        }
    }

    [Fact]
    public void RealMolecules_AreWhatRdkitReads()
    {
        string script = Path.Combine(Repository(), "tools", "rdkit_roundtrip.py");
        string[] smiles = [.. RealSmiles().Take(Molecules)];
        StringBuilder table = new();
        Random draw = new(20250607);
        foreach (string text in smiles)
        {
            Molecule molecule = SmilesReader.Read(text);
            string hydrogens = string.Join(' ', molecule.Atoms.ToArray().Select(atom => atom.Hydrogens));
            table.AppendJoin('\t', text, hydrogens, SmilesWriter.Write(molecule), Writings.Drawn(molecule, draw), Writings.Drawn(molecule, draw),
                Writings.Drawn(molecule, draw, stereo: false), MoleculeIdentity.Of(molecule), SmilesWriter.Write(Scaffold.Of(molecule))).Append('\n');
        }
        JsonElement report = Judge(script, table.ToString());
        output.WriteLine(report.ToString());
        Assert.Equal(Molecules, report.GetProperty("molecules").GetInt32());
        foreach (string unexplained in new[] { "stereo", "plain", "hydrogens", "scaffolds" })
            Assert.Equal("[]", report.GetProperty("unexplained").GetProperty(unexplained).ToString());
    }

    private static JsonElement Judge(string script, string table)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, table);
            Assert.SkipUnless(File.Exists(Python) && Run("-c", "import rdkit").Code == 0, $"needs {Python} with RDKit");
            (int code, string said) = Run(script, path);
            Assert.True(code == 0, said);
            return JsonDocument.Parse(said).RootElement;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (int Code, string Said) Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Python, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SmilesBert.sln"))) folder = folder.Parent;
        Assert.SkipUnless(folder is not null, "needs the repository around the built tests");
        return folder!.FullName;
    }
}
