namespace SmilesBert.Gpu.Compiler;

// Instructions that compute: constants, variables, arithmetic, conversions.
internal sealed partial class Translator
{
    private void Push(Value value) => stack.Push(new Operand(value));

    private Value PopScalar()
    {
        Operand operand = stack.Pop();
        return operand.Leaves.Length == 1 ? operand.Scalar : throw Refuse("a number was expected where a struct stands");
    }

    private void Translate(IlInstruction instruction)
    {
        (string name, string family) = (instruction.Name, instruction.Family);
        switch (family)
        {
            case "nop" or "volatile" or "unaligned" or "tail": break;
            case "dup": stack.Push(stack.Peek()); break;
            case "pop": stack.Pop(); break;
            case "ldc": TranslateConstant(instruction, name); break;
            case "ldstr": Push(new Text(frame.Il.Method.Module.ResolveString((int)instruction.Number))); break;
            case "ldloc": LoadVariable(frame.Locals[Number(instruction, name)], frame.Il.LocalTypes[Number(instruction, name)]); break;
            case "stloc": Assign(frame.Locals[Number(instruction, name)], stack.Pop()); break;
            case "ldarg": LoadVariable(frame.Arguments[Number(instruction, name)], frame.Il.ArgumentTypes[Number(instruction, name)]); break;
            case "starg": Assign(frame.Arguments[Number(instruction, name)], stack.Pop()); break;
            case "ldloca": stack.Push(ReferenceTo(frame.Locals[instruction.Number])); break;
            case "ldarga": stack.Push(ReferenceTo(frame.Arguments[instruction.Number])); break;
            case "add" or "sub" or "mul" or "div" or "rem" or "and" or "or" or "xor" when !name.Contains(".ovf", StringComparison.Ordinal): Binary(family, unsigned: name.EndsWith(".un", StringComparison.Ordinal)); break;
            case "shl" or "shr": Shift(family, unsigned: name.EndsWith(".un", StringComparison.Ordinal)); break;
            case "neg" or "not": Unary(family); break;
            case "ceq" or "cgt" or "clt": Push(Compare(family[1..], unsigned: name.EndsWith(".un", StringComparison.Ordinal))); break;
            case "conv" when !name.Contains(".ovf", StringComparison.Ordinal): Push(ConvertTo(PopScalar(), name[5..])); break;
            case "ldfld" or "ldflda" or "stfld" or "ldsfld" or "ldind" or "stind" or "ldobj" or "stobj" or "cpobj" or "initobj" or "sizeof": TranslateMemory(instruction); break;
            case "constrained": constrained = frame.Il.ResolveType(instruction); break;
            case "call" or "callvirt" or "newobj": TranslateCall(instruction); break;
            default: throw Refuse($"{name} has no translation: {Unsupported.Reason(name)}");
        }
    }

    // The number of a local or argument, in the operand or in the name: stloc.s 7, stloc.2.
    private static int Number(IlInstruction instruction, string name) => char.IsAsciiDigit(name[^1]) ? name[^1] - '0' : (int)instruction.Number;

    private void TranslateConstant(IlInstruction instruction, string name)
    {
        Push(name switch
        {
            "ldc.i4" or "ldc.i4.s" => Constant.Of((int)instruction.Number),
            "ldc.i4.m1" => Constant.Of(-1),
            "ldc.i8" => Constant.Of(instruction.Number),
            "ldc.r4" => Constant.Of((float)instruction.Real),
            "ldc.r8" => Constant.Of(instruction.Real),
            _ => Constant.Of(name[^1] - '0'),
        });
    }

    // ---- Variables -------------------------------------------------------------------------------------------------

    private void LoadVariable(Variable[] variables, Type type) => stack.Push(new Operand(Array.ConvertAll(variables, graph.Read), type.IsByRef));

    private static Operand ReferenceTo(ArraySegment<Variable> variables) => new([new Place(variables)], IsReference: true);

    private void Assign(ArraySegment<Variable> variables, Operand operand)
    {
        if (operand.Leaves.Length != variables.Count) throw Refuse("a value of another type was expected");
        for (int i = 0; i < variables.Count; i++) graph.Write(variables[i], Coerce(operand.Leaves[i].Current, variables[i].Scalar.Kind));
    }

    // ---- Arithmetic ------------------------------------------------------------------------------------------------

    private void Binary(string name, bool unsigned)
    {
        (Value right, Value left) = (PopScalar(), PopScalar());
        if (name is "and" or "or" or "xor" && IsTruth(left) && IsTruth(right) && (left.Kind == ValueKind.Predicate || right.Kind == ValueKind.Predicate))
        {
            Push(graph.Pure(name + ".pred", ValueKind.Predicate, Coerce(left, ValueKind.Predicate), Coerce(right, ValueKind.Predicate)));
            return;
        }
        ValueKind kind = Promote(ref left, ref right);
        bool real = kind is ValueKind.Float32 or ValueKind.Float64;
        if (real && name == "rem") throw Refuse("the remainder of floating-point numbers has no translation");
        string opcode = name switch
        {
            "mul" when !real => "mul.lo",
            "div" when real => "div.rn",
            _ => name,
        };
        string suffix = name is "and" or "or" or "xor" ? "b" : unsigned ? "u" : "s";
        Push(graph.Pure($"{opcode}.{(real ? "f" : suffix)}{Bits(kind)}", kind, left, right));
    }

    // IL leaves shifts by the width and more undefined, C# masks the count, PTX clamps it.
    private void Shift(string name, bool unsigned)
    {
        Value count = ConvertTo(Coerce(PopScalar(), ValueKind.Int32), "i4"), value = Integer(PopScalar());
        int bits = Bits(value.Kind);
        if (Range.Maximum(count) is not { } maximum || maximum >= bits) count = graph.Pure("and.b32", ValueKind.Int32, count, Constant.Of(bits - 1));
        Push(graph.Pure($"{name}.{(name == "shl" ? "b" : unsigned ? "u" : "s")}{bits}", value.Kind, value, count));
    }

    private void Unary(string name)
    {
        Value value = Integer(PopScalar());
        string type = name == "not" ? "b" : value.Kind is ValueKind.Float32 or ValueKind.Float64 ? "f" : "s";
        Push(graph.Pure($"{name}.{type}{Bits(value.Kind)}", value.Kind, value));
    }

    /// <summary>Compares the two topmost values. Of floats, "unsigned" is IL's ".un": it also holds where one is NaN.</summary>
    private Value Compare(string comparison, bool unsigned)
    {
        (Value right, Value left) = (PopScalar(), PopScalar());
        if (comparison is "eq" or "ne" && IsTruth(left) && IsTruth(right) && (left.Kind == ValueKind.Predicate || right.Kind == ValueKind.Predicate))
        {
            Value differ = graph.Pure("xor.pred", ValueKind.Predicate, Coerce(left, ValueKind.Predicate), Coerce(right, ValueKind.Predicate));
            return comparison == "ne" ? differ : Not(differ);
        }
        ValueKind kind = Promote(ref left, ref right);
        if (kind is ValueKind.Float32 or ValueKind.Float64)
            return graph.Pure($"setp.{comparison}{(unsigned ? "u" : "")}.f{Bits(kind)}", ValueKind.Predicate, left, right);
        return graph.Pure($"setp.{comparison}.{(unsigned && comparison is not ("eq" or "ne") ? "u" : "s")}{Bits(kind)}", ValueKind.Predicate, left, right);
    }

    public Value Not(Value condition) => graph.Pure("not.pred", ValueKind.Predicate, condition);

    private static bool IsTruth(Value value) => value.Kind == ValueKind.Predicate || value is Constant { Kind: ValueKind.Int32, Bits: 0 or 1 };

    // Both operands to one kind: truth values count as integers, native integers take 32-bit ones, doubles take floats.
    private ValueKind Promote(ref Value left, ref Value right)
    {
        (left, right) = (Integer(left), Integer(right));
        if (left.Kind == right.Kind && left.Kind != ValueKind.Place) return left.Kind;
        ValueKind kind = (left.Kind, right.Kind) switch
        {
            (ValueKind.Int32 or ValueKind.Int64, ValueKind.Int32 or ValueKind.Int64) => ValueKind.Int64,
            (ValueKind.Float32 or ValueKind.Float64, ValueKind.Float32 or ValueKind.Float64) => ValueKind.Float64,
            _ => throw Refuse("arithmetic on references has no translation"),
        };
        (left, right) = (Coerce(left, kind), Coerce(right, kind));
        return kind;
    }

    private Value Integer(Value value) => value.Kind == ValueKind.Predicate ? Coerce(value, ValueKind.Int32) : value;

    public static int Bits(ValueKind kind) => kind is ValueKind.Int64 or ValueKind.Float64 ? 64 : 32;

    // ---- Conversions -----------------------------------------------------------------------------------------------

    /// <summary>The same number in another kind of register; between integers and floats of a size, the same bits.</summary>
    public Value Coerce(Value value, ValueKind kind)
    {
        if (value.Kind == kind || value.Kind == ValueKind.Place) return value;
        return (value.Kind, kind) switch
        {
            (ValueKind.Predicate, ValueKind.Int32) => graph.Pure("selp.b32", kind, Constant.Of(1), Constant.Of(0), value),
            (ValueKind.Int32, ValueKind.Predicate) => graph.Pure("setp.ne.s32", kind, value, Constant.Of(0)),
            (ValueKind.Int32, ValueKind.Int64) => graph.Pure("cvt.s64.s32", kind, value),
            (ValueKind.Float32, ValueKind.Float64) => graph.Pure("cvt.f64.f32", kind, value),
            (ValueKind.Float64, ValueKind.Float32) => graph.Pure("cvt.rn.f32.f64", kind, value),
            (ValueKind.Float32, ValueKind.Int32) or (ValueKind.Int32, ValueKind.Float32) => graph.Pure("mov.b32", kind, value),
            (ValueKind.Float64, ValueKind.Int64) or (ValueKind.Int64, ValueKind.Float64) => graph.Pure("mov.b64", kind, value),
            _ => throw Refuse($"a value of kind {kind} was expected, not {value.Kind}"),
        };
    }

    /// <summary>IL's conv: <paramref name="target"/> is the part behind "conv.".</summary>
    private Value ConvertTo(Value value, string target)
    {
        if (value.Kind == ValueKind.Place) return value;
        value = Integer(value);
        bool real = value.Kind is ValueKind.Float32 or ValueKind.Float64;
        string from = real ? "f" + Bits(value.Kind) : "";
        switch (target)
        {
            case "r4" when value.Kind == ValueKind.Float32:
            case "r8" when value.Kind == ValueKind.Float64:
                return value;
            case "r4":
                return real ? Coerce(value, ValueKind.Float32) : graph.Pure($"cvt.rn.f32.s{Bits(value.Kind)}", ValueKind.Float32, value);
            case "r8":
                return real ? Coerce(value, ValueKind.Float64) : graph.Pure($"cvt.rn.f64.s{Bits(value.Kind)}", ValueKind.Float64, value);
            case "r.un":
                return graph.Pure($"cvt.rn.f64.u{Bits(value.Kind)}", ValueKind.Float64, value);
            case "i8" or "u8" or "i" or "u":
                string sign = target[0] == 'i' ? "s" : "u";
                if (real) return graph.Pure($"cvt.rzi.{sign}64.{from}", ValueKind.Int64, value);
                return value.Kind == ValueKind.Int64 ? value : graph.Pure($"cvt.{sign}64.{sign}32", ValueKind.Int64, value);
        }

        Value word = real ? graph.Pure($"cvt.rzi.{(target is "u4" ? "u" : "s")}32.{from}", ValueKind.Int32, value)
            : value.Kind == ValueKind.Int64 ? graph.Pure("cvt.u32.u64", ValueKind.Int32, value)
            : value;
        return target switch
        {
            "i4" or "u4" => word,
            "u1" => graph.Pure("and.b32", ValueKind.Int32, word, Constant.Of(0xFF)),
            "u2" => graph.Pure("and.b32", ValueKind.Int32, word, Constant.Of(0xFFFF)),
            "i1" => graph.Pure("cvt.s32.s8", ValueKind.Int32, word),
            _ => graph.Pure("cvt.s32.s16", ValueKind.Int32, word),
        };
    }
}
