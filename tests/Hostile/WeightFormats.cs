using System.Numerics;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Hostile;

/// <summary>Checkpoints: what may be read of a spoiled one, and that a pickle never becomes anything but plain data.</summary>
internal static class WeightFormats
{
    private const int MostElements = 1_000_000;

    public static HostileFormat Safetensors() => new(
        "safetensors", "model.safetensors",
        [Golden("mixed.safetensors"), Golden("sharded-safetensors", "model-00001-of-00002.safetensors")],
        [
            .. ByteMutations.Any, SafetensorsMutations.WrongLength, SafetensorsMutations.Header(JsonTree.Mutate), SafetensorsMutations.Header(JsonTree.Mutate),
            .. ByteMutations.AnyText.Select(SafetensorsMutations.Header),
        ],
        static path =>
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            ReadAll(file);
            Assert.True(file.Tensors.Values.All(tensor => tensor.Elements <= 2 * new FileInfo(path).Length), "more elements than the file can hold");
        });

    /// <summary>The index of a sharded checkpoint whose folder has a link out of it, to a file that stands in the folder above.</summary>
    public static HostileFormat Index(string folder)
    {
        foreach (string shard in Directory.EnumerateFiles(Files.Golden("Weights", "sharded-safetensors"), "*.safetensors"))
            File.Copy(shard, Path.Combine(folder, Path.GetFileName(shard)));
        string outside = Path.Combine(Path.GetDirectoryName(folder)!, "outside.safetensors");
        SafetensorsWriter.Write(outside, [("outside", [1])], static (_, values) => values.Clear(), null);
        File.CreateSymbolicLink(Path.Combine(folder, "link.safetensors"), outside);
        return new(
            "index.json", "model.safetensors.index.json", [Golden("sharded-safetensors", "model.safetensors.index.json")],
            [.. ByteMutations.AnyText, JsonTree.Mutate, JsonTree.Mutate, JsonTree.Mutate, JsonTree.Mutate, JsonTree.Mutate, JsonTree.Mutate],
            static path =>
            {
                using TensorFile file = ShardedFile.Open(path, "safetensors", SafetensorsFile.Open);
                ReadAll(file);
                Assert.DoesNotContain("outside", file.Tensors.Keys);
            })
        { Named = folder };
    }

    public static HostileFormat PickleZip() => new(
        "pickle in a zip", "pytorch_model.bin", [Golden("mixed.zip.bin"), Golden("mixed.deflated.bin")],
        [
            .. ByteMutations.Any, .. Enumerable.Repeat(PickleMutations.InZip(PickleMutations.Opcodes), 12),
            .. ByteMutations.Any.Select(PickleMutations.InZip),
        ],
        ReadPickle)
    {
        FreeMemory = 96 << 20,                                    // a pickle may take 64 MiB once it is inflated
        MemoryPerByte = 10_000,
    };

    public static HostileFormat PickleStream() => new(
        "pickle in a stream", "pytorch_model.bin", [Golden("mixed.stream.bin")],
        [.. ByteMutations.Any, .. Enumerable.Repeat<Mutation>(PickleMutations.Opcodes, 12)], ReadPickle);

    private static byte[] Golden(params string[] parts) => File.ReadAllBytes(Files.Golden(["Weights", .. parts]));

    private static void ReadPickle(string path)
    {
        // Everything that the pickle made, before anybody looks whether it is a state dict.
        using (MappedFile bytes = MappedFile.Open(path))
        using (PickleArchive archive = PickleArchive.Open(bytes))
            CheckPlain(archive.Root);
        using PickleFile file = PickleFile.Open(path);
        ReadAll(file);
        Assert.False(File.Exists("pwned"), "a pickle ran a command");
    }

    private static void ReadAll(TensorFile file)
    {
        foreach (TensorInfo tensor in file.Tensors.Values)
            if (tensor.Type is DType.F32 or DType.F16 or DType.BF16 or DType.F64 && tensor.Elements < MostElements)
                file.Read(tensor.Name, new float[tensor.Elements]);
    }

    // Breadth first over what hangs together, each object once.
    private static void CheckPlain(object? root)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Queue<object?> waiting = new([root]);
        while (waiting.TryDequeue(out object? value))
        {
            if (value is null || !seen.Add(value)) continue;
            switch (value)
            {
                case bool or long or BigInteger or string: break;
                case object?[] tuple: Array.ForEach(tuple, waiting.Enqueue); break;
                case List<object?> list: list.ForEach(waiting.Enqueue); break;
                case Dictionary<string, object?> dictionary:
                    foreach (object? item in dictionary.Values) waiting.Enqueue(item);
                    break;
                case PickleTensor or PickleStorage: break;
                case PickleGlobal { Module: "collections" or "torch" or "torch._utils" }: break;
                default: throw new InvalidOperationException($"a pickle made a {value.GetType()}");
            }
        }
    }
}
