using System.IO.Compression;
using System.Text.Json;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>
/// Pickles that would run code, run away or reach outside their storages: each is refused, saying what it wanted, and nothing comes of it.
/// </summary>
public sealed class PickleSafetyTests : IDisposable
{
    private static readonly string Thousand = new('x', 1000);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gadgets_ThatPythonPickled_AreRefused_InBothForms()
    {
        using JsonDocument gadgets = JsonDocument.Parse(File.ReadAllText(Files.Golden("Weights", "gadgets.json")));
        Assert.InRange(gadgets.RootElement.GetArrayLength(), 100, 1000);
        foreach (JsonElement gadget in gadgets.RootElement.EnumerateArray())
        {
            byte[] pickle = gadget.GetProperty("pickle").GetBytesFromBase64();
            foreach (string path in new[] { Zip(pickle), Stream(pickle), _folder.Write("bare", pickle) })
            {
                string message = Refusal(path);
                string? global = gadget.GetProperty("global").GetString();
                if (gadget.GetProperty("protocol").GetInt32() == 2) Assert.Contains($"would have imported and run '{global}'", message);
            }
        }
        Assert.False(File.Exists("pwned"));
    }

    public static TheoryData<string, byte[], string> Built => new()
    {
        { "GLOBAL", New().Global("os", "system").Text("touch pwned").Op(PickleOp.TUPLE1).Op(PickleOp.REDUCE).Stop(), "imported and run 'os.system'" },
        { "nearly a known module", New().Global("torch._utils", "_rebuild_tensor").Stop(), "'torch._utils._rebuild_tensor'" },
        { "a known name elsewhere", New().Global("os", "OrderedDict").Stop(), "'os.OrderedDict'" },
        { "a dotted name", New().Global("torch", "FloatStorage.__class__").Stop(), "'torch.FloatStorage.__class__'" },
        { "a spaced name", New().Global("collections ", "OrderedDict").Stop(), "'collections .OrderedDict'" },
        { "INST", New().Mark().Text("touch pwned").Op(PickleOp.INST, [.. "posix\nsystem\n"u8]).Stop(), "imported and run 'posix.system'" },
        { "STACK_GLOBAL", New().Text("builtins").Text("eval").Op(PickleOp.STACK_GLOBAL).Stop(), "imported and run 'builtins.eval'" },
        { "STACK_GLOBAL of a known name",
            New().Text("collections").Text("OrderedDict").Op(PickleOp.STACK_GLOBAL).Stop(),
            "'collections.OrderedDict'" },
        { "STACK_GLOBAL of nothing", New().Op(PickleOp.STACK_GLOBAL).Stop(), "opcode STACK_GLOBAL" },
        { "OBJ", New().Mark().OrderedDict().Op(PickleOp.OBJ).Stop(), "opcode OBJ" },
        { "NEWOBJ", New().OrderedDict().Op(PickleOp.EMPTY_TUPLE).Op(PickleOp.NEWOBJ).Stop(), "opcode NEWOBJ" },
        { "NEWOBJ_EX", New().OrderedDict().Op(PickleOp.EMPTY_TUPLE).EmptyDict().Op(PickleOp.NEWOBJ_EX).Stop(), "opcode NEWOBJ_EX" },
        { "EXT1", New().Op(PickleOp.EXT1, 1).Stop(), "opcode EXT1" },
        { "PERSID", New().Op(PickleOp.PERSID, [.. "posix.system\n"u8]).Stop(), "opcode PERSID" },
        { "NEXT_BUFFER", New().Op(PickleOp.NEXT_BUFFER).Stop(), "opcode NEXT_BUFFER" },
        { "no opcode", New().Op((PickleOp)0xff).Stop(), "opcode 0xff" },
        { "protocol 4", [0x80, 4, (byte)'}', (byte)'.'], "protocol 4" },
        { "REDUCE of a type",
            New().Global("torch", "FloatStorage").Op(PickleOp.EMPTY_TUPLE).Op(PickleOp.REDUCE).Stop(),
            "called torch.FloatStorage" },
        { "REDUCE of text", New().Text("eval").Op(PickleOp.EMPTY_TUPLE).Op(PickleOp.REDUCE).Stop(), "called what is no function" },
        { "REDUCE without a tuple", New().OrderedDict().Op(PickleOp.EMPTY_LIST).Op(PickleOp.REDUCE).Stop(), "called collections.OrderedDict" },
        { "OrderedDict with arguments",
            New().OrderedDict().Op(PickleOp.EMPTY_LIST).Op(PickleOp.TUPLE1).Op(PickleOp.REDUCE).Stop(),
            "unknown arguments" },
        { "BUILD of a tensor", New().Tensor("0", 1, [1], [1]).EmptyDict().Op(PickleOp.BUILD).Stop(), "BUILD" },
        { "BUILD of a plain dictionary", New().EmptyDict().EmptyDict().Op(PickleOp.BUILD).Stop(), "BUILD" },
        { "BUILD with a tuple", New().Hooks().EmptyDict().EmptyDict().Op(PickleOp.TUPLE2).Op(PickleOp.BUILD).Stop(), "BUILD" },
        { "persistent id of text", New().Text("../../etc/passwd").Op(PickleOp.BINPERSID).Stop(), "persistent id" },
        { "persistent id of a module",
            New().Mark().Text("module").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(1).PersistentId().Stop(),
            "persistent id" },
        { "persistent id of a function",
            New().Mark().Text("storage").OrderedDict().Text("0").Text("cpu").Integer(1).PersistentId().Stop(),
            "persistent id" },
        { "persistent id with a view",
            New().Mark().Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(1).Op(PickleOp.EMPTY_TUPLE).PersistentId().Stop(),
            "persistent id" },
        { "storage of less than nothing", New().Storage("0", -1).Stop(), "-1 elements" },
        { "storage past 64 bits", New().Storage("0", long.MaxValue).Stop(), "9223372036854775807 elements" },
        { "storage of two types",
            New().EmptyDict().Text("a").Storage("0", 1).Op(PickleOp.SETITEM).Text("b").Storage("0", 1, "IntStorage").Stop(),
            "two types or sizes" },
        { "storage key out of the zip",
            New().EmptyDict().Text("a").Tensor("../data.pkl", 1, [1], [1]).Op(PickleOp.SETITEM).Stop(),
            "lacks the storage '../data.pkl'" },
        { "hooks", New().Global("torch._utils", "_rebuild_tensor_v2").Mark().Storage("0", 1).Integer(0).Integers(1).Integers(1).Op(PickleOp.NEWFALSE)
            .Hooks().Text("a").Integer(1).Op(PickleOp.SETITEM).Op(PickleOp.TUPLE).Op(PickleOp.REDUCE).Stop(), "other than those of a dense tensor" },
        { "no tensor", New().EmptyDict().Text("epoch").Integer(1).Op(PickleOp.SETITEM).Stop(), "entry 'epoch' is no tensor" },
        { "no dictionary", New().Op(PickleOp.EMPTY_LIST).Stop(), "something else than a state dict" },
        { "a key twice",
            New().EmptyDict().Mark().Text("a").Op(PickleOp.NONE).Text("a").Op(PickleOp.NONE).Op(PickleOp.SETITEMS).Stop(),
            "key 'a' twice" },
        { "a key that is a list", New().EmptyDict().Op(PickleOp.EMPTY_LIST).Op(PickleOp.NONE).Op(PickleOp.SETITEM).Stop(), "no text" },
        { "a key alone", New().EmptyDict().Mark().Text("a").Op(PickleOp.SETITEMS).Stop(), "without a value" },
        { "items of a tuple", New().Op(PickleOp.EMPTY_TUPLE).Text("a").Op(PickleOp.NONE).Op(PickleOp.SETITEM).Stop(), "no dictionary" },
        { "append to a dictionary", New().EmptyDict().Op(PickleOp.NONE).Op(PickleOp.APPEND).Stop(), "no list" },
        { "nothing on the stack", New().Stop(), "lacks its operands" },
        { "a mark as operand", New().Mark().Op(PickleOp.TUPLE1).Stop(), "lacks its operands" },
        { "a mark kept", New().Mark().Op(PickleOp.BINPUT, 0).Stop(), "lacks its operands" },
        { "no mark", New().Op(PickleOp.TUPLE).Stop(), "lacks its mark" },
        { "memo never put", New().Op(PickleOp.LONG_BINGET, 0xff, 0xff, 0xff, 0xff).Stop(), "memo 4294967295" },
        { "text of four gigabytes", New().Op(PickleOp.BINUNICODE, 0xff, 0xff, 0xff, 0xff).Stop(), "text of 4294967295 bytes" },
        { "text past the end", New().Op(PickleOp.BINUNICODE, 9, 0, 0, 0).Stop(), "ends in the middle" },
        { "long text", New().Text(new string('x', 1001)).Stop(), "text of 1001 bytes" },
        { "text not UTF-8", New().Op(PickleOp.BINUNICODE, 1, 0, 0, 0, 0xff).Stop(), "not UTF-8" },
        { "a name without end", New().Op(PickleOp.GLOBAL, new byte[5000]).Stop(), "a name has no end" },
    };

    [Theory]
    [MemberData(nameof(Built), DisableDiscoveryEnumeration = true)]
    public void HandBuilt_IsRefused(string what, byte[] pickle, string says)
    {
        Assert.NotEmpty(what);
        Assert.Contains(says, Refusal(Zip(pickle)));
    }

    [Theory]
    [InlineData(4, 0, new long[] { 5 }, new long[] { 1 })]
    [InlineData(4, 1, new long[] { 4 }, new long[] { 1 })]
    [InlineData(4, 5, new long[] { 0 }, new long[] { 1 })]
    [InlineData(4, -1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 3, 1 })]
    [InlineData(4, 0, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(4, long.MaxValue, new long[] { 2 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 })]
    [InlineData(0, 0, new long[] { }, new long[] { })]
    public void AView_OutsideItsStorage_IsRefused(long elements, long offset, long[] shape, long[] strides) =>
        Assert.Contains("reaches outside its storage '0'", Refusal(Zip(Dict(elements, offset, shape, strides))));

    [Theory]
    [InlineData(new long[] { -1 }, new long[] { 1 }, "not a natural number")]
    [InlineData(new long[] { 1 }, new long[] { -1 }, "not a natural number")]
    [InlineData(new long[] { 1, 1 }, new long[] { 1 }, "2 sizes and 1 strides")]
    public void AView_ThatCannotBe_IsRefused(long[] shape, long[] strides, string says) =>
        Assert.Contains(says, Refusal(Zip(Dict(4, 0, shape, strides))));

    // In a zip without the storage itself: a view that passes is refused for that alone.
    [Theory]
    [InlineData(4, 0, new long[] { 4 }, new long[] { 1 })]
    [InlineData(4, 3, new long[] { }, new long[] { })]
    [InlineData(4, 4, new long[] { 0 }, new long[] { 1 })]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 2, 1 })]
    [InlineData(4, 0, new long[] { 1L << 31, 1L << 31 }, new long[] { 0, 0 })]
    [InlineData(long.MaxValue / 8, 0, new long[] { 2 }, new long[] { (long.MaxValue / 8) - 1 })]
    [InlineData(4, 0, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, new long[] { 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9 })]
    public void AView_JustInsideItsStorage_Passes(long elements, long offset, long[] shape, long[] strides) =>
        Assert.Contains("lacks the storage '0'", Refusal(Zip(Dict(elements, offset, shape, strides))));

    [Fact]
    public void RanksPast16_AreRefused()
    {
        long[] ones = [.. Enumerable.Repeat(1L, 17)];
        Assert.Contains("at most 16", Refusal(Zip(Dict(4, 0, ones, ones))));
    }

    [Fact]
    public void TextOf1000Bytes_IsNotTooLong()
    {
        byte[] pickle = New().EmptyDict().Text(Thousand).Tensor("0", 1, [1], [1]).Op(PickleOp.SETITEM).Stop();
        Assert.Contains("lacks the storage '0'", Refusal(Zip(pickle)));
    }

    [Fact]
    public void DepthAndCycles_DoNoHarm()
    {
        PickleBytes nested = New().Op(PickleOp.EMPTY_TUPLE);
        for (int i = 0; i < 900_000; i++) nested.Op(PickleOp.TUPLE1);
        Assert.Contains("something else than a state dict", Refusal(Zip(nested.Stop())));

        PickleBytes cycle = New().Op(PickleOp.EMPTY_LIST).Op(PickleOp.BINPUT, 0).Op(PickleOp.BINGET, 0).Op(PickleOp.APPEND);
        Assert.Contains("something else than a state dict", Refusal(Zip(cycle.Stop())));
    }

    [Fact]
    public void EndlessPickles_AreRefused()
    {
        PickleBytes endless = New();
        for (int i = 0; i < 1_000_001; i++) endless.Op(PickleOp.EMPTY_DICT);
        Assert.Contains("more than 1000000 opcodes", Refusal(Zip(endless.Stop())));
    }

    [Fact]
    public void PicklesPastTheLimitOfBytes_AreRefused_InBothForms()
    {
        PickleBytes endless = New();
        for (int i = 0; i < 66_800; i++) endless.Text(Thousand);
        byte[] pickle = endless.Stop();
        Assert.InRange(pickle.Length, PickleMachine.MaxBytes + 1, PickleMachine.MaxBytes + 100_000);
        Assert.Contains("goes on past the limit of 67108864 bytes", Refusal(Stream(pickle)));
        Assert.Contains($"claims {pickle.Length} bytes, where at most 67108864", Refusal(Zip(pickle)));
    }

    private static PickleBytes New() => new();

    private static byte[] Dict(long elements, long offset, long[] shape, long[] strides) =>
        New().EmptyDict().Text("w").Tensor("0", elements, shape, strides, offset).Op(PickleOp.SETITEM).Stop();

    private static string Refusal(string path) => Assert.Throws<InputException>(() => PickleFile.Open(path).Dispose()).Message;

    private string Stream(byte[] pickle) => _folder.Write("stream.bin", [.. PickleBytes.Preamble, .. pickle]);

    private string Zip(byte[] pickle)
    {
        using ZipArchive zip = new(File.Create(_folder["zip.bin"]), ZipArchiveMode.Create);
        using Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open();
        entry.Write(pickle);
        return _folder["zip.bin"];
    }
}
