using System.Globalization;

namespace SmilesBert.Gpu.Compiler;

/// <summary>Something computed once: the compiler's intermediate form is in static single assignment.</summary>
internal abstract class Value(ValueKind kind)
{
    private Value? replacement;

    public ValueKind Kind { get; } = kind;

    /// <summary>What it is computed from.</summary>
    public virtual IReadOnlyList<Value> Sources => [];

    /// <summary>What stands for this value by now: itself, unless it was found to equal another.</summary>
    public Value Current
    {
        get
        {
            Value value = this;
            while (value.replacement is { } next) value = next;
            return value;
        }
    }

    public void ReplaceBy(Value other) => replacement = other;
}

/// <summary>A number known while compiling.</summary>
internal sealed class Constant : Value
{
    private Constant(ValueKind kind, long bits) : base(kind) => Bits = bits;

    /// <summary>The integer, sign-extended; 0 or 1 of a predicate; the bits of a float.</summary>
    public long Bits { get; }

    public float Single => BitConverter.Int32BitsToSingle((int)Bits);

    public double Double => BitConverter.Int64BitsToDouble(Bits);

    public static Constant Of(bool value) => new(ValueKind.Predicate, value ? 1 : 0);

    public static Constant Of(int value) => new(ValueKind.Int32, value);

    public static Constant Of(long value) => new(ValueKind.Int64, value);

    public static Constant Of(float value) => new(ValueKind.Float32, BitConverter.SingleToInt32Bits(value));

    public static Constant Of(double value) => new(ValueKind.Float64, BitConverter.DoubleToInt64Bits(value));

    public static Constant Zero(ValueKind kind) => new(kind, 0);

    /// <summary>An integer of 32 or 64 bits, of which the upper bits of <paramref name="value"/> are dropped.</summary>
    public static Constant Integer(ValueKind kind, long value) => kind == ValueKind.Int32 ? Of((int)value) : new Constant(kind, value);

    public bool Equals(Constant other) => Kind == other.Kind && Bits == other.Bits;

    /// <summary>As PTX writes it: floats by their bits, which no rounding can change.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Float32 => "0f" + ((uint)Bits).ToString("X8", CultureInfo.InvariantCulture),
        ValueKind.Float64 => "0d" + Bits.ToString("X16", CultureInfo.InvariantCulture),
        _ => Bits.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>Something with a name of its own in PTX: a special register, a shared array, a place in the parameters.</summary>
internal sealed class Symbol(string name, ValueKind kind, MemorySpace space = MemorySpace.Generic) : Value(kind)
{
    public string Name { get; } = name;

    public MemorySpace Space { get; } = space;
}

/// <summary>A string literal.</summary>
internal sealed class Text(string content) : Value(ValueKind.Text)
{
    public string Content { get; } = content;
}

/// <summary>A managed reference to a variable, or to a field of one: some of its leaves.</summary>
internal sealed class Place(ArraySegment<Variable> variables) : Value(ValueKind.Place)
{
    public ArraySegment<Variable> Variables { get; } = variables;
}

/// <summary>One PTX instruction and its result.</summary>
/// <param name="opcode">The PTX opcode; a ? stands for a state space that is found out later.</param>
/// <param name="kind">The result's.</param>
/// <param name="effect">Whether the instruction may be removed, merged or moved.</param>
/// <param name="operands">What it reads.</param>
internal class Instruction(string opcode, ValueKind kind, Effect effect, params Value[] operands) : Value(kind)
{
    public string Opcode { get; set; } = opcode;

    public Effect Effect { get; } = effect;

    public Value[] Operands { get; } = operands;

    public override IReadOnlyList<Value> Sources => Operands;

    /// <summary>The results, where there are several.</summary>
    public Element[] Elements { get; set; } = [];

    /// <summary>What the result is, as text for the reader.</summary>
    public string? Comment { get; set; }

    /// <summary>The IL that it translates.</summary>
    public Origin Origin { get; set; }

    /// <summary>The block that it stands in; null of one that stands in none yet.</summary>
    public Block? Block { get; set; }
}

/// <summary>A load or store, of one scalar or a vector; its first operand is the address.</summary>
internal sealed class MemoryInstruction(string opcode, ValueKind kind, Effect effect, params Value[] operands) : Instruction(opcode, kind, effect, operands)
{
    /// <summary>Bytes added to the address.</summary>
    public int Offset { get; set; }
}

/// <summary>Text of the kernel's author, with its operands' registers put in place of %0, %1, ...; a struct's in braces.</summary>
internal sealed class AsmText(string text, ValueKind kind, params Value[][] operands)
    : Instruction("asm", kind, Effect.Write, [.. operands.SelectMany(static leaves => leaves)])
{
    public string Text { get; } = text;

    /// <summary>Of each operand: how many of <see cref="Instruction.Operands"/> it is.</summary>
    public int[] Widths { get; } = [.. operands.Select(static leaves => leaves.Length)];
}

/// <summary>One of several results of an instruction.</summary>
internal sealed class Element(ValueKind kind, Instruction source) : Value(kind)
{
    public Instruction Source { get; } = source;

    public override IReadOnlyList<Value> Sources => [Source];
}

/// <summary>A value that depends on where control came from: one input for each of the block's predecessors.</summary>
internal sealed class Phi(ValueKind kind, Block block) : Value(kind)
{
    public Block Block { get; } = block;

    public List<Value> Inputs { get; } = [];

    public override IReadOnlyList<Value> Sources => Inputs;
}

/// <summary>A scalar that a method assigns to: a local, an argument, or one leaf of such.</summary>
/// <param name="scalar">What it holds.</param>
/// <param name="frame">The call that it belongs to.</param>
/// <param name="slot">The local or argument that it is part of.</param>
internal sealed class Variable(Scalar scalar, Frame frame, Slot slot)
{
    private (Block? Block, Value? Value, bool IsFound) last;    // most variables are used in one block only
    private Dictionary<Block, Value>? definitions;              // in other blocks

    public Scalar Scalar { get; } = scalar;

    public Frame Frame { get; } = frame;

    public Slot Slot { get; } = slot;

    /// <summary>What it holds at a block's end; null where that has to be looked for in the blocks before.</summary>
    public Value? At(Block block) => block == last.Block ? last.Value : definitions?.GetValueOrDefault(block);

    /// <summary>A block gives it a value.</summary>
    public void Define(Block block, Value value) => Keep(block, value, isFound: false);

    /// <summary>A block that does not assign to it was found to have this value from blocks before: remembered until the next one is asked for.</summary>
    public void Found(Block block, Value value) => Keep(block, value, isFound: true);

    private void Keep(Block block, Value value, bool isFound)
    {
        if (last.Block is { } before && before != block && !last.IsFound) (definitions ??= [])[before] = last.Value!;
        last = (block, value, isFound);
    }
}

/// <summary>A local (its number) or an argument (-1 - its number).</summary>
internal readonly record struct Slot(int Number)
{
    /// <summary>A struct under construction.</summary>
    public static readonly Slot Temporary = new(int.MaxValue);

    public static Slot Argument(int number) => new(-1 - number);
}
