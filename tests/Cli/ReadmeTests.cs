using System.IO.Compression;
using System.Text.RegularExpressions;
using SmilesBert.Tests.Study;

namespace SmilesBert.Tests.Cli;

/// <summary>The commands of README.md do what it says: each is run as it stands there, in a folder that holds what ships and the files it names.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    // What a command line of the README begins with; the program itself is run without a build.
    private const string Prefix = "    dotnet run -c Release --project src/SmilesBert.Cli -- ";

    // A checkpoint's worth of training on a machine that does other things too.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private readonly string folder = Directory.CreateTempSubdirectory("smilesbert-readme-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Commands_DoWhatIsSaid()
    {
        string[] readme = File.ReadAllLines(Files.Repository("README.md"));
        string[] commands =
        [
            .. readme.Where(static line => line.StartsWith(Prefix, StringComparison.Ordinal)).Select(static line => line[Prefix.Length..]),
            .. readme.Select(static line => TableCell().Match(line)).Where(static match => match.Success).Select(static match => match.Groups[1].Value),
        ];
        Prepare();
        foreach (string command in commands)
        {
            string[] arguments = [.. Word().Matches(command).Select(static match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];
            if (arguments[0] is "download" or "bench") continue;               // need a network, and a minute; both have tests of their own
            string output = arguments.SkipWhile(static argument => argument != "--output").ElementAtOrDefault(1) ?? "";
            CommandRun.In(folder, Limit, arguments).Succeeded();
            Assert.True(output.Length == 0 || Path.Exists(At(output)), $"{command}: there is no {output}");
        }
        Assert.True(File.Exists(At("runs", "demo", "report.html")), "the first command is not the demo");
        Assert.Superset(
            new HashSet<string> { "demo", "finetune", "study", "pretrain", "predict", "embed", "pca", "evaluate", "inspect", "devices", "kernels" },
            commands.Select(static command => command.Split(' ')[0]).ToHashSet());
    }

    /// <summary>What ships, and small files under the names that the README gives to its readers' own.</summary>
    private void Prepare()
    {
        Copy("weights", "smilesbert-small");
        Copy("examples");
        TinyModel.Write(At("MODEL"));
        string[] smiles = [.. Enumerable.Range(0, SmallTable.Rows).Select(SmallTable.Smiles)];
        const string Solubility = "measured log solubility in mols per litre";
        string table = $"smiles,{Solubility},COLUMN\n" + string.Concat(smiles.Select(static (molecule, i) => $"{molecule},{-0.1 * i:0.0#},{(i % 2 == 0 ? "even" : "odd")}\n"));
        foreach (string name in (string[])["esol.csv", "new.csv", "molecules.csv"]) File.WriteAllText(At(name), table);
        File.WriteAllLines(At("new.smi"), smiles);
        File.WriteAllLines(At("molecules.smi"), smiles);
        using (StreamWriter more = new(new GZipStream(File.Create(At("more.smi.gz")), CompressionLevel.Fastest)))
            foreach (string molecule in smiles) more.WriteLine(molecule + "C");
        using FooDbFolder foodb = new();
        foodb.Write("Compound.csv", FooDbFolder.CompoundHeader + "\n" + string.Concat(smiles.Select(static (molecule, i) =>
            $"{i + 1},FDB{i},Molecule {i},,low,,,{molecule},,,,,Organic compounds,{(i % 2 == 0 ? "Benzenoids" : "Hydrocarbons")},,\n")));
        File.Copy(foodb.Archive(), At("foodb_2020_04_07_csv.tar.gz"));
    }

    private void Copy(params string[] parts)
    {
        DirectoryInfo from = new(Files.Repository(parts));
        Directory.CreateDirectory(At(parts));
        foreach (FileInfo file in from.EnumerateFiles()) file.CopyTo(At([.. parts, file.Name]));
    }

    private string At(params string[] parts) => Path.Combine([folder, .. parts]);

    [GeneratedRegex(@"^\| `([a-z][^`]*)` \|")]
    private static partial Regex TableCell();

    [GeneratedRegex("\"([^\"]*)\"|[^\\s\"]+")]
    private static partial Regex Word();
}
