using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>Bit patterns against the floats that PyTorch makes of them (tools/weights_golden.py).</summary>
public sealed class FloatConversionTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Files.Golden("Weights", "conversions.json"))).RootElement;

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    [InlineData(DType.F64)]
    public void PickedPatterns_AreThoseOfPyTorch(DType type)
    {
        foreach (JsonElement pair in Golden.GetProperty(type.ToString()).GetProperty("picked").EnumerateArray())
        {
            float[] value = new float[1];
            FloatConversion.Convert(type, BitConverter.GetBytes(pair[0].GetInt64()), value);
            Assert.Equal(pair[1].GetUInt32().ToString("x8"), BitConverter.SingleToUInt32Bits(value[0]).ToString("x8"));
        }
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void EveryPattern_IsThatOfPyTorch(DType type)
    {
        ushort[] patterns = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] values = new float[patterns.Length];
        FloatConversion.Convert(type, MemoryMarshal.AsBytes<ushort>(patterns), values);

        // Which bits a NaN carries beyond being one is each processor's affair.
        float[] numbers = [.. values.Where(value => !float.IsNaN(value))];
        JsonElement golden = Golden.GetProperty(type.ToString());
        Assert.Equal(golden.GetProperty("numbers").GetInt32(), numbers.Length);
        string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(numbers)));
        Assert.Equal(golden.GetProperty("every number sha256").GetString(), hash);
    }

    [Fact]
    public void LongTensors_AreConvertedInParts()
    {
        const int Count = 600_001;                                // more than two parts, the last uneven
        ushort[] patterns = [.. Enumerable.Range(0, Count).Select(i => (ushort)(i * 31 % 0x7f80))];
        float[] values = new float[Count], again = new float[Count];
        FloatConversion.Convert(DType.BF16, MemoryMarshal.AsBytes<ushort>(patterns), values);
        using MemoryStream stream = new(MemoryMarshal.AsBytes<ushort>(patterns).ToArray());
        FloatConversion.Convert(DType.BF16, stream, again);
        Assert.Equal(values, again);
        Assert.Equal(Count * 2, stream.Position);
        Assert.Equal((uint)patterns[^1] << 16, BitConverter.SingleToUInt32Bits(values[^1]));

        using TemporaryFolder folder = new();
        using MappedFile mapped = MappedFile.Open(folder.Write("m", [0, 0, 0, .. MemoryMarshal.AsBytes<ushort>(patterns)]));
        Array.Clear(again);
        FloatConversion.Convert(DType.BF16, mapped, 3, again);
        Assert.Equal(values, again);
    }
}
