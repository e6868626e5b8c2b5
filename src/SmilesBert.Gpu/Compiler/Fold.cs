using System.Numerics;

namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Says what an instruction equals where that is simpler: a constant, one of its operands, or another instruction. Constants fold with C#'s
/// meaning (integers wrap); floating-point arithmetic folds only where the result is exact whatever the rounding of the device.
/// </summary>
internal static class Fold
{
    /// <summary>The simpler value; null where there is none. A new instruction stands where the old one stood.</summary>
    public static Value? Simplify(Instruction instruction)
    {
        if (instruction.Effect != Effect.None || instruction.Operands.Length == 0) return null;
        Value[] operands = instruction.Operands;
        for (int i = 0; i < operands.Length; i++) operands[i] = operands[i].Current;

        string opcode = instruction.Opcode;
        int dot = opcode.IndexOf('.');
        ReadOnlySpan<char> name = dot < 0 ? opcode : opcode.AsSpan(0, dot);
        ReadOnlySpan<char> type = opcode.AsSpan(opcode.LastIndexOf('.') + 1);
        bool signed = type[0] == 's';
        return name switch
        {
            "selp" => FoldSelect(operands),
            "not" => FoldNot(instruction, operands[0]),
            "setp" => FoldCompare(instruction, opcode.AsSpan()[(dot + 1)..opcode.LastIndexOf('.')], type, operands[0], operands[1]),
            "cvt" => FoldConvert(opcode, operands[0]),
            "mov" => operands[0] is Constant c && instruction.Kind != c.Kind ? Reinterpret(c, instruction.Kind) : null,
            "mul" when opcode is "mul.wide.u32" or "mul.wide.s32" => FoldWide(signed, operands),
            "mul" when type is "f32" => IsOne(operands[1]) ? operands[0] : IsOne(operands[0]) ? operands[1] : null,
            "add" or "sub" or "mul" or "div" or "rem" or "and" or "or" or "xor" or "shl" or "shr" or "min" or "max" or "neg" or "abs" when type[0] != 'f' =>
                FoldInteger(instruction, name, opcode, type, signed),
            _ => null,
        };
    }

    private static bool IsOne(Value value) => value is Constant { Kind: ValueKind.Float32, Single: 1f };

    private static Value? FoldInteger(Instruction instruction, ReadOnlySpan<char> name, string opcode, ReadOnlySpan<char> type, bool signed)
    {
        Value[] operands = instruction.Operands;
        ValueKind kind = instruction.Kind;
        if (operands.Length == 1) return operands[0] is Constant only && name is "neg" ? Constant.Integer(kind, -only.Bits) : null;
        if (opcode.StartsWith("mul.hi", StringComparison.Ordinal)) return null;

        // Constants stand on the right.
        if (operands[0] is Constant && operands[1] is not Constant && name is "add" or "mul" or "and" or "or" or "xor")
            (operands[0], operands[1]) = (operands[1], operands[0]);
        if (operands[1] is not Constant right) return SameOperands(name, operands, kind);
        if (operands[0] is Constant left) return Evaluate(name, kind, type, signed, left.Bits, right.Bits);

        long number = right.Bits;
        switch (name)
        {
            case "add" or "or" or "xor" or "shl" or "shr" when number == 0:
            case "mul" or "div" when number == 1:
            case "and" when kind == ValueKind.Predicate ? number == 1 : number == -1:
                return operands[0];
            case "mul" or "and" when number == 0:
                return right;
            case "or" when kind == ValueKind.Predicate && number == 1:
                return right;
            case "rem" when number == 1:
                return Constant.Zero(kind);
            case "sub":
                return new Instruction(opcode.Replace("sub", "add"), kind, Effect.None, operands[0], Constant.Integer(kind, -number));
            case "add" when operands[0] is Instruction { Opcode: "add.s32" or "add.s64", Effect: Effect.None } inner && inner.Operands[1] is Constant c:
                return new Instruction(opcode, kind, Effect.None, inner.Operands[0].Current, Constant.Integer(kind, c.Bits + number));
            case "div" or "rem" when number > 0 && (!signed || Range.Maximum(operands[0]) is not null):
                return DivideByConstant(name, type, kind, operands[0], number);
            default:
                return null;
        }
    }

    // Of a dividend that is unsigned, or known not to be negative.
    private static Instruction? DivideByConstant(ReadOnlySpan<char> name, ReadOnlySpan<char> type, ValueKind kind, Value dividend, long divisor)
    {
        ReadOnlySpan<char> bits = type[1..];
        if (BitOperations.IsPow2(divisor))
        {
            return name is "div"
                ? new Instruction($"shr.u{bits}", kind, Effect.None, dividend, Constant.Of(BitOperations.Log2((ulong)divisor)))
                : new Instruction($"and.b{bits}", kind, Effect.None, dividend, Constant.Integer(kind, divisor - 1));
        }
        return type[0] == 's' ? new Instruction($"{name}.u{bits}", kind, Effect.None, dividend, Constant.Integer(kind, divisor)) : null;
    }

    private static Value? SameOperands(ReadOnlySpan<char> name, Value[] operands, ValueKind kind)
    {
        if (operands[0] != operands[1]) return null;
        return name switch
        {
            "and" or "or" or "min" or "max" => operands[0],
            "sub" or "xor" => Constant.Zero(kind),
            _ => null,
        };
    }

    private static Constant? Evaluate(ReadOnlySpan<char> name, ValueKind kind, ReadOnlySpan<char> type, bool signed, long a, long b)
    {
        bool wide = type[1..] is "64";
        ulong ua = wide ? (ulong)a : (uint)a, ub = wide ? (ulong)b : (uint)b;
        int shift = (int)b & (wide ? 63 : 31);
        if (name is "div" or "rem" && (b == 0 || (signed && b == -1))) return null;
        long result = name switch
        {
            "add" => a + b,
            "sub" => a - b,
            "mul" => a * b,
            "div" => signed ? a / b : (long)(ua / ub),
            "rem" => signed ? a % b : (long)(ua % ub),
            "and" => a & b,
            "or" => a | b,
            "xor" => a ^ b,
            "shl" => a << shift,
            "shr" => signed ? a >> shift : (long)(ua >> shift),
            "min" => signed ? Math.Min(a, b) : (long)Math.Min(ua, ub),
            _ => signed ? Math.Max(a, b) : (long)Math.Max(ua, ub),
        };
        return kind == ValueKind.Predicate ? Constant.Of(result != 0) : Constant.Integer(kind, result);
    }

    private static Value? FoldWide(bool signed, Value[] operands)
    {
        if (operands[0] is not Constant a || operands[1] is not Constant b) return null;
        return Constant.Of(signed ? a.Bits * b.Bits : (long)((ulong)(uint)a.Bits * (uint)b.Bits));
    }

    private static Value? FoldSelect(Value[] operands)
    {
        (Value whenTrue, Value whenFalse, Value condition) = (operands[0], operands[1], operands[2]);
        if (condition is Constant known) return known.Bits != 0 ? whenTrue : whenFalse;
        return whenTrue == whenFalse || (whenTrue is Constant a && whenFalse is Constant b && a.Equals(b)) ? whenTrue : null;
    }

    private static Value? FoldNot(Instruction not, Value operand)
    {
        if (operand is Constant constant) return not.Kind == ValueKind.Predicate ? Constant.Of(constant.Bits == 0) : Constant.Integer(not.Kind, ~constant.Bits);
        if (operand is not Instruction inner) return null;
        if (inner.Opcode == not.Opcode) return inner.Operands[0].Current;
        if (!inner.Opcode.StartsWith("setp.", StringComparison.Ordinal)) return null;
        string[] parts = inner.Opcode.Split('.');
        return new Instruction($"setp.{Comparison.Opposite(parts[1], parts[2])}.{parts[2]}", ValueKind.Predicate, Effect.None, inner.Operands);
    }

    private static Value? FoldCompare(Instruction instruction, ReadOnlySpan<char> comparison, ReadOnlySpan<char> type, Value left, Value right)
    {
        if (type[0] == 'f') return null;
        if (left is Constant a && right is Constant b) return Constant.Of(Comparison.Holds(comparison, type, a.Bits, b.Bits));
        // A truth value that went through an integer: selp 1, 0 compared with 0.
        if (right is not Constant { Bits: 0 } || left is not Instruction { Opcode: "selp.b32" } select) return null;
        if (select.Operands[0].Current is not Constant { Bits: 1 } || select.Operands[1].Current is not Constant { Bits: 0 }) return null;
        Value condition = select.Operands[2].Current;
        return comparison switch
        {
            "ne" or "gt" => condition,
            "eq" or "le" => new Instruction("not.pred", ValueKind.Predicate, Effect.None, condition),
            _ => null,
        };
    }

    private static Value? FoldConvert(string opcode, Value operand)
    {
        if (operand is Constant c)
        {
            switch (opcode)
            {
                case "cvt.s64.s32": return Constant.Of(c.Bits);
                case "cvt.u64.u32": return Constant.Of((long)(uint)c.Bits);
                case "cvt.u32.u64": return Constant.Of((int)c.Bits);
                case "cvt.s32.s8": return Constant.Of((sbyte)c.Bits);
                case "cvt.s32.s16": return Constant.Of((short)c.Bits);
                case "cvt.rn.f32.s32": return Constant.Of((float)(int)c.Bits);
                case "cvt.rn.f32.u32": return Constant.Of((float)(uint)c.Bits);
                case "cvt.f64.f32": return Constant.Of((double)c.Single);
                case "cvt.rn.f32.f64": return Constant.Of((float)c.Double);
                case "cvt.rn.f64.s32": return Constant.Of((double)(int)c.Bits);
                default: return null;
            }
        }
        if (operand is not Instruction { Effect: Effect.None } inner) return null;
        Value source = inner.Operands.Length > 0 ? inner.Operands[0].Current : inner;
        return (opcode, inner.Opcode) switch
        {
            ("cvt.u32.u64", "cvt.s64.s32" or "cvt.u64.u32") => source,
            // (float)unsigned: IL goes by way of F, a real double would round twice.
            ("cvt.rn.f32.f64", "cvt.rn.f64.u32") => new Instruction("cvt.rn.f32.u32", ValueKind.Float32, Effect.None, source),
            ("cvt.rn.f32.f64", "cvt.rn.f64.u64") => new Instruction("cvt.rn.f32.u64", ValueKind.Float32, Effect.None, source),
            ("cvt.rn.f32.f64", "cvt.f64.f32") => source,
            _ => null,
        };
    }

    private static Constant Reinterpret(Constant constant, ValueKind kind) => kind switch
    {
        ValueKind.Float32 => Constant.Of(constant.Single),
        ValueKind.Float64 => Constant.Of(constant.Double),
        _ => Constant.Integer(kind, constant.Bits),
    };
}
