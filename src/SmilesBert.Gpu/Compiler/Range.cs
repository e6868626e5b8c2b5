namespace SmilesBert.Gpu.Compiler;

/// <summary>What is known of an integer's size: enough to divide thread numbers by shifting.</summary>
internal static class Range
{
    private const int Depth = 8;                                // operands of operands that are looked at

    /// <summary>The largest number that a value can be; null where it may be negative, or nothing is known.</summary>
    public static long? Maximum(Value value) => Maximum(value, Depth);

    private static long? Maximum(Value value, int depth)
    {
        value = value.Current;
        if (value is Constant constant) return constant.Kind is ValueKind.Int32 or ValueKind.Int64 && constant.Bits >= 0 ? constant.Bits : null;
        if (depth == 0 || value is not Instruction instruction) return null;
        long? a = instruction.Operands.Length > 0 ? Maximum(instruction.Operands[0], depth - 1) : null;
        long? b = instruction.Operands.Length > 1 ? Maximum(instruction.Operands[1], depth - 1) : null;
        return instruction.Opcode switch
        {
            "mov.u32" when instruction.Operands[0] is Symbol symbol => OfRegister(symbol.Name),
            "add.s32" => Bounded(a + b),
            "mul.lo.s32" => Bounded(a * b),
            "and.b32" => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value),
            "shr.u32" when instruction.Operands[1].Current is Constant { Bits: > 0 } by => uint.MaxValue >> (int)by.Bits,
            "div.s32" or "div.u32" or "shr.u32" => b is null ? null : a,
            "rem.s32" or "rem.u32" => a is null || b is null or 0 ? null : Math.Min(a.Value, b.Value - 1),
            "selp.b32" => a is null || b is null ? null : Math.Max(a.Value, b.Value),
            _ => null,
        };
    }

    private static long? Bounded(long? value) => value <= int.MaxValue ? value : null;

    private static long? OfRegister(string name) => name switch
    {
        "%laneid" => 31,
        "%tid.x" => 1023,
        "%ntid.x" => 1024,
        "%ctaid.x" or "%nctaid.x" => int.MaxValue,
        _ => null,
    };
}
