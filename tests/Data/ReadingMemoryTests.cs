using System.IO.Compression;
using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>Measures what the whole process holds, so nothing may run beside it.</summary>
[Collection(nameof(ReadingMemoryTests))]
[CollectionDefinition(nameof(ReadingMemoryTests), DisableParallelization = true)]
public sealed class ReadingMemoryTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AMillionRows_StreamInConstantMemory()
    {
        // Expands a thousandfold: what would need 60 MB as text must not be held.
        string path = folder.At("million.csv.gz");
        using (StreamWriter writer = new(new GZipStream(File.Create(path), CompressionLevel.Fastest)))
        {
            writer.Write("id,smiles,note\n");
            for (int i = 0; i < 1_000_000; i++) writer.Write("17,CC(=O)Oc1ccccc1C(=O)O,\"some text, with a comma\"\n");
        }
        using MoleculeReader reader = MoleculeReader.Open(path, new ReadOptions());
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0, count = 0;
        foreach (MoleculeRow _ in reader.Rows())
            if (++count % 250_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        Assert.Equal(1_000_000, count);
        Assert.True(most < 1 << 20, $"{most} bytes were held");
    }
}
