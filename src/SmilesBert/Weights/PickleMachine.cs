using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SmilesBert.Weights;

/// <summary>
/// Reads the pickles of a PyTorch state dict, protocol 2 as torch.save writes it. A pickle is a program for a small stack machine, and Python's
/// would import and call whatever the program names. This one has no way to call anything: it obeys the opcodes that build plain data, knows
/// a handful of names (<see cref="PickleGlobals"/>) as names, and refuses the rest by name.
/// </summary>
/// <remarks>
/// A hostile pickle cannot run away: an opcode makes at most one object, opcodes and bytes are limited, and nothing is walked recursively,
/// so that neither depth nor cycles matter.
/// </remarks>
internal ref struct PickleMachine
{
    /// <summary>The longest pickle that is read, in bytes; values of tensors lie outside of it.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxOpcodes = 2_000_000;                     // about 40 to a tensor
    private const int MaxNameBytes = 1000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly object Mark = new();

    private readonly string _path;
    private readonly ReadOnlySpan<byte> _pickle;
    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);
    private int _position;

    private PickleMachine(string path, ReadOnlySpan<byte> pickle)
    {
        _path = path;
        _pickle = pickle;
    }

    /// <summary>Reads the pickle at the beginning of <paramref name="bytes"/>.</summary>
    /// <returns>The value that it describes, the storages that it mentions, by key, and the bytes that it takes.</returns>
    /// <exception cref="InputException">It asks for anything but plain data, tensors and storages, or is broken.</exception>
    public static (object? Value, IReadOnlyDictionary<string, PickleStorage> Storages, int Length) Run(string path, ReadOnlySpan<byte> bytes)
    {
        PickleMachine machine = new(path, bytes[..Math.Min(bytes.Length, MaxBytes)]);
        for (int i = 0; i < MaxOpcodes; i++)
        {
            PickleOp op = (PickleOp)machine.Take(1)[0];
            if (op == PickleOp.STOP) return (machine.Pop(), machine._storages, machine._position);
            machine.Obey(op);
        }
        throw new InputException($"{path}: its pickle has more than {MaxOpcodes} opcodes, far more than a state dict needs.");
    }

    private void Obey(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.PROTO: CheckProtocol(Take(1)[0]); break;

            case PickleOp.NONE: _stack.Push(null); break;
            case PickleOp.NEWTRUE: _stack.Push(true); break;
            case PickleOp.NEWFALSE: _stack.Push(false); break;
            case PickleOp.BININT: _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOp.BININT1: _stack.Push((long)Take(1)[0]); break;
            case PickleOp.BININT2: _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOp.LONG1: _stack.Push(Integer(Take(Take(1)[0]))); break;
            case PickleOp.BINUNICODE: _stack.Push(Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break;

            case PickleOp.BINPUT: _memo[Take(1)[0]] = Peek(); break;
            case PickleOp.LONG_BINPUT: _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case PickleOp.BINGET: _stack.Push(Recall(Take(1)[0])); break;
            case PickleOp.LONG_BINGET: _stack.Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;

            case PickleOp.MARK: _stack.Push(Mark); break;
            case PickleOp.EMPTY_TUPLE: _stack.Push(Array.Empty<object?>()); break;
            case PickleOp.TUPLE1: _stack.Push(PopMany(1)); break;
            case PickleOp.TUPLE2: _stack.Push(PopMany(2)); break;
            case PickleOp.TUPLE3: _stack.Push(PopMany(3)); break;
            case PickleOp.TUPLE: _stack.Push(PopToMark()); break;
            case PickleOp.EMPTY_LIST: _stack.Push(new List<object?>()); break;
            case PickleOp.APPEND: Append(op, PopMany(1)); break;
            case PickleOp.APPENDS: Append(op, PopToMark()); break;
            case PickleOp.EMPTY_DICT: _stack.Push(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
            case PickleOp.SETITEM: SetItems(op, PopMany(2)); break;
            case PickleOp.SETITEMS: SetItems(op, PopToMark()); break;

            case PickleOp.GLOBAL: _stack.Push(PickleGlobals.Find(_path, Line(), Line())); break;
            case PickleOp.REDUCE: Reduce(); break;
            case PickleOp.BUILD: Build(); break;
            case PickleOp.BINPERSID: _stack.Push(Storage(Pop())); break;

            case PickleOp.INST: throw PickleGlobals.Refuse(_path, Line(), Line());
            case PickleOp.STACK_GLOBAL when _stack is { Count: >= 2 } && PopMany(2) is [string module, string name]:
                throw PickleGlobals.Refuse(_path, module, name);
            default:
                string named = Enum.IsDefined(op) ? op.ToString() : $"0x{(byte)op:x2}";
                throw new InputException(
                    $"{_path}: its pickle has the opcode {named} at byte {_position - 1}, which no state dict of torch.save needs; nothing was run.");
        }
    }

    private readonly void CheckProtocol(int protocol)
    {
        if (protocol != 2) throw new InputException($"{_path}: is a pickle of protocol {protocol}, where torch.save's own protocol 2 was expected.");
    }

    /// <summary>The three calls that a state dict makes, each of which only puts its arguments together.</summary>
    private void Reduce()
    {
        object?[]? arguments = Pop() as object?[];
        object? function = Pop();
        string named = function is PickleGlobal global ? $"{global} with unknown arguments" : "what is no function";
        _stack.Push((function, arguments) switch
        {
            (PickleGlobal { Name: PickleGlobals.OrderedDict }, []) => new PickleOrderedDict(),
            (PickleGlobal { Name: PickleGlobals.RebuildTensor }, not null) => PickleGlobals.Tensor(_path, arguments),
            (PickleGlobal { Name: PickleGlobals.RebuildParameter }, [PickleTensor tensor, bool, PickleOrderedDict { Count: 0 }]) => tensor,
            _ => throw new InputException($"{_path}: its pickle would have called {named}; nothing was run."),
        });
    }

    private void Build()
    {
        if (Pop() is not Dictionary<string, object?> || Peek() is not PickleOrderedDict)
            throw Broken("BUILD sets the state of something else than an OrderedDict");
    }

    private readonly PickleStorage Storage(object? id)
    {
        PickleStorage storage = PickleGlobals.Storage(_path, id);
        if (!_storages.TryAdd(storage.Key, storage) && _storages[storage.Key] != storage)
            throw new InputException($"{_path}: its pickle gives the storage {Shown.Text(storage.Key)} two types or sizes.");
        return storage;
    }

    private readonly void Append(PickleOp op, object?[] items)
    {
        if (Peek() is not List<object?> list) throw Broken($"{op} has no list to add to");
        list.AddRange(items);
    }

    private readonly void SetItems(PickleOp op, object?[] items)
    {
        if (Peek() is not Dictionary<string, object?> dictionary) throw Broken($"{op} has no dictionary to add to");
        if (items.Length % 2 != 0) throw Broken($"{op} has a key without a value");
        for (int i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not string key) throw Broken("a dictionary has a key that is no text");
            if (!dictionary.TryAdd(key, items[i + 1])) throw Broken($"a dictionary has the key {Shown.Text(key)} twice");
        }
    }

    // ---- The stack, the memo and the bytes -------------------------------------------------------------------------

    private readonly object? Pop() =>
        _stack.TryPop(out object? value) && !ReferenceEquals(value, Mark) ? value : throw Broken("an opcode lacks its operands");

    private readonly object? Peek() =>
        _stack.TryPeek(out object? value) && !ReferenceEquals(value, Mark) ? value : throw Broken("an opcode lacks its operands");

    private readonly object?[] PopMany(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--) items[i] = Pop();
        return items;
    }

    private readonly object?[] PopToMark()
    {
        List<object?> items = [];
        while (_stack.TryPop(out object? value))
        {
            if (ReferenceEquals(value, Mark))
            {
                items.Reverse();
                return [.. items];
            }
            items.Add(value);
        }
        throw Broken("an opcode lacks its mark");
    }

    private readonly object? Recall(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw Broken($"an opcode asks for memo {index}, which was not put there");

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > _pickle.Length - _position)
            throw Broken(_pickle.Length == MaxBytes ? $"it goes on past the limit of {MaxBytes} bytes" : "it ends in the middle");
        _position += (int)count;
        return _pickle.Slice(_position - (int)count, (int)count);
    }

    /// <summary>A name up to the end of its line.</summary>
    private string Line()
    {
        ReadOnlySpan<byte> rest = _pickle[_position..];
        int length = rest[..Math.Min(rest.Length, MaxNameBytes)].IndexOf((byte)'\n');
        if (length < 0) throw Broken("a name has no end");
        return Text(Take((uint)length + 1)[..^1]);
    }

    private readonly string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{_path}: its pickle has text that is not UTF-8 before byte {_position}.", e);
        }
    }

    private static object Integer(ReadOnlySpan<byte> littleEndian)
    {
        BigInteger value = new(littleEndian);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private readonly InputException Broken(string what) => new($"{_path}: its pickle is broken at byte {_position}: {what}.");
}
