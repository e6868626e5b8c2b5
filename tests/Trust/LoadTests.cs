using System.Globalization;

using SmilesBert.Tests.Cli;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Trust;

/// <summary>More data than memory: what streams needs no more of it, and a checkpoint is opened without being read.</summary>
public sealed class LoadTests : IDisposable
{
    // What the program may take for its objects, and a stream of rows several times as large.
    private const long Heap = 48L << 20;
    private const int Rows = 20_000, NameLength = 6000;

    private readonly TinyRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Theory]
    [InlineData("predict")]
    [InlineData("embed")]
    public void AStreamLargerThanMemory_GoesThrough(string verb)
    {
        Finished run = Feed(Heap, runs.Command(verb, runs.At("out"))).Succeeded();
        Assert.Contains($"{Rows:N0} molecules in ", run.Error, StringComparison.Ordinal);
        Assert.Contains(" molecules/s: ", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(runs.At("out")));
    }

    // The limit is one: a command that has to keep the rows' texts does not get through.
    [Fact]
    public void WhatMustBeKept_DoesNotFit()
    {
        Finished run = Feed(Heap, TinyRuns.With(runs.Command("finetune", runs.At("out")), "--target", "name"));
        run.FailedSaying("the machine has too little memory for this");
        Assert.False(Path.Exists(runs.At("out")));
    }

    [Fact]
    public void FiveGigabytesOfZeros_AreOpened_NotRead()
    {
        const long Gigabyte = 1L << 30;
        const int Shards = 5, Width = 16_384;
        string folder = runs.At("large");
        Directory.CreateDirectory(folder);
        DriveInfo disk = new(folder);
        long before = disk.AvailableFreeSpace;
        string index = Path.Combine(folder, "model.safetensors.index.json");
        File.WriteAllText(index, $$"""{"weight_map": { {{string.Join(", ", Enumerable.Range(0, Shards).Select(static i => $"\"layer.{i}\": \"{Shard(i)}\""))}} } }""");
        for (int i = 0; i < Shards; i++)
        {
            // 2^14 x 2^14 floats are one gigabyte.
            byte[] header = System.Text.Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $$"""{"layer.{{i}}": {"dtype": "F32", "shape": [{{Width}},{{Width}}], "data_offsets": [0,{{Gigabyte}}]} }"""));
            using FileStream file = File.Create(Path.Combine(folder, Shard(i)));
            file.Write(BitConverter.GetBytes((long)header.Length));
            file.Write(header);
            file.SetLength(8 + header.Length + Gigabyte);
        }
        Assert.SkipWhen(before - disk.AvailableFreeSpace > Gigabyte, "needs a file system that keeps no zeros");

        using (CommandRun run = CommandRun.Start("inspect", index))
        {
            long peak = 0;
            while (!run.HasExited)
            {
                peak = Math.Max(peak, run.PeakMemory());
                Thread.Sleep(1);
            }
            Finished inspected = run.End().Succeeded();
            Assert.Contains("F32 (16384,16384)", inspected.Output, StringComparison.Ordinal);
            Assert.Contains((Shards * (long)Width * Width).ToString(CultureInfo.InvariantCulture), inspected.Output, StringComparison.Ordinal);
            Assert.True(peak < Gigabyte / 4, $"{peak} bytes were held");
        }

        // The last bytes of one tensor of many, as the map pages them in.
        using TensorFile weights = Checkpoint.Open(folder);
        Assert.Equal("safetensors in 5 shards", weights.Kind);
        Assert.Equal(Shards, weights.Tensors.Count);

        static string Shard(int i) => string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00000}-of-{Shards:00000}.safetensors");
    }

    private static Finished Feed(long heap, string[] command)
    {
        using CommandRun run = CommandRun.StartWithin(heap, TinyRuns.With(command, "--data", "-"));
        try
        {
            string name = new('x', NameLength);
            run.Input.Write("name,smiles\n");
            for (int i = 0; i < Rows; i++) run.Input.Write($"{name}{i},{SmallTable.Smiles(i % SmallTable.Rows)}\n");
            run.Input.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it; its answer is what counts.
        }
        return run.End();
    }
}
