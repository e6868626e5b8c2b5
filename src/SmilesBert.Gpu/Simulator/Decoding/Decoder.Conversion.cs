namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    private static Instruction Cvt(InstructionReader r)
    {
        r.Class = OpcodeClass.Conversion;
        RoundingMode? toFloat = r.OneOf(".rn", ".rna", ".rz", ".rm", ".rp") switch
        {
            ".rn" => RoundingMode.Nearest,
            ".rna" => RoundingMode.NearestAway,
            ".rz" => RoundingMode.Zero,
            ".rm" => RoundingMode.Down,
            ".rp" => RoundingMode.Up,
            _ => null,
        };
        RoundingMode? toIntegral = r.OneOf(".rni", ".rzi", ".rmi", ".rpi") switch
        {
            ".rni" => RoundingMode.Nearest,
            ".rzi" => RoundingMode.Zero,
            ".rmi" => RoundingMode.Down,
            ".rpi" => RoundingMode.Up,
            _ => null,
        };
        bool isFlushed = r.Has(".ftz"), isSaturated = r.Has(".sat"), isRectified = r.Has(".relu");
        PtxType target = r.Type(), source = r.Type();
        if (target.IsPacked()) return ConvertPair(r, target, source, toFloat, isRectified);
        if (isRectified) throw r.Error("'.relu' is supported on pairs alone");

        Func<ulong, ulong> convert = (target.IsFloat(), source.IsFloat()) switch
        {
            (false, false) => IntegerToInteger(target, source, isSaturated),
            (false, true) => FloatToInteger(target, source, toIntegral ?? throw r.Error("the rounding is missing"), isFlushed),
            (true, false) => IntegerToFloat(r, target, source, toFloat ?? throw r.Error("the rounding is missing"), isSaturated),
            (true, true) => FloatToFloat(r, target, source, toFloat, toIntegral, isFlushed, isSaturated),
        };
        int destination = r.WideDestination(target, out PtxType targetRegister), a = r.WideSource(source, out PtxType sourceRegister);
        bool isWideTarget = targetRegister.Bytes() == 8, isWideSource = sourceRegister.Bytes() == 8;
        return (target, source, isSaturated, isWideTarget, isWideSource) switch
        {
            (PtxType.S64 or PtxType.U64, PtxType.S32, false, true, false) => new Widen(destination, a, isSigned: true),
            (PtxType.S64 or PtxType.U64, PtxType.U32, false, true, false) => new Widen(destination, a, isSigned: false),
            _ => new LaneBits(destination, isWideTarget, a, isWideSource, convert),
        };
    }

    // cvt.rn.bf16x2.f32 d, a, b: a goes to the upper half.
    private static Instruction ConvertPair(InstructionReader r, PtxType target, PtxType source, RoundingMode? rounding, bool isRectified)
    {
        if (source != PtxType.F32 || rounding is not (RoundingMode.Nearest or RoundingMode.Zero)) throw r.BadType(target);
        RoundingMode mode = rounding.Value;
        (int d, int a, int b) = (r.Destination(target), r.Source(source), r.Source(source));
        return new LaneBinary<float, float, uint>(d, a, b, (high, low) => (uint)One(high) << 16 | One(low));

        ushort One(float x)
        {
            if (isRectified && x < 0) x = 0;
            return target == PtxType.BF16x2 ? Rounding.ToBFloat16(x, mode) : BitConverter.HalfToUInt16Bits(Rounding.ToHalf(x, mode));
        }
    }

    private static Func<ulong, ulong> IntegerToInteger(PtxType target, PtxType source, bool isSaturated)
    {
        if (isSaturated)
        {
            Int128 low = Smallest(target), high = Largest(target);
            return bits => (ulong)(long)(ulong)(Int128.Clamp(Extended(bits), low, high) & ulong.MaxValue);
        }
        return bits => Extend(Extend(bits, source), target);

        Int128 Extended(ulong bits) => source.IsSigned() ? (long)Extend(bits, source) : (Int128)Extend(bits, source);
    }

    /// <summary>The low bits of a register as a number of <paramref name="type"/>, in 64 bits.</summary>
    private static ulong Extend(ulong bits, PtxType type) => type switch
    {
        PtxType.B8 or PtxType.U8 => (byte)bits,
        PtxType.S8 => (ulong)(sbyte)bits,
        PtxType.B16 or PtxType.U16 => (ushort)bits,
        PtxType.S16 => (ulong)(short)bits,
        PtxType.B32 or PtxType.U32 => (uint)bits,
        PtxType.S32 => (ulong)(int)bits,
        _ => bits,
    };

    private static Int128 Smallest(PtxType type) => type.IsSigned() ? -(Int128.One << (type.Bytes() * 8 - 1)) : 0;

    private static Int128 Largest(PtxType type) => (Int128.One << (type.Bytes() * 8 - (type.IsSigned() ? 1 : 0))) - 1;

    // Beyond the target's range: its nearest end. NaN: 0, or the top bit where 64 bits take part.
    private static Func<ulong, ulong> FloatToInteger(PtxType target, PtxType source, RoundingMode mode, bool isFlushed)
    {
        double low = (double)Smallest(target), high = (double)Largest(target);
        ulong lowest = (ulong)(long)Smallest(target), highest = (ulong)Largest(target);
        ulong notNumber = source == PtxType.F64 || target.Bytes() == 8 ? 1ul << (target.Bytes() * 8 - 1) : 0;
        bool isSigned = target.IsSigned();
        return bits =>
        {
            double x = ToDouble(bits, source);
            if (isFlushed) x = FlushOne((float)x);
            if (double.IsNaN(x)) return notNumber;
            x = Rounding.ToIntegral(x, mode);
            return x <= low ? lowest : x >= high ? highest : isSigned ? (ulong)(long)x : (ulong)x;
        };
    }

    private static Func<ulong, ulong> IntegerToFloat(InstructionReader r, PtxType target, PtxType source, RoundingMode mode, bool isSaturated)
    {
        if (target == PtxType.F64)
        {
            if (mode != RoundingMode.Nearest && source.Bytes() == 8) throw r.Error("this rounding of 64-bit integers is not supported");
            return source.IsSigned()
                ? bits => BitConverter.DoubleToUInt64Bits((long)Extend(bits, source))
                : bits => BitConverter.DoubleToUInt64Bits(Extend(bits, source));
        }
        return bits =>
        {
            ulong value = Extend(bits, source);
            double x = source.IsSigned() && (long)value < 0 ? -Rounding.ToOdd(0 - value) : Rounding.ToOdd(value);
            return FromDouble(isSaturated ? Math.Clamp(x, 0, 1) : x, target, mode);
        };
    }

    private static Func<ulong, ulong> FloatToFloat(
        InstructionReader r, PtxType target, PtxType source, RoundingMode? toFloat, RoundingMode? toIntegral, bool isFlushed, bool isSaturated)
    {
        bool isNarrowing = target.Bytes() < source.Bytes() || target == PtxType.TF32;
        if (isNarrowing && toFloat == null) throw r.Error("the rounding is missing");
        if (target == PtxType.TF32 && (source != PtxType.F32 || toFloat != RoundingMode.NearestAway)) throw r.BadType(target);
        RoundingMode mode = toFloat ?? RoundingMode.Nearest;
        return bits =>
        {
            double x = ToDouble(bits, source);
            if (isFlushed && source == PtxType.F32) x = FlushOne((float)x);
            if (toIntegral is RoundingMode integral) x = Rounding.ToIntegral(x, integral);
            if (isSaturated) x = double.IsNaN(x) ? 0 : Math.Clamp(x, 0, 1);
            if (isFlushed && target == PtxType.F32) x = FlushOne(Rounding.ToSingle(x, mode));
            return FromDouble(x, target, mode);
        };
    }

    private static double ToDouble(ulong bits, PtxType type) => type switch
    {
        PtxType.F16 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
        PtxType.BF16 => Rounding.FromBFloat16((ushort)bits),
        PtxType.F64 => BitConverter.UInt64BitsToDouble(bits),
        _ => BitConverter.UInt32BitsToSingle((uint)bits),
    };

    private static ulong FromDouble(double x, PtxType type, RoundingMode mode) => type switch
    {
        PtxType.F16 => BitConverter.HalfToUInt16Bits(Rounding.ToHalf(x, mode)),
        PtxType.BF16 => Rounding.ToBFloat16((float)x, mode),
        PtxType.TF32 => Rounding.ToTensorFloat((float)x),
        PtxType.F64 => BitConverter.DoubleToUInt64Bits(x),
        _ => BitConverter.SingleToUInt32Bits(Rounding.ToSingle(x, mode)),
    };

    private static Instruction Cvta(InstructionReader r)
    {
        r.Class = OpcodeClass.Integer;
        bool isFromGeneric = r.Has(".to");
        StateSpace space = Space(r) ?? throw r.Error("the state space is missing");
        PtxType type = r.Type();
        if (type != PtxType.U64) throw r.BadType(type);
        long window = (long)AddressSpaces.Window(space);
        return isFromGeneric
            ? new LaneUnary<long, long>(r.Destination(type), r.Source(type), address => address - window)
            : new LaneUnary<long, long>(r.Destination(type), r.Source(type), address => address + window);
    }

    private static Instruction IsSpaceP(InstructionReader r)
    {
        r.Class = OpcodeClass.Compare;
        StateSpace space = Space(r) ?? throw r.Error("the state space is missing");
        return new LaneTest<ulong>(r.PredicateDestination(r.Operand()), r.Source(PtxType.U64), address => AddressSpaces.Of(address) == space);
    }

    private static StateSpace? Space(InstructionReader r) =>
        r.OneOf(".global", ".shared", ".shared::cta", ".local", ".const", ".param") switch
        {
            ".global" => StateSpace.Global,
            ".shared" or ".shared::cta" => StateSpace.Shared,
            ".local" => StateSpace.Local,
            ".const" => StateSpace.Const,
            ".param" => StateSpace.Param,
            _ => null,
        };
}
