using System.Buffers.Binary;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>Each rule of the safetensors format against a file that breaks it alone, and what the format allows though it looks odd.</summary>
public sealed class SafetensorsRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Rule1_ShorterThanEightBytes(int length) => Refuses(_folder.Write("m", new byte[length]), $"has {length} bytes", "at least 8");

    [Fact]
    public void Rule2_HeaderLengthDoesNotFit() => Refuses(_folder.Write("m", Length(1UL << 63)), "9223372036854775808", "does not fit");

    [Theory]
    [InlineData(100_000_001)]
    [InlineData(long.MaxValue)]
    public void Rule3_HeaderLengthOverTheLimit(long length) => Refuses(_folder.Write("m", Length((ulong)length)), $"{length}", "limit of 100000000");

    [Theory]
    [InlineData(100_000_000)]
    [InlineData(9)]
    [InlineData(1)]
    public void Rule4_HeaderPastTheEnd(long length) => Refuses(_folder.Write("m", Length((ulong)length)), $"{length}", "past the end");

    [Fact]
    public void Rule5_HeaderNotUtf8() => Refuses(_folder.Write("m", [.. Length(3), (byte)'{', 0xff, (byte)'}']), "not UTF-8");

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("   ", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "an array", "an object was expected")]
    [InlineData("null", "null", "an object was expected")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("{}\0", "not valid JSON")]
    [InlineData("\ufeff{}", "not valid JSON")]
    [InlineData("{/**/}", "not valid JSON")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],},}", "not valid JSON")]
    [InlineData("{\"a\":1}", "a number as tensor 'a'")]
    [InlineData("{\"a\":false}", "a boolean as tensor 'a'")]
    [InlineData("{\"a\":null}", "null as tensor 'a'")]
    [InlineData("{\"\\ud800\":{}}", "half a surrogate pair")]
    [InlineData("{\"__metadata__\":[]}", "an array as __metadata__")]
    [InlineData("{\"__metadata__\":null}", "null as __metadata__")]
    [InlineData("{\"__metadata__\":{\"format\":1}}", "a number as __metadata__ 'format'")]
    [InlineData("{\"__metadata__\":{\"format\":{\"a\":\"b\"}}}", "an object as __metadata__ 'format'")]
    public void Rule6_NotTheExpectedJson(string header, params string[] says) => Refuses(_folder.WriteSafetensors(header), says);

    [Theory]
    [InlineData("\"shape\":[1],\"data_offsets\":[0,1]", "no dtype")]
    [InlineData("\"dtype\":\"U8\",\"data_offsets\":[0,1]", "no shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1]", "no data_offsets")]
    [InlineData("\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,1]", "unknown dtype 'F8'")]
    [InlineData("\"dtype\":\"u8\",\"shape\":[1],\"data_offsets\":[0,1]", "unknown dtype 'u8'")]
    [InlineData("\"dtype\":\"4\",\"shape\":[1],\"data_offsets\":[0,1]", "unknown dtype '4'")]
    [InlineData("\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,1]", "a number as dtype")]
    [InlineData("\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]", "a number as shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1e0],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[-0],\"data_offsets\":[0,0]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[\"1\"],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[null],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[[1]],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[18446744073709551616],\"data_offsets\":[0,1]", "unsigned integer in the shape")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[01],\"data_offsets\":[0,1]", "not valid JSON")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]", "1 data_offsets", "two were expected")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,1]", "3 data_offsets", "two were expected")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1.0]", "unsigned integer in the data_offsets")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"stride\":[1]", "the field 'stride'")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"dtype\":\"U8\"", "gives dtype of tensor 'a' twice")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"shape\":[1]", "gives shape of tensor 'a' twice")]
    public void Rule6_NotTheExpectedFields(string fields, params string[] says) =>
        Refuses(_folder.WriteSafetensors($$"""{"a":{ {{fields}} } }""", dataBytes: 1), says);

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "'a' twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "'a' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "'k' twice")]
    public void Rule6_DuplicateNames(string header, string says) => Refuses(_folder.WriteSafetensors(header), says);

    [Theory]
    [InlineData("U8", "[1,2]", "[1, 2]", "begin of 0")]             // the first does not begin at 0
    [InlineData("U8", "[0,1]", "[2, 3]", "begin of 1")]             // a hole
    [InlineData("U16", "[0,2]", "[1, 2]", "begin of 2")]            // an overlap
    [InlineData("U8", "[0,1]", "[0, 1]", "begin of 1")]             // the same place twice
    [InlineData("U8", "[0,1]", "[1, 0]", "begin of 1")]             // an end before its begin
    [InlineData("U8", "[0,1]", "[18446744073709551615, 0]", "begin of 1")]
    public void Rule7_HolesAndOverlaps(string firstType, string first, string second, string says) =>
        Refuses(
            _folder.WriteSafetensors(
                $$"""
                {"a":{"dtype":"{{firstType}}","shape":[1],"data_offsets":{{first}} },
                 "b":{"dtype":"U8","shape":[1],"data_offsets":{{second}} } }
                """,
                dataBytes: 3),
            says);

    [Theory]
    [InlineData("F32", "[4294967296,4294967296]")]                 // the product
    [InlineData("F32", "[2305843009213693952]")]                   // the bytes
    [InlineData("U8", "[18446744073709551615]")]
    [InlineData("U8", "[9223372036854775807,3,0]")]                 // before the zero is reached
    [InlineData("U8", "[0,18446744073709551615]")]                  // a size alone
    public void Rule8_SizeOverflows(string type, string shape) => Refuses(_folder.WriteSafetensors(One(type, shape, 0)), "overflows");

    [Theory]
    [InlineData("F4", "[3]", 12)]
    [InlineData("F6_E2M3", "[2,3]", 36)]
    [InlineData("F6_E3M2", "[1]", 6)]
    public void Rule9_BitsNotWholeBytes(string type, string shape, int bits) =>
        Refuses(_folder.WriteSafetensors(One(type, shape, 5), 5), $"has {bits} bits", "whole number of bytes");

    [Theory]
    [InlineData("F32", "[2]", 4, 8)]
    [InlineData("F32", "[2]", 9, 8)]
    [InlineData("F32", "[]", 0, 4)]
    [InlineData("F32", "[0,5]", 4, 0)]
    [InlineData("F4", "[4]", 4, 2)]
    public void Rule10_OffsetsAreNotTheSize(string type, string shape, int span, int needs) =>
        Refuses(_folder.WriteSafetensors(One(type, shape, span), span), $"needs {needs} bytes", $"span {span}");

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Rule11_DataIsNotTheFilesLength(int bytes) =>
        Refuses(_folder.WriteSafetensors(One("F32", "[1]", 4), bytes), "end after 4 bytes", $"the file has {bytes}");

    [Fact]
    public void Rule11_DataWithoutTensors() => Refuses(_folder.WriteSafetensors("{}", 1), "end after 0 bytes", "the file has 1");

    [Fact]
    public void Order_TheEarlierRuleSpeaks()
    {
        Refuses(_folder.Write("m", [.. Length(100_000_001), 0xff]), "limit");                                        // 3 before 4 and 5
        Refuses(_folder.Write("m", [.. Length(3), 0xff]), "past the end");                                           // 4 before 5
        Refuses(_folder.WriteSafetensors("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[1,2],"x":0}}"""), "'x'"); // 6 before 7
        Refuses(_folder.WriteSafetensors("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[1,2]}}"""), "begin of 0"); // 7 before 9
        Refuses(_folder.WriteSafetensors(One("F4", "[3]", 9)), "12 bits");                                           // 9 before 10
        Refuses(_folder.WriteSafetensors(One("F32", "[3]", 9)), "needs 12 bytes");                                   // 10 before 11
    }

    [Theory]
    [InlineData("{}", 0, 0)]
    [InlineData(" \n\t{} \r\n ", 0, 0)]
    [InlineData("""{"__metadata__":{}}""", 0, 0)]
    [InlineData("""{"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4, 1)]
    [InlineData("""{"e":{"data_offsets":[0,0],"shape":[3,0,5],"dtype":"F32"}}""", 0, 1)]
    [InlineData("""{"e":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, 1)]
    [InlineData(
        """
        {"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},
         "z":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},
         "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}
        """,
        3,
        3)]
    [InlineData("""{"f":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]}}""", 3, 1)]
    [InlineData("""{"f":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}""", 3, 1)]
    [InlineData("""{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, 1)]
    public void Accepts(string header, int dataBytes, int tensors)
    {
        using SafetensorsFile file = SafetensorsFile.Open(_folder.WriteSafetensors(header, dataBytes));
        Assert.Equal(tensors, file.Tensors.Count);
    }

    [Fact]
    public void ATensorOfNothing_HasNoElements_HoweverLargeItsOtherSizes()
    {
        string header = """{"e":{"dtype":"F32","shape":[4294967296,2147483648,0],"data_offsets":[0,0]}}""";      // 2^63 before the zero is reached
        using SafetensorsFile file = SafetensorsFile.Open(_folder.WriteSafetensors(header));
        Assert.Equal(0, file.Tensors["e"].Elements);
        file.Read("e", []);
    }

    [Theory]
    [InlineData("BOOL", 8)]
    [InlineData("F4", 4)]
    [InlineData("F6_E2M3", 6)]
    [InlineData("F6_E3M2", 6)]
    [InlineData("U8", 8)]
    [InlineData("I8", 8)]
    [InlineData("F8_E5M2", 8)]
    [InlineData("F8_E4M3", 8)]
    [InlineData("F8_E8M0", 8)]
    [InlineData("F8_E4M3FNUZ", 8)]
    [InlineData("F8_E5M2FNUZ", 8)]
    [InlineData("I16", 16)]
    [InlineData("U16", 16)]
    [InlineData("F16", 16)]
    [InlineData("BF16", 16)]
    [InlineData("I32", 32)]
    [InlineData("U32", 32)]
    [InlineData("F32", 32)]
    [InlineData("C64", 64)]
    [InlineData("F64", 64)]
    [InlineData("I64", 64)]
    [InlineData("U64", 64)]
    public void EveryDType_HasItsSize_AndOnlyFloatsAreRead(string type, int bits)
    {
        using SafetensorsFile file = SafetensorsFile.Open(_folder.WriteSafetensors(One(type, "[8]", bits), bits));
        Assert.Equal(type, file.Tensors["t"].Type.ToString());
        if (type is "F32" or "F16" or "BF16" or "F64")
        {
            float[] values = [1, 1, 1, 1, 1, 1, 1, 1];
            file.Read("t", values);
            Assert.Equal(new float[8], values);
        }
        else
        {
            string message = Assert.Throws<InputException>(() => file.Read("t", new float[8])).Message;
            Assert.Contains($"holds {type},", message);
            Assert.Contains("'t'", message);
        }
    }

    [Fact]
    public void AHostileName_IsShownShortAndOnOneLine()
    {
        string header = $$"""{"\u001b[2J\n{{new string('x', 100_000)}}":{"dtype":"F32","shape":[3],"data_offsets":[0,4]} }""";
        string message = Assert.Throws<InputException>(() => SafetensorsFile.Open(_folder.WriteSafetensors(header, 4))).Message;
        Assert.DoesNotContain('\u001b', message);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 50, 500);
    }

    [Fact]
    public void Absent_Folder_AndLfsPointer_AreSaid()
    {
        Refuses(_folder["absent"], "does not exist");
        Refuses(_folder.Path, "cannot be read");
        Refuses(_folder.Write("m", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"u8), "Git LFS pointer");
        Refuses(_folder.Write("m", "version https://git-lfs"u8), "Git LFS pointer");
    }

    [Fact]
    public void Read_UnknownName_WrongLength_AfterDispose()
    {
        SafetensorsFile file = SafetensorsFile.Open(_folder.WriteSafetensors(One("F32", "[2]", 8), 8));
        Assert.Contains("no tensor 'u'", Assert.Throws<InputException>(() => file.Read("u", new float[2])).Message);
        Assert.Contains("(2)", Assert.Throws<ArgumentException>(() => file.Read("t", new float[3])).Message);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("t", new float[2]));
    }

    [Fact]
    public void AMappedFile_GivesNothingFromOutside()
    {
        using MappedFile file = MappedFile.Open(_folder.Write("m", new byte[10]));
        Assert.Equal(10, file.Span(0, 10).Length);
        Assert.Equal(0, file.Span(10, 0).Length);
        foreach ((long offset, int length) in new (long, int)[] { (0, 11), (1, 10), (11, 0), (-1, 1), (5, -1), (long.MaxValue, 1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(offset, length).Length);
            Assert.Throws<ArgumentOutOfRangeException>(() => file.OpenStream(offset, length));
        }
    }

    [Fact]
    public void AFiveGigabyteFile_OpensWithoutBeingRead()
    {
        const long Elements = 1_300_000_000;
        string path = _folder.WriteSafetensors(
            $$"""
            {"big":{"dtype":"F32","shape":[{{Elements}}],"data_offsets":[0,{{4 * Elements}}]},
             "last":{"dtype":"F32","shape":[2],"data_offsets":[{{4 * Elements}},{{4 * Elements + 8}}]} }
            """);
        try
        {
            using FileStream sparse = new(path, FileMode.Open);
            sparse.SetLength(sparse.Length + 4 * Elements + 4);
            sparse.Seek(0, SeekOrigin.End);
            sparse.Write(BitConverter.GetBytes(2.5f));
        }
        catch (IOException e)
        {
            Assert.Skip($"no room for a sparse file of 5 GB: {e.Message}");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] last = new float[2];
        file.Read("last", last);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(Elements, file.Tensors["big"].Elements);
        Assert.Equal([0f, 2.5f], last);
    }

    private static string One(string type, string shape, int bytes) =>
        $$"""{"t":{"dtype":"{{type}}","shape":{{shape}},"data_offsets":[0,{{bytes}}]} }""";

    private static byte[] Length(ulong length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static void Refuses(string path, params string[] says)
    {
        string message = Assert.Throws<InputException>(() => SafetensorsFile.Open(path)).Message;
        Assert.StartsWith(path, message);
        foreach (string part in says) Assert.Contains(part, message);
    }
}
