namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    private static Instruction Add(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out FloatOptions options);
        if (options.IsSaturated && type == PtxType.S32) return LaneBinary<int, int, int>(r, type, (a, b) => (int)Math.Clamp((long)a + b, int.MinValue, int.MaxValue));
        return type switch
        {
            PtxType.F32 => Single<Add<float>>(r, options),
            PtxType.F64 => Vector<double, Add<double>>(r, type),
            PtxType.U32 or PtxType.S32 => Vector<int, Add<int>>(r, type),
            PtxType.U64 or PtxType.S64 => Vector<long, Add<long>>(r, type),
            PtxType.U16 or PtxType.S16 => LaneBinary<ushort, ushort, ushort>(r, type, (a, b) => (ushort)(a + b)),
            PtxType.F16 => LaneBinary<Half, Half, Half>(r, type, (a, b) => a + b),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Sub(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out FloatOptions options);
        if (options.IsSaturated && type == PtxType.S32) return LaneBinary<int, int, int>(r, type, (a, b) => (int)Math.Clamp((long)a - b, int.MinValue, int.MaxValue));
        return type switch
        {
            PtxType.F32 => Single<Subtract<float>>(r, options),
            PtxType.F64 => Vector<double, Subtract<double>>(r, type),
            PtxType.U32 or PtxType.S32 => Vector<int, Subtract<int>>(r, type),
            PtxType.U64 or PtxType.S64 => Vector<long, Subtract<long>>(r, type),
            PtxType.U16 or PtxType.S16 => LaneBinary<ushort, ushort, ushort>(r, type, (a, b) => (ushort)(a - b)),
            PtxType.F16 => LaneBinary<Half, Half, Half>(r, type, (a, b) => a - b),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Mul(InstructionReader r)
    {
        string? half = r.OneOf(".lo", ".hi", ".wide");
        PtxType type = ArithmeticType(r, out FloatOptions options);
        return (half, type) switch
        {
            (null, PtxType.F32) => Single<Multiply<float>>(r, options),
            (null, PtxType.F64) => Vector<double, Multiply<double>>(r, type),
            (null, PtxType.F16) => LaneBinary<Half, Half, Half>(r, type, (a, b) => a * b),
            (".lo", PtxType.U32 or PtxType.S32) => Vector<int, Multiply<int>>(r, type),
            (".lo", PtxType.U64 or PtxType.S64) => Vector<long, Multiply<long>>(r, type),
            (".lo", PtxType.U16 or PtxType.S16) => LaneBinary<ushort, ushort, ushort>(r, type, (a, b) => (ushort)(a * b)),
            (".hi", PtxType.U32) => LaneBinary<uint, uint, uint>(r, type, (a, b) => (uint)((ulong)a * b >> 32)),
            (".hi", PtxType.S32) => LaneBinary<int, int, int>(r, type, (a, b) => (int)((long)a * b >> 32)),
            (".hi", PtxType.U64) => LaneBinary<ulong, ulong, ulong>(r, type, (a, b) => Math.BigMul(a, b, out _)),
            (".hi", PtxType.S64) => LaneBinary<long, long, long>(r, type, (a, b) => Math.BigMul(a, b, out _)),
            (".hi", PtxType.U16) => LaneBinary<ushort, ushort, ushort>(r, type, (a, b) => (ushort)((uint)a * b >> 16)),
            (".hi", PtxType.S16) => LaneBinary<short, short, short>(r, type, (a, b) => (short)(a * b >> 16)),
            (".wide", PtxType.U32) => new WideMultiply<uint, ulong>(r.Destination(PtxType.U64), r.Source(type), r.Source(type)),
            (".wide", PtxType.S32) => new WideMultiply<int, long>(r.Destination(PtxType.U64), r.Source(type), r.Source(type)),
            (".wide", PtxType.U16) => new LaneBinary<ushort, ushort, uint>(r.Destination(PtxType.U32), r.Source(type), r.Source(type), (a, b) => (uint)a * b),
            (".wide", PtxType.S16) => new LaneBinary<short, short, int>(r.Destination(PtxType.U32), r.Source(type), r.Source(type), (a, b) => a * b),
            _ => throw r.Error($"'mul{half}' on {type.Dotted()} is not supported"),
        };
    }

    private static Instruction Mad(InstructionReader r)
    {
        string? half = r.OneOf(".lo", ".hi", ".wide");
        if (half == null) return Fma(r);

        PtxType type = ArithmeticType(r, out _);
        return (half, type) switch
        {
            (".lo", PtxType.U32 or PtxType.S32) => VectorThree<int, MultiplyAdd<int>>(r, type),
            (".lo", PtxType.U64 or PtxType.S64) => VectorThree<long, MultiplyAdd<long>>(r, type),
            (".lo", PtxType.U16 or PtxType.S16) => LaneTernary<ushort, ushort>(r, type, (a, b, c) => (ushort)(a * b + c)),
            (".hi", PtxType.U32) => LaneTernary<uint, uint>(r, type, (a, b, c) => (uint)((ulong)a * b >> 32) + c),
            (".hi", PtxType.S32) => LaneTernary<int, int>(r, type, (a, b, c) => (int)((long)a * b >> 32) + c),
            (".hi", PtxType.U64) => LaneTernary<ulong, ulong>(r, type, (a, b, c) => Math.BigMul(a, b, out _) + c),
            (".hi", PtxType.S64) => LaneTernary<long, long>(r, type, (a, b, c) => Math.BigMul(a, b, out _) + c),
            (".wide", PtxType.U32) => MadWide<uint, ulong>(r, type, (a, b, c) => (ulong)a * b + c),
            (".wide", PtxType.S32) => MadWide<int, long>(r, type, (a, b, c) => (long)a * b + c),
            (".wide", PtxType.U16) => new LaneTernary<ushort, ushort, uint, uint>(
                r.Destination(PtxType.U32), r.Source(type), r.Source(type), r.Source(PtxType.U32), (a, b, c) => (uint)a * b + c),
            (".wide", PtxType.S16) => new LaneTernary<short, short, int, int>(
                r.Destination(PtxType.U32), r.Source(type), r.Source(type), r.Source(PtxType.U32), (a, b, c) => a * b + c),
            _ => throw r.Error($"'mad{half}' on {type.Dotted()} is not supported"),
        };
    }

    private static Instruction Fma(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out FloatOptions options);
        r.Class = OpcodeClass.FusedMultiplyAdd;
        switch (type)
        {
            case PtxType.F64: return VectorThree<double, FusedDouble>(r, type);
            // The product is exact in double and its sum with a half has fewer bits than double holds, but for ties far below half's range.
            case PtxType.F16: return LaneTernary<Half, Half>(r, type, (a, b, c) => (Half)((double)a * (double)b + (double)c));
            case PtxType.F32: break;
            default: throw r.BadType(type);
        }
        (int d, int a, int b, int c) = (r.Destination(type), r.Source(type), r.Source(type), r.Source(type));
        return options switch
        {
            { IsSaturated: true, IsFlushed: true } => new VectorTernary<float, SaturatedTernary<FlushedTernary<FusedSingle>>>(d, a, b, c),
            { IsSaturated: true } => new VectorTernary<float, SaturatedTernary<FusedSingle>>(d, a, b, c),
            { IsFlushed: true } => new VectorTernary<float, FlushedTernary<FusedSingle>>(d, a, b, c),
            _ => new VectorTernary<float, FusedSingle>(d, a, b, c),
        };
    }

    private static Instruction Div(InstructionReader r)
    {
        r.Ignore(".approx", ".full");                                   // to float precision both are the quotient, rounded
        PtxType type = ArithmeticType(r, out FloatOptions options);
        return type switch
        {
            PtxType.F32 => Single<Divide<float>>(r, options),
            PtxType.F64 => Vector<double, Divide<double>>(r, type),
            // By zero a GPU gives all ones; the smallest number by -1 wraps.
            PtxType.U32 => LaneBinary<uint, uint, uint>(r, type, (a, b) => b == 0 ? uint.MaxValue : a / b),
            PtxType.S32 => LaneBinary<int, int, int>(r, type, (a, b) => b == 0 ? -1 : b == -1 ? unchecked(-a) : a / b),
            PtxType.U64 => LaneBinary<ulong, ulong, ulong>(r, type, (a, b) => b == 0 ? ulong.MaxValue : a / b),
            PtxType.S64 => LaneBinary<long, long, long>(r, type, (a, b) => b == 0 ? -1 : b == -1 ? unchecked(-a) : a / b),
            PtxType.U16 => LaneBinary<ushort, ushort, ushort>(r, type, (a, b) => b == 0 ? ushort.MaxValue : (ushort)(a / b)),
            PtxType.S16 => LaneBinary<short, short, short>(r, type, (a, b) => b == 0 ? (short)-1 : (short)(a / b)),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Rem(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out _);
        return type switch
        {
            PtxType.U32 => LaneBinary<uint, uint, uint>(r, type, (a, b) => b == 0 ? a : a % b),
            PtxType.S32 => LaneBinary<int, int, int>(r, type, (a, b) => b == 0 ? a : b == -1 ? 0 : a % b),
            PtxType.U64 => LaneBinary<ulong, ulong, ulong>(r, type, (a, b) => b == 0 ? a : a % b),
            PtxType.S64 => LaneBinary<long, long, long>(r, type, (a, b) => b == 0 ? a : b == -1 ? 0 : a % b),
            PtxType.U16 => LaneBinary<ushort, ushort, ushort>(r, type, (a, b) => b == 0 ? a : (ushort)(a % b)),
            PtxType.S16 => LaneBinary<short, short, short>(r, type, (a, b) => b == 0 ? a : (short)(a % b)),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Sad(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out _);
        return type switch
        {
            PtxType.U32 => LaneTernary<uint, uint>(r, type, (a, b, c) => c + (a > b ? a - b : b - a)),
            PtxType.S32 => LaneTernary<int, int>(r, type, (a, b, c) => c + (a > b ? a - b : b - a)),
            PtxType.U64 => LaneTernary<ulong, ulong>(r, type, (a, b, c) => c + (a > b ? a - b : b - a)),
            PtxType.S64 => LaneTernary<long, long>(r, type, (a, b, c) => c + (a > b ? a - b : b - a)),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Neg(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out FloatOptions options);
        return type switch
        {
            PtxType.F32 => SingleUnary<Negate<float>>(r, options),
            PtxType.F64 => VectorOne<double, Negate<double>>(r, type),
            PtxType.S32 => VectorOne<int, Negate<int>>(r, type),
            PtxType.S64 => VectorOne<long, Negate<long>>(r, type),
            PtxType.S16 => LaneUnary<short, short>(r, type, a => (short)-a),
            PtxType.F16 or PtxType.BF16 => LaneUnary<ushort, ushort>(r, type, a => (ushort)(a ^ 0x8000)),
            PtxType.F16x2 or PtxType.BF16x2 => LaneUnary<uint, uint>(r, type, a => a ^ 0x80008000),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Abs(InstructionReader r)
    {
        PtxType type = ArithmeticType(r, out FloatOptions options);
        return type switch
        {
            PtxType.F32 => SingleUnary<Absolute<float>>(r, options),
            PtxType.F64 => VectorOne<double, Absolute<double>>(r, type),
            PtxType.S32 => VectorOne<int, Absolute<int>>(r, type),
            PtxType.S64 => LaneUnary<long, long>(r, type, a => a < 0 ? unchecked(-a) : a),
            PtxType.S16 => LaneUnary<short, short>(r, type, a => (short)(a < 0 ? -a : a)),
            PtxType.F16 or PtxType.BF16 => LaneUnary<ushort, ushort>(r, type, a => (ushort)(a & 0x7FFF)),
            PtxType.F16x2 or PtxType.BF16x2 => LaneUnary<uint, uint>(r, type, a => a & 0x7FFF7FFF),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Min(InstructionReader r)
    {
        bool keepsNaN = r.Has(".NaN");
        PtxType type = ArithmeticType(r, out FloatOptions options);
        return type switch
        {
            PtxType.F32 => keepsNaN ? Single<MinimumOrNaN<float>>(r, options) : Single<Minimum<float>>(r, options),
            PtxType.F64 => Vector<double, Minimum<double>>(r, type),
            PtxType.U32 => Vector<uint, MinimumOrNaN<uint>>(r, type),
            PtxType.S32 => Vector<int, MinimumOrNaN<int>>(r, type),
            PtxType.U64 => Vector<ulong, MinimumOrNaN<ulong>>(r, type),
            PtxType.S64 => Vector<long, MinimumOrNaN<long>>(r, type),
            PtxType.U16 => LaneBinary<ushort, ushort, ushort>(r, type, Math.Min),
            PtxType.S16 => LaneBinary<short, short, short>(r, type, Math.Min),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Max(InstructionReader r)
    {
        bool keepsNaN = r.Has(".NaN");
        PtxType type = ArithmeticType(r, out FloatOptions options);
        return type switch
        {
            PtxType.F32 => keepsNaN ? Single<MaximumOrNaN<float>>(r, options) : Single<Maximum<float>>(r, options),
            PtxType.F64 => Vector<double, Maximum<double>>(r, type),
            PtxType.U32 => Vector<uint, MaximumOrNaN<uint>>(r, type),
            PtxType.S32 => Vector<int, MaximumOrNaN<int>>(r, type),
            PtxType.U64 => Vector<ulong, MaximumOrNaN<ulong>>(r, type),
            PtxType.S64 => Vector<long, MaximumOrNaN<long>>(r, type),
            PtxType.U16 => LaneBinary<ushort, ushort, ushort>(r, type, Math.Max),
            PtxType.S16 => LaneBinary<short, short, short>(r, type, Math.Max),
            _ => throw r.BadType(type),
        };
    }
}
