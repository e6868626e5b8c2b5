namespace SmilesBert.Gpu.Compiler;

// Numbers: XMath, Math, MathF, bits.
internal static partial class Intrinsics
{
    private const float Log2OfE = 1.44269504f, LogOf2 = 0.69314718f;

    private static void AddMath()
    {
        foreach (string type in (string[])["ILGPU.Algorithms.XMath", "System.Math", "System.MathF"])
        {
            Add(type, "Min", call => MinMax(call, "min"));
            Add(type, "Max", call => MinMax(call, "max"));
            Add(type, "Abs", call => call.Pure($"abs.{Suffix(call, signed: true)}", call.Scalar(0).Kind, call.Scalar(0)));
            Add(type, "Sqrt", call => call.Pure($"sqrt.rn.{Suffix(call, signed: true)}", call.Scalar(0).Kind, call.Scalar(0)));
            Add(type, "Floor", call => call.Pure($"cvt.rmi.{Suffix(call, true)}.{Suffix(call, true)}", call.Scalar(0).Kind, call.Scalar(0)));
            Add(type, "Ceiling", call => call.Pure($"cvt.rpi.{Suffix(call, true)}.{Suffix(call, true)}", call.Scalar(0).Kind, call.Scalar(0)));
        }
        foreach (string type in (string[])["ILGPU.Algorithms.XMath", "System.MathF"])
        {
            Add(type, "Exp", call => Approximate(call, "ex2.approx.f32", call.Graph.Pure("mul.f32", ValueKind.Float32, Single(call), Constant.Of(Log2OfE))));
            Add(type, "Log2", call => Approximate(call, "lg2.approx.f32", Single(call)));
            Add(type, "Log", call => call.Pure("mul.f32", ValueKind.Float32, call.Graph.Pure("lg2.approx.f32", ValueKind.Float32, Single(call)), Constant.Of(LogOf2)));
        }
        Add("ILGPU.Algorithms.XMath", "Exp2", call => Approximate(call, "ex2.approx.f32", Single(call)));
        Add("ILGPU.Algorithms.XMath", "Rcp", call => call.Pure($"rcp.rn.{Suffix(call, true)}", call.Scalar(0).Kind, call.Scalar(0)));
        Add("ILGPU.Algorithms.XMath", "Rsqrt", Rsqrt);
        Add("ILGPU.Algorithms.XMath", "Clamp", Clamp);

        Add("System.Math", "BigMul", call => call.Parameters[0].ParameterType == typeof(uint) ? call.Pure("mul.wide.u32", ValueKind.Int64, call.Scalar(0), call.Scalar(1))
            : call.Parameters[0].ParameterType == typeof(int) ? call.Pure("mul.wide.s32", ValueKind.Int64, call.Scalar(0), call.Scalar(1))
            : throw call.Translator.Refuse("Math.BigMul of 64-bit numbers has no translation"));
        Add("System.Numerics.BitOperations", "PopCount", call => call.Pure($"popc.b{Bits(call)}", ValueKind.Int32, call.Scalar(0)));
        Add("System.Numerics.BitOperations", "LeadingZeroCount", call => call.Pure($"clz.b{Bits(call)}", ValueKind.Int32, call.Scalar(0)));
        Add("System.Numerics.BitOperations", "TrailingZeroCount", call =>
            call.Pure($"clz.b{Bits(call)}", ValueKind.Int32, call.Graph.Pure($"brev.b{Bits(call)}", call.Scalar(0).Kind, call.Scalar(0))));

        foreach ((string type, string method, ValueKind kind) in ((string, string, ValueKind)[])[
            ("ILGPU.Interop", "FloatAsInt", ValueKind.Int32), ("ILGPU.Interop", "IntAsFloat", ValueKind.Float32),
            ("System.BitConverter", "SingleToInt32Bits", ValueKind.Int32), ("System.BitConverter", "SingleToUInt32Bits", ValueKind.Int32),
            ("System.BitConverter", "Int32BitsToSingle", ValueKind.Float32), ("System.BitConverter", "UInt32BitsToSingle", ValueKind.Float32),
            ("System.BitConverter", "DoubleToInt64Bits", ValueKind.Int64), ("System.BitConverter", "DoubleToUInt64Bits", ValueKind.Int64),
            ("System.BitConverter", "Int64BitsToDouble", ValueKind.Float64), ("System.BitConverter", "UInt64BitsToDouble", ValueKind.Float64)])
            Add(type, method, call => Translator.Bits(call.Scalar(0).Kind) == Translator.Bits(kind)
                ? new Operand(call.Translator.Coerce(call.Scalar(0), kind))
                : throw call.Translator.Refuse($"{call.Method.Name} of a {call.Parameters[0].ParameterType.Name} has no translation"));
    }

    private static int Bits(IntrinsicCall call) => Translator.Bits(call.Scalar(0).Kind);

    // The type of PTX arithmetic on the first argument: f32, s64, u32.
    private static string Suffix(IntrinsicCall call, bool signed)
    {
        Value value = call.Scalar(0);
        return (value.Kind is ValueKind.Float32 or ValueKind.Float64 ? "f" : signed ? "s" : "u") + Translator.Bits(value.Kind);
    }

    private static Value Single(IntrinsicCall call) =>
        call.Scalar(0) is { Kind: ValueKind.Float32 } value ? value : throw call.Translator.Refuse($"{call.Method.Name} is approximated in float only");

    private static Operand? Approximate(IntrinsicCall call, string opcode, Value operand) => call.Pure(opcode, ValueKind.Float32, operand);

    // PTX returns the number where one of two floats is NaN, as ILGPU does on a GPU.
    private static Operand? MinMax(IntrinsicCall call, string opcode)
    {
        bool unsigned = Type.GetTypeCode(call.Parameters[0].ParameterType) is TypeCode.UInt32 or TypeCode.UInt64;
        return call.Pure($"{opcode}.{Suffix(call, !unsigned)}", call.Scalar(0).Kind, call.Scalar(0), call.Scalar(1));
    }

    // The correctly rounded root's correctly rounded reciprocal; rsqrt.approx would be a bit or two off.
    private static Operand? Rsqrt(IntrinsicCall call)
    {
        string type = Suffix(call, signed: true);
        ValueKind kind = call.Scalar(0).Kind;
        return call.Pure($"rcp.rn.{type}", kind, call.Graph.Pure($"sqrt.rn.{type}", kind, call.Scalar(0)));
    }

    private static Operand? Clamp(IntrinsicCall call)
    {
        bool unsigned = Type.GetTypeCode(call.Parameters[0].ParameterType) is TypeCode.UInt32 or TypeCode.UInt64;
        string type = Suffix(call, !unsigned);
        ValueKind kind = call.Scalar(0).Kind;
        return call.Pure($"min.{type}", kind, call.Graph.Pure($"max.{type}", kind, call.Scalar(0), call.Scalar(1)), call.Scalar(2));
    }
}
