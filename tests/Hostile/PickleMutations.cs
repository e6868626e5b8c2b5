using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SmilesBert.Tests.Weights;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Hostile;

/// <summary>Changes to a pickle opcode by opcode: programs that are whole, and do what no state dict needs.</summary>
internal static class PickleMutations
{
    private const int MostGrowth = 4000;

    private static readonly (string Module, string Name)[] Names =
    [
        ("os", "system"), ("posix", "system"), ("nt", "system"), ("builtins", "eval"), ("builtins", "exec"), ("builtins", "getattr"),
        ("__builtin__", "eval"), ("subprocess", "Popen"), ("subprocess", "check_output"), ("runpy", "_run_code"), ("torch.hub", "load"),
        ("torch", "load"), ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_tensor"),
        ("collections", "OrderedDict"), ("collections", "OrderedDict.__class__"), ("torch", "FloatStorage"), ("torch", "LongStorage"),
        ("torch", "FloatStorage.__init__"), ("operator", "attrgetter"), ("importlib", "import_module"), ("", ""), ("torch\u0000", "FloatStorage"),
    ];

    /// <summary>A zip form whose data.pkl another mutation changes; the other entries stay.</summary>
    public static Mutation InZip(Mutation change) => (good, random) =>
    {
        try
        {
            using ZipArchive from = new(new MemoryStream(good), ZipArchiveMode.Read);
            MemoryStream result = new();
            using (ZipArchive to = new(result, ZipArchiveMode.Create, leaveOpen: true))
                foreach (ZipArchiveEntry entry in from.Entries)
                {
                    using MemoryStream content = new();
                    using (Stream source = entry.Open()) source.CopyTo(content);
                    byte[] bytes = entry.FullName.EndsWith("data.pkl", StringComparison.Ordinal) ? change(content.ToArray(), random) : content.ToArray();
                    CompressionLevel level = entry.CompressedLength < entry.Length ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
                    using Stream target = to.CreateEntry(entry.FullName, level).Open();
                    target.Write(bytes);
                }
            return result.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException)
        {
            return good;                                          // damaged before by another mutation
        }
    };

    /// <summary>One change to the opcodes of all pickles at the beginning of a file, up to the first byte that is none.</summary>
    public static byte[] Opcodes(byte[] good, Random random)
    {
        List<byte[]> ops = Split(good, out byte[] rest);
        if (ops.Count == 0) return good;
        int at = random.Next(ops.Count), other = random.Next(ops.Count);
        switch (random.Next(8))
        {
            case 0: ops.RemoveAt(at); break;
            case 1: ops.Insert(other, ops[at]); break;
            case 2: (ops[at], ops[other]) = (ops[other], ops[at]); break;
            case 3 or 4: ops.Insert(at, Fragment(random)); break;
            case 5: ops[at] = Argument(ops[at], random); break;
            case 6: ops.InsertRange(at, Enumerable.Repeat(Fragment(random), random.Next(1, MostGrowth / 20))); break;
            default: ops[at] = Fragment(random); break;
        }
        return [.. ops.SelectMany(static op => op), .. rest];
    }

    // What exploits and bombs are made of.
    private static byte[] Fragment(Random random)
    {
        PickleBytes made = new();
        (string module, string name) = Names[random.Next(Names.Length)];
        byte[] known = [.. Enum.GetValues<PickleOp>().Select(static op => (byte)op)];
        byte[] bytes = (random.Next(16) switch
        {
            0 => made.Global(module, name),
            1 => made.Global(module, name).Text("touch pwned").Op(PickleOp.TUPLE1).Op(PickleOp.REDUCE),
            2 => made.Text(module).Text(name).Op(PickleOp.STACK_GLOBAL),
            3 => made.Mark().Text("touch pwned").Op(PickleOp.INST, Encoding.UTF8.GetBytes($"{module}\n{name}\n")),
            4 => made.Mark().Global(module, name).Text("touch pwned").Op(PickleOp.OBJ),
            5 => made.Global(module, name).Op(PickleOp.EMPTY_TUPLE).Op(PickleOp.NEWOBJ),
            6 => made.Hooks().EmptyDict().Text("__setstate__").Global(module, name).Op(PickleOp.SETITEM).Op(PickleOp.BUILD),
            7 => made.Op((PickleOp)(0x82 + random.Next(3)), 1, 0, 0, 0),                       // EXT1, EXT2, EXT4
            8 => made.Text("../../etc/passwd").Op(PickleOp.BINPERSID),
            9 => made.Storage(random.Next(4).ToString(), new[] { 0, 1, -1, 6, int.MaxValue, long.MaxValue }[random.Next(6)]),
            10 => made.Tensor("0", random.Next(8), [random.Next(5), Edge(random)], [random.Next(5), Edge(random)], Edge(random)),
            11 => made.Op(PickleOp.BINGET, (byte)random.Next(30)).Op(PickleOp.BINPUT, (byte)random.Next(30)),
            12 => made.Op(PickleOp.BINGET, (byte)random.Next(30)).Op(PickleOp.BINGET, (byte)random.Next(30)).Op(PickleOp.TUPLE2)
                .Op(PickleOp.BINPUT, (byte)random.Next(30)),                                   // billion laughs, if anything walked them
            13 => made.Op((PickleOp)known[random.Next(known.Length)], new byte[random.Next(5)]),
            14 => made.Raw(Enumerable.Repeat((byte)"()]}(\x85"[random.Next(6)], random.Next(1, MostGrowth)).ToArray()),
            _ => made.Integer(Edge(random)),
        }).Stop();
        return bytes[2..^1];                                      // without PROTO and STOP
    }

    private static long Edge(Random random)
    {
        long[] edges = [0, 1, 2, 3, -1, int.MaxValue, int.MinValue, 1L << 32, 1L << 62, long.MaxValue, long.MinValue];
        return edges[random.Next(edges.Length)];
    }

    private static byte[] Argument(byte[] op, Random random)
    {
        if (op.Length < 2) return [(byte)random.Next(256)];
        switch ((PickleOp)op[0])
        {
            case PickleOp.GLOBAL:
                (string module, string name) = Names[random.Next(Names.Length)];
                return new PickleBytes().Global(module, name).Stop()[2..^1];
            case PickleOp.BINUNICODE:
                string[] texts = ["", "storage", "0", "1", "../0", "data.pkl", "w", "\n", "\u001b[0m", new string('x', random.Next(2000)), "cpu"];
                return new PickleBytes().Text(texts[random.Next(texts.Length)]).Stop()[2..^1];
            case PickleOp.BININT or PickleOp.BININT1 or PickleOp.BININT2 or PickleOp.LONG1:
                return new PickleBytes().Integer(Edge(random)).Stop()[2..^1];
            default:
                byte[] changed = [.. op];
                changed[random.Next(1, op.Length)] = (byte)random.Next(256);
                return changed;
        }
    }

    private static List<byte[]> Split(byte[] bytes, out byte[] rest)
    {
        List<byte[]> ops = [];
        int at = 0;
        while (at < bytes.Length)
        {
            int length = Length(bytes.AsSpan(at));
            if (length <= 0 || length > bytes.Length - at) break;
            ops.Add(bytes[at..(at + length)]);
            at += length;
        }
        rest = bytes[at..];
        return ops;
    }

    private static int Length(ReadOnlySpan<byte> bytes) => (PickleOp)bytes[0] switch
    {
        PickleOp.PROTO or PickleOp.BININT1 or PickleOp.BINPUT or PickleOp.BINGET => 2,
        PickleOp.BININT2 => 3,
        PickleOp.BININT or PickleOp.LONG_BINPUT or PickleOp.LONG_BINGET => 5,
        PickleOp.LONG1 => bytes.Length > 1 ? 2 + bytes[1] : 0,
        PickleOp.BINUNICODE => bytes.Length > 4 ? (int)Math.Min(int.MaxValue, 5L + BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..])) : 0,
        PickleOp.GLOBAL => 1 + LineLength(bytes[1..]) + LineLength(bytes[(1 + LineLength(bytes[1..]))..]),
        PickleOp op => Enum.IsDefined(op) ? 1 : 0,
    };

    private static int LineLength(ReadOnlySpan<byte> bytes) => bytes.IndexOf((byte)'\n') + 1;
}
