using System.Text;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

public sealed class SafetensorsWriterTests : IDisposable
{
    private static readonly (string Name, int[] Shape)[] Tensors =
        [("b.weight", [2, 3]), ("a.weight", [3]), ("scalar", []), ("empty", [0, 4]), ("quote \" and µ", [1, 1, 2])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_PutsEveryByteWhereTheFormatSays()
    {
        Dictionary<string, string> metadata = new() { ["format"] = "pt" };
        SafetensorsWriter.Write(_folder["m"], [("b", [2]), ("a", [])], (i, values) => values.Fill(i + 1), metadata);

        string json = string.Concat(
            """{"__metadata__":{"format":"pt"},""",
            """ "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},""".TrimStart(),
            """ "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""".TrimStart());
        string padded = json.PadRight((json.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)padded.Length), .. Encoding.UTF8.GetBytes(padded),
            .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(1f)];
        Assert.Equal(expected, File.ReadAllBytes(_folder["m"]));
    }

    [Fact]
    public void Read_GivesBackWhatWasWritten()
    {
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["note"] = "ends \\ \u0001 \ud83e\uddea" };
        SafetensorsWriter.Write(_folder["m"], Tensors, Fill, metadata);
        using SafetensorsFile file = SafetensorsFile.Open(_folder["m"]);

        Assert.Equal("safetensors", file.Kind);
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(Tensors.Length, file.Tensors.Count);
        for (int i = 0; i < Tensors.Length; i++)
        {
            (string name, int[] shape) = Tensors[i];
            Assert.Equal(new TensorInfo(name, DType.F32, [.. shape.Select(size => (long)size)]), file.Tensors[name]);
            float[] values = new float[file.Tensors[name].Elements], expected = new float[values.Length];
            file.Read(name, values);
            Fill(i, expected);
            Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), values.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Fact]
    public void Write_OfALongTensor_PutsEveryStretchInItsPlace()
    {
        int[] lengths = [(1 << 20) + 3, 1 << 20];
        SafetensorsWriter.Write(_folder["m"], [("a", [lengths[0]]), ("b", [lengths[1]])], Count, null);
        using SafetensorsFile file = SafetensorsFile.Open(_folder["m"]);
        for (int index = 0; index < 2; index++)
        {
            float[] values = new float[lengths[index]], expected = new float[lengths[index]];
            file.Read(index == 0 ? "a" : "b", values);
            Count(index, expected);
            Assert.True(expected.AsSpan().SequenceEqual(values));
        }

        static void Count(int index, Span<float> values)
        {
            for (int i = 0; i < values.Length; i++) values[i] = i + (0.25f * index);
        }
    }

    [Fact]
    public void Write_GivesTheSameBytes_WhateverTheOrderOfTheList()
    {
        (string Name, int[] Shape)[] reversed = [.. Tensors.Reverse()];
        Dictionary<string, string> metadata = new() { ["x"] = "1", ["a"] = "2" };
        SafetensorsWriter.Write(_folder["1"], Tensors, Fill, metadata);
        SafetensorsWriter.Write(_folder["2"], reversed, (i, values) => Fill(Tensors.Length - 1 - i, values), metadata.Reverse().ToDictionary());
        Assert.Equal(File.ReadAllBytes(_folder["1"]), File.ReadAllBytes(_folder["2"]));
    }

    [Fact]
    public void Write_OfNothing_IsAnEmptyFileOfTheFormat()
    {
        SafetensorsWriter.Write(_folder["m"], [], Fill, null);
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], File.ReadAllBytes(_folder["m"]));
        using SafetensorsFile file = SafetensorsFile.Open(_folder["m"]);
        Assert.Empty(file.Tensors);
        SafetensorsWriter.Write(_folder["n"], [], Fill, new Dictionary<string, string>());
        Assert.Equal(File.ReadAllBytes(_folder["m"]), File.ReadAllBytes(_folder["n"]));
    }

    [Fact]
    public void Write_RefusesWhatTheFormatCannotHold()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["m"], [("a", [1]), ("a", [1])], Fill, null));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["m"], [("__metadata__", [1])], Fill, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => SafetensorsWriter.Write(_folder["m"], [("a", [-1])], Fill, null));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_ThatFailsHalfway_LeavesTheOldFile()
    {
        SafetensorsWriter.Write(_folder["m"], Tensors, Fill, null);
        byte[] before = File.ReadAllBytes(_folder["m"]);
        Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(
            _folder["m"], Tensors, (i, _) => { if (i == 2) throw new InvalidOperationException(); }, null));
        Assert.Equal(before, File.ReadAllBytes(_folder["m"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    // NaN with a payload, both infinities, -0 and a subnormal travel unchanged.
    private static void Fill(int index, Span<float> values)
    {
        ReadOnlySpan<uint> odd = [0x7fc01234, 0x7f800000, 0xff800000, 0x80000000, 0x00000001, 0xffffffff];
        for (int i = 0; i < values.Length; i++) values[i] = index == 0 ? BitConverter.UInt32BitsToSingle(odd[i]) : index + 0.1f * i;
    }
}
