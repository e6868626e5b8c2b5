using System.IO.Compression;
using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>A folder of hand-made files that lives as long as one test.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "smilesbert-data-" + Guid.NewGuid().ToString("N"));

    public string At(string name) => Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public string WriteBytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <summary>A table with columns smiles and y, with a separate molecule a row: chains of carbon and oxygen.</summary>
    public Dataset Labelled(params string[] labels)
    {
        string text = "smiles,y\n" + string.Concat(labels.Select((label, i) => $"{Chain(i)},{label}\n"));
        return Dataset.Load(Write("labelled.csv", text), new ReadOptions(), new TargetOptions { Columns = ["y"] });
    }

    public static string Chain(int number) => "C" + new string([.. Convert.ToString(number, 2).Select(bit => bit == '1' ? 'O' : 'C')]) + "N";

    public static byte[] Gzip(byte[] bytes)
    {
        MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
