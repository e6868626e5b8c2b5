namespace SmilesBert.Gpu.Simulator;

// The .approx functions are computed in double and rounded once: nearer to the truth than a GPU's, whose errors are some 2^-22 (tanh: 2^-11).
internal static partial class Decoder
{
    private static Instruction Sqrt(InstructionReader r)
    {
        r.Ignore(".approx");
        PtxType type = FunctionType(r, out FloatOptions options);
        return type == PtxType.F64 ? VectorOne<double, SquareRoot<double>>(r, type) : SingleUnary<SquareRoot<float>>(r, options);
    }

    private static Instruction Rcp(InstructionReader r)
    {
        r.Ignore(".approx");
        PtxType type = FunctionType(r, out FloatOptions options);
        return type == PtxType.F64 ? VectorOne<double, Reciprocal<double>>(r, type) : SingleUnary<Reciprocal<float>>(r, options);
    }

    private static Instruction Rsqrt(InstructionReader r) => Function(r, x => 1 / Math.Sqrt(x), canBeDouble: true);

    private static Instruction Ex2(InstructionReader r) => Function(r, double.Exp2);

    private static Instruction Lg2(InstructionReader r) => Function(r, Math.Log2);

    private static Instruction Sin(InstructionReader r) => Function(r, Math.Sin);

    private static Instruction Cos(InstructionReader r) => Function(r, Math.Cos);

    private static Instruction Tanh(InstructionReader r) => Function(r, Math.Tanh);

    private static PtxType FunctionType(InstructionReader r, out FloatOptions options)
    {
        r.Class = OpcodeClass.SpecialFunction;
        PtxType type = ArithmeticType(r, out options);
        return type is PtxType.F32 or PtxType.F64 ? type : throw r.BadType(type);
    }

    private static Instruction Function(InstructionReader r, Func<double, double> function, bool canBeDouble = false)
    {
        if (!r.Has(".approx")) throw r.Error("'.approx' is missing");
        PtxType type = FunctionType(r, out FloatOptions options);
        if (type == PtxType.F64) return canBeDouble ? LaneUnary(r, type, function) : throw r.BadType(type);
        return options.IsFlushed
            ? LaneUnary<float, float>(r, type, x => FlushOne((float)function(FlushOne(x))))
            : LaneUnary<float, float>(r, type, x => (float)function(x));
    }

    private static float FlushOne(float x) => float.IsSubnormal(x) ? MathF.CopySign(0f, x) : x;

    private static Instruction CopySign(InstructionReader r)
    {
        r.Class = OpcodeClass.Float;
        PtxType type = r.Type();
        return type switch                                              // the sign is the first operand's
        {
            PtxType.F32 => LaneBinary<float, float, float>(r, type, (sign, value) => MathF.CopySign(value, sign)),
            PtxType.F64 => LaneBinary<double, double, double>(r, type, (sign, value) => Math.CopySign(value, sign)),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction TestP(InstructionReader r)
    {
        r.Class = OpcodeClass.Compare;
        string? test = r.OneOf(".finite", ".infinite", ".number", ".notanumber", ".normal", ".subnormal");
        PtxType type = r.Type();
        int d = r.PredicateDestination(r.Operand());
        Func<double, bool>? general = test switch
        {
            ".finite" => double.IsFinite,
            ".infinite" => double.IsInfinity,
            ".number" => x => !double.IsNaN(x),
            ".notanumber" => double.IsNaN,
            _ => null,
        };
        return (type, test) switch
        {
            (PtxType.F32, ".normal") => new LaneTest<float>(d, r.Source(type), float.IsNormal),
            (PtxType.F32, ".subnormal") => new LaneTest<float>(d, r.Source(type), x => float.IsSubnormal(x) || x == 0),
            (PtxType.F64, ".normal") => new LaneTest<double>(d, r.Source(type), double.IsNormal),
            (PtxType.F64, ".subnormal") => new LaneTest<double>(d, r.Source(type), x => double.IsSubnormal(x) || x == 0),
            (PtxType.F32, not null) => new LaneTest<float>(d, r.Source(type), x => general!(x)),
            (PtxType.F64, not null) => new LaneTest<double>(d, r.Source(type), general!),
            _ => throw r.BadType(type),
        };
    }
}
