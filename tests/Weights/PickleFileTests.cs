using System.IO.Compression;
using System.Runtime.InteropServices;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>State dicts that PyTorch wrote (tools/weights_golden.py), in both forms, against the same tensors as safetensors.</summary>
public sealed class PickleFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mixed.zip.bin", "pytorch pickle (zip)")]
    [InlineData("mixed.deflated.bin", "pytorch pickle (zip)")]
    [InlineData("mixed.stream.bin", "pytorch pickle (plain stream)")]
    public void EveryTensor_IsThatOfPyTorch(string name, string kind)
    {
        using PickleFile pickle = PickleFile.Open(Files.Golden("Weights", name));
        using SafetensorsFile expected = SafetensorsFile.Open(Files.Golden("Weights", "mixed.safetensors"));
        Assert.Equal(kind, pickle.Kind);
        Assert.Empty(pickle.Metadata);
        Assert.Equal(22, expected.Tensors.Count);
        SameTensors(expected, pickle);
    }

    [Theory]
    [InlineData("int64", "I64")]
    [InlineData("bool", "BOOL")]
    [InlineData("complex64", "C64")]
    public void Read_RefusesWhatIsNoFloat(string tensor, string type)
    {
        using PickleFile pickle = PickleFile.Open(Files.Golden("Weights", "mixed.zip.bin"));
        string message = Assert.Throws<InputException>(() => pickle.Read(tensor, new float[pickle.Tensors[tensor].Elements])).Message;
        Assert.Contains($"'{tensor}' holds {type},", message);
    }

    [Fact]
    public void RealWeights_AreTheSameInBothForms()
    {
        using PickleFile pickle = PickleFile.Open(Files.Shared("weights", "rxnmapper-albert", "pytorch_model.bin"));
        using SafetensorsFile safetensors = SafetensorsFile.Open(Files.Shared("weights", "rxnmapper-albert", "model.safetensors"));
        Assert.Equal("pytorch pickle (plain stream)", pickle.Kind);
        Assert.Equal(32, pickle.Tensors.Count);
        Assert.Equal(877_598, pickle.Tensors.Values.Sum(tensor => tensor.Elements));
        SameTensors(safetensors, pickle);
    }

    [Fact]
    public void BigEndian_IsRefused()
    {
        Contains(Refusal(Rezip(("byteorder", "big"u8.ToArray()))), "big-endian");
        using PickleFile little = PickleFile.Open(Rezip(("byteorder", "little"u8.ToArray())));
        Assert.Equal(22, little.Tensors.Count);

        byte[] stream = File.ReadAllBytes(Files.Golden("Weights", "mixed.stream.bin"));
        int flag = stream.AsSpan().IndexOf("little_endian"u8) + "little_endian".Length + 2;
        Assert.Equal((byte)PickleOp.NEWTRUE, stream[flag]);
        stream[flag] = (byte)PickleOp.NEWFALSE;
        Contains(Refusal(_folder.Write("m", stream)), "big-endian");
    }

    [Fact]
    public void AZip_ThatIsNoCheckpoint_IsRefused()
    {
        Contains(Refusal(_folder.Write("m", "not a checkpoint"u8)), "neither form");
        Contains(Refusal(_folder.Write("m", [])), "neither form");
        Contains(Refusal(Zip(("a.txt", []))), "0 data.pkl");
        Contains(Refusal(Zip(("a/data.pkl", []), ("b/data.pkl", []))), "2 data.pkl");
        Contains(Refusal(Zip(("a/data.pkl", []), ("a/data.pkl", []))), "'a/data.pkl' twice");
        Contains(Refusal(Zip(("a/data.pkl", []))), "ends in the middle");
        Contains(Refusal(Rezip(("data/0", null))), "lacks the storage '0'");
        Contains(Refusal(Rezip(("data/0", new byte[4]))), "has 4 bytes in the zip, where 60 were expected");
    }

    [Fact]
    public void AZip_ThatClaimsTheImpossible_IsRefusedBeforeItIsUnpacked()
    {
        Contains(Refusal(Claiming(1 << 30, Zip(("a/data.pkl", new byte[1000])))), "claims 1073741824 bytes, where at most 67108864");
        Contains(Refusal(Claiming(1 << 20, Zip(("a/data.pkl", new byte[1000])))), "'a/data.pkl' claims 1048576 bytes, more than its");

        byte[] pickle = new PickleBytes().EmptyDict().Text("w").Tensor("0", 1_000_000, [1_000_000], [1]).Op(PickleOp.SETITEM).Stop();
        Contains(Refusal(Claiming(4_000_000, Zip(("a/data.pkl", pickle), ("a/data/0", new byte[1000])))), "storage '0' claims 4000000 bytes, more than its");
        // As tightly packed as deflate can, and true.
        Assert.Equal(new float[1_000_000], Values(Zip(("a/data.pkl", pickle), ("a/data/0", new byte[4_000_000])), "w"));
    }

    [Fact]
    public void AView_FarIntoItsStorage_IsRead_InBothForms()
    {
        // Over two of the stretches that a zip's entry is passed over in.
        float[] stored = [.. Enumerable.Range(0, 50_000).Select(static i => i + 0.5f)];
        byte[] bytes = MemoryMarshal.AsBytes<float>(stored).ToArray();
        byte[] pickle = new PickleBytes().EmptyDict().Text("w").Tensor("0", stored.Length, [2, 3], [10, 2], offset: 40_001).Op(PickleOp.SETITEM).Stop();
        byte[] keys = new PickleBytes().Op(PickleOp.EMPTY_LIST).Text("0").Op(PickleOp.APPEND).Stop();
        float[] expected = [40_001.5f, 40_003.5f, 40_005.5f, 40_011.5f, 40_013.5f, 40_015.5f];
        Assert.Equal(expected, Values(Zip(("a/data.pkl", pickle), ("a/data/0", bytes)), "w"));
        byte[] stream = [.. PickleBytes.Preamble, .. pickle, .. keys, .. BitConverter.GetBytes((long)stored.Length), .. bytes];
        Assert.Equal(expected, Values(_folder.Write("m", stream), "w"));
    }

    [Fact]
    public void AView_SpreadOverMoreThanMemoryHolds_IsRefused()
    {
        const long Elements = 1L << 30;
        byte[] pickle = new PickleBytes().EmptyDict().Text("w").Tensor("0", Elements, [2], [Elements - 1]).Op(PickleOp.SETITEM).Stop();
        byte[] keys = new PickleBytes().Op(PickleOp.EMPTY_LIST).Text("0").Op(PickleOp.APPEND).Stop();
        string path = _folder.Write("m", [.. PickleBytes.Preamble, .. pickle, .. keys, .. BitConverter.GetBytes(Elements)]);
        try
        {
            using FileStream sparse = new(path, FileMode.Open);
            sparse.SetLength(sparse.Length + 4 * Elements);
        }
        catch (IOException e)
        {
            Assert.Skip($"no room for a sparse file of 4 GB: {e.Message}");
        }
        using PickleFile file = PickleFile.Open(path);
        Contains(Assert.Throws<InputException>(() => file.Read("w", new float[2])).Message, $"tensor 'w' is spread over {Elements} elements");
    }

    [Fact]
    public void AStream_WithWrongStorages_IsRefused()
    {
        byte[] good = File.ReadAllBytes(Files.Golden("Weights", "mixed.stream.bin"));
        Contains(Refusal(_folder.Write("m", [.. good, 0])), "1 bytes after its last storage");
        Contains(Refusal(_folder.Write("m", good.AsSpan(0, good.Length - 1))), "ends within its storage");
        Contains(Refusal(_folder.Write("m", [.. PickleBytes.Magic, .. new PickleBytes().Integer(1002).Stop()])), "protocol");
        Contains(Refusal(_folder.Write("m", new PickleBytes().Integer(1).Stop())), "not one that torch.save wrote");

        byte[] dict = new PickleBytes().EmptyDict().Mark().Text("w").Tensor("1", 2, [2], [1]).Op(PickleOp.SETITEMS).Stop();
        byte[] keys = new PickleBytes().Op(PickleOp.EMPTY_LIST).Text("1").Op(PickleOp.APPEND).Stop();
        byte[] none = new PickleBytes().Op(PickleOp.EMPTY_LIST).Stop();
        byte[] twice = new PickleBytes().Op(PickleOp.EMPTY_LIST).Mark().Text("1").Text("1").Op(PickleOp.APPENDS).Stop();
        byte[] values = [.. BitConverter.GetBytes(2L), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)];
        Assert.Equal([1f, 2f], Values(_folder.Write("m", [.. PickleBytes.Preamble, .. dict, .. keys, .. values]), "w"));
        Contains(Refusal(_folder.Write("m", [.. PickleBytes.Preamble, .. dict, .. none])), "lacks the storage '1'");
        Contains(Refusal(_folder.Write("m", [.. PickleBytes.Preamble, .. dict, .. twice, .. values, .. values])), "lists a storage twice");
        byte[] three = BitConverter.GetBytes(3L);
        Contains(Refusal(_folder.Write("m", [.. PickleBytes.Preamble, .. dict, .. keys, .. three, .. values])), "stores 3 elements");
        Contains(Refusal(_folder.Write("m", [.. PickleBytes.Preamble, .. dict, .. keys, 1, 2])), "ends before its storage");
        Contains(Refusal(_folder.Write("m", [.. PickleBytes.Preamble, .. dict, .. dict])), "no list of its storages");
    }

    internal static void SameTensors(TensorFile expected, TensorFile actual)
    {
        Assert.Equal(expected.Tensors.OrderBy(pair => pair.Key), actual.Tensors.OrderBy(pair => pair.Key));
        foreach (TensorInfo tensor in expected.Tensors.Values.Where(tensor => tensor.Type is DType.F32 or DType.F16 or DType.BF16 or DType.F64))
        {
            float[] a = new float[tensor.Elements], b = new float[tensor.Elements];
            expected.Read(tensor.Name, a);
            actual.Read(tensor.Name, b);
            Assert.True(MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b)), $"{tensor.Name} differs");
        }
    }

    private static string Refusal(string path) => Assert.Throws<InputException>(() => PickleFile.Open(path)).Message;

    private static float[] Values(string path, string tensor)
    {
        using PickleFile pickle = PickleFile.Open(path);
        float[] values = new float[pickle.Tensors[tensor].Elements];
        pickle.Read(tensor, values);
        return values;
    }

    private static void Contains(string message, string part) => Assert.Contains(part, message);

    private string Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using (ZipArchive zip = new(File.Create(_folder["m"]), ZipArchiveMode.Create))
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                entry.Write(bytes);
            }
        return _folder["m"];
    }

    /// <summary>A zip whose entry of 1000 bytes claims another size, in both places where it stands.</summary>
    private string Claiming(int size, string path)
    {
        byte[] zip = File.ReadAllBytes(path), stands = BitConverter.GetBytes(1000);
        for (int i = zip.AsSpan().LastIndexOf(stands); i >= 0; i = zip.AsSpan(0, i).LastIndexOf(stands)) BitConverter.GetBytes(size).CopyTo(zip, i);
        return _folder.Write("m", zip);
    }

    /// <summary>The golden zip with one entry set, or left out where it is null.</summary>
    private string Rezip((string Name, byte[]? Bytes) change)
    {
        Dictionary<string, byte[]> entries = [];
        using (ZipArchive golden = ZipFile.OpenRead(Files.Golden("Weights", "mixed.zip.bin")))
            foreach (ZipArchiveEntry entry in golden.Entries)
            {
                using MemoryStream bytes = new();
                using Stream stream = entry.Open();
                stream.CopyTo(bytes);
                entries.Add(entry.FullName, bytes.ToArray());
            }
        string pickle = entries.Keys.First(name => name.EndsWith("data.pkl", StringComparison.Ordinal));
        string full = pickle[..^"data.pkl".Length] + change.Name;
        entries.Remove(full);
        if (change.Bytes is not null) entries.Add(full, change.Bytes);
        return Zip([.. entries.Select(pair => (pair.Key, pair.Value))]);
    }
}
