using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SmilesBert.Analysis;
using SmilesBert.Data;
using SmilesBert.Molecules;
using SmilesBert.Tests.Weights;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Hostile;

/// <summary>What we write reads back as it was, whatever it was; FsCheck makes it up, from a fixed seed, and shrinks what fails.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 7).WithMaxTest(300);

    // Any character that a text file may hold: no surrogates, which only pairs make a text of.
    private static readonly Gen<string> Texts =
        Gen.Elements("aZ09 ,;|\t\"'\r\n\\\u00e9\u4e2d=@-".ToCharArray()).ArrayOf().Select(static characters => new string(characters));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Csv()
    {
        Gen<string[]> row = Texts.Three().Select(static fields => new[] { fields.Item1, fields.Item2, fields.Item3 });
        Prop.ForAll(row.ListOf().ToArbitrary(), rows =>
        {
            string[][] lines = [.. rows.Select(static fields => (string[])["CCO", .. fields])];
            if (lines.Length == 0) return;
            string path = _folder["table.csv"];
            CsvFile.Write(path, [["smiles", "a", "b", "c"], .. lines]);
            using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions());
            Assert.Equal(lines, reader.Rows().Select(static read => read.Fields.ToArray()));
        }).Check(Fixed);
    }

    [Fact]
    public void Safetensors()
    {
        Gen<int[]> shape = Gen.Choose(0, 4).ArrayOf().Where(static sizes => sizes.Length < 5);
        Gen<Dictionary<string, int[]>> tensors = Gen.Zip(Texts, shape).ArrayOf()
            .Select(static pairs => pairs.DistinctBy(static pair => pair.Item1).ToDictionary(static pair => pair.Item1, static pair => pair.Item2));
        Prop.ForAll(tensors.ToArbitrary(), written =>
        {
            (string Name, int[] Shape)[] list = [.. written.Select(static tensor => (tensor.Key, tensor.Value))];
            string path = _folder["model.safetensors"];
            SafetensorsWriter.Write(path, list, static (index, values) => Fill(index, values), new Dictionary<string, string> { ["text"] = string.Concat(written.Keys) });
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.Equal(list.Length, file.Tensors.Count);
            Assert.Equal(string.Concat(written.Keys), file.Metadata["text"]);
            for (int i = 0; i < list.Length; i++)
            {
                TensorInfo info = file.Tensors[list[i].Name];
                Assert.Equal(list[i].Shape.Select(static size => (long)size), info.Shape);
                float[] expected = new float[info.Elements], read = new float[info.Elements];
                Fill(i, expected);
                file.Read(info.Name, read);
                Assert.Equal(expected, read);
            }
        }).Check(Fixed);

        static void Fill(int index, Span<float> values)
        {
            for (int i = 0; i < values.Length; i++) values[i] = (index * 1000) + i;
        }
    }

    [Fact]
    public void Npy()
    {
        Gen<float[]> row = Gen.Elements(0f, -0f, 1.5f, float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity).ArrayOf(3);
        Prop.ForAll(row.ArrayOf().ToArbitrary(), rows =>
        {
            string path = _folder["matrix.npy"];
            AtomicFile.Write(path, stream =>
            {
                NpyWriter writer = new(stream, columns: 3);
                foreach (float[] values in rows) writer.Append(values);
                writer.Complete();
            });
            NpyFile file = NpyFile.Read(path);
            Assert.Equal((rows.Length, 3), (file.Rows, file.Columns));
            Assert.Equal(rows.SelectMany(static values => values), file.Values);
        }).Check(Fixed);
    }

    [Fact]
    public void Smiles()
    {
        Prop.ForAll(Branches(depth: 4).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), static (smiles, seed) =>
        {
            Molecule molecule = SmilesReader.Read(smiles);
            string identity = MoleculeIdentity.Of(molecule);
            int[] ranks = [.. Enumerable.Range(0, molecule.Atoms.Length)];
            new Random(seed).Shuffle(ranks);
            string rewritten = SmilesWriter.Write(molecule, ranks);
            Molecule again = SmilesReader.Read(rewritten);
            Assert.Equal(identity, MoleculeIdentity.Of(again));
            Assert.Equal(MoleculeIdentity.Of(Scaffold.Of(molecule)), MoleculeIdentity.Of(Scaffold.Of(again)));
        }).Check(Fixed);
    }

    // Atoms with branches, rings, pieces and marks, every text a molecule.
    private static Gen<string> Branches(int depth)
    {
        Gen<string> atom = Gen.Elements("C", "N", "O", "[C@H]", "[13CH2]", "[O-]", "S", "c1ccccc1", "C1CC1", "[C@@](F)", "Cl", "n1cccc1", "C%12CCC%12", "[2H]", "[Fe+2]");
        if (depth == 0) return atom;
        Gen<string> bond = Gen.Elements("", "", "", "=", "#", "/", "\\", "-", "~", "->");
        return
            from first in atom
            from branches in Gen.Zip(bond, Branches(depth - 1)).ListOf(2)
            from last in Gen.Zip(bond, Branches(depth - 1))
            select Join(first, branches, last);

        static string Join(string first, IEnumerable<(string Bond, string Text)> branches, (string Bond, string Text) last)
        {
            StringBuilder text = new(first);
            foreach ((string order, string branch) in branches) text.Append(text.Length % 3 == 0 ? "" : $"({order}{branch})");
            return text.Append(last.Bond).Append(last.Text).Append(text.Length % 7 == 0 ? ".O" : "").ToString();
        }
    }
}
