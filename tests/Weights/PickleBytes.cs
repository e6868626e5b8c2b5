using System.Text;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>Puts a pickle of protocol 2 together, opcode by opcode.</summary>
internal sealed class PickleBytes
{
    private readonly MemoryStream _bytes = new();

    public PickleBytes() => Raw([(byte)PickleOp.PROTO, 2]);

    /// <summary>The first pickle of the plain stream form.</summary>
    public static byte[] Magic => [0x80, 2, (byte)PickleOp.LONG1, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>All that stands before the value in the plain stream form.</summary>
    public static byte[] Preamble =>
    [
        .. Magic,
        .. new PickleBytes().Integer(1001).Stop(),
        .. new PickleBytes().EmptyDict().Text("little_endian").Op(PickleOp.NEWTRUE).Op(PickleOp.SETITEM).Stop(),
    ];

    public PickleBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBytes Op(PickleOp op) => Raw([(byte)op]);

    public PickleBytes Op(PickleOp op, params byte[] argument) => Op(op).Raw(argument);

    public PickleBytes Mark() => Op(PickleOp.MARK);

    public PickleBytes EmptyDict() => Op(PickleOp.EMPTY_DICT);

    public PickleBytes Integer(long value) => value is >= int.MinValue and <= int.MaxValue
        ? Op(PickleOp.BININT, BitConverter.GetBytes((int)value)) : Op(PickleOp.LONG1, [8, .. BitConverter.GetBytes(value)]);

    public PickleBytes Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op(PickleOp.BINUNICODE, [.. BitConverter.GetBytes(utf8.Length), .. utf8]);
    }

    public PickleBytes Global(string module, string name) => Op(PickleOp.GLOBAL, Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Integers(params long[] values)
    {
        Mark();
        foreach (long value in values) Integer(value);
        return Op(PickleOp.TUPLE);
    }

    public PickleBytes OrderedDict() => Global("collections", "OrderedDict");

    public PickleBytes Hooks() => OrderedDict().Op(PickleOp.EMPTY_TUPLE).Op(PickleOp.REDUCE);

    public PickleBytes Storage(string key, long elements, string type = "FloatStorage") =>
        Mark().Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(elements).Op(PickleOp.NONE).PersistentId();

    /// <summary>All since the mark as the id of something outside the pickle.</summary>
    public PickleBytes PersistentId() => Op(PickleOp.TUPLE).Op(PickleOp.BINPERSID);

    public PickleBytes Tensor(string key, long elements, long[] shape, long[] strides, long offset = 0) =>
        Global("torch._utils", "_rebuild_tensor_v2").Mark().Storage(key, elements).Integer(offset).Integers(shape).Integers(strides)
            .Op(PickleOp.NEWFALSE).Hooks().Op(PickleOp.TUPLE).Op(PickleOp.REDUCE);

    public byte[] Stop()
    {
        Op(PickleOp.STOP);
        return _bytes.ToArray();
    }
}
