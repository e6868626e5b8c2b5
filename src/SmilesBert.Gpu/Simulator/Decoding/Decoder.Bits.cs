using System.Numerics;

namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    private static Instruction And(InstructionReader r) => Logic<And<uint>, And<ulong>>(r, (a, b) => a & b);

    private static Instruction Or(InstructionReader r) => Logic<Or<uint>, Or<ulong>>(r, (a, b) => a | b);

    private static Instruction Xor(InstructionReader r) => Logic<Xor<uint>, Xor<ulong>>(r, (a, b) => a ^ b);

    private static Instruction Logic<TNarrow, TWide>(InstructionReader r, Func<uint, uint, uint> predicates)
        where TNarrow : struct, IVectorBinary<uint> where TWide : struct, IVectorBinary<ulong>
    {
        PtxType type = BitType(r);
        if (type == PtxType.Pred) return new PredicateInstruction(r.PredicateDestination(r.Operand()), r.Predicate(), r.Predicate(), predicates);
        return type.Bytes() == 8 ? Vector<ulong, TWide>(r, type) : Vector<uint, TNarrow>(r, type);
    }

    private static Instruction Not(InstructionReader r)
    {
        PtxType type = BitType(r);
        return type switch
        {
            PtxType.Pred => new PredicateInstruction(r.PredicateDestination(r.Operand()), r.Predicate(), PredicateSource.Constant(true), (a, b) => a ^ b),
            PtxType.B16 or PtxType.B32 => VectorOne<uint, Complement<uint>>(r, type),
            _ => VectorOne<ulong, Complement<ulong>>(r, type),
        };
    }

    private static Instruction CNot(InstructionReader r)
    {
        PtxType type = BitType(r);
        return type switch
        {
            PtxType.B32 => LaneUnary<uint, uint>(r, type, a => a == 0 ? 1u : 0),
            PtxType.B64 => LaneUnary<ulong, ulong>(r, type, a => a == 0 ? 1ul : 0),
            _ => throw r.BadType(type),
        };
    }

    private static PtxType BitType(InstructionReader r)
    {
        PtxType type = r.Type();
        r.Class = type == PtxType.Pred ? OpcodeClass.Compare : OpcodeClass.Integer;
        return type is PtxType.Pred or PtxType.B16 or PtxType.B32 or PtxType.B64 ? type : throw r.BadType(type);
    }

    // Shifts beyond the width give zeros or signs; C# would take them modulo the width.
    private static Instruction Shl(InstructionReader r)
    {
        PtxType type = BitType(r);
        return type switch
        {
            PtxType.B16 => Shift<ushort>(r, type, (a, n) => n > 15 ? (ushort)0 : (ushort)(a << (int)n)),
            PtxType.B32 => Shift<uint>(r, type, (a, n) => n > 31 ? 0 : a << (int)n),
            PtxType.B64 => Shift<ulong>(r, type, (a, n) => n > 63 ? 0 : a << (int)n),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Shr(InstructionReader r)
    {
        PtxType type = r.Type();
        r.Class = OpcodeClass.Integer;
        return type switch
        {
            PtxType.B16 or PtxType.U16 => Shift<ushort>(r, type, (a, n) => n > 15 ? (ushort)0 : (ushort)(a >> (int)n)),
            PtxType.S16 => Shift<short>(r, type, (a, n) => (short)(a >> (int)Math.Min(n, 15))),
            PtxType.B32 or PtxType.U32 => Shift<uint>(r, type, (a, n) => n > 31 ? 0 : a >> (int)n),
            PtxType.S32 => Shift<int>(r, type, (a, n) => a >> (int)Math.Min(n, 31)),
            PtxType.B64 or PtxType.U64 => Shift<ulong>(r, type, (a, n) => n > 63 ? 0 : a >> (int)n),
            PtxType.S64 => Shift<long>(r, type, (a, n) => a >> (int)Math.Min(n, 63)),
            _ => throw r.BadType(type),
        };
    }

    private static LaneBinary<T, uint, T> Shift<T>(InstructionReader r, PtxType type, Func<T, uint, T> operation) where T : unmanaged =>
        new(r.Destination(type), r.Source(type), r.Source(PtxType.U32), operation);

    private static Instruction Shf(InstructionReader r)
    {
        r.Class = OpcodeClass.Integer;
        bool isLeft = r.OneOf(".l", ".r") == ".l", isClamped = r.OneOf(".clamp", ".wrap") == ".clamp";
        PtxType type = r.Type();
        if (type != PtxType.B32) throw r.BadType(type);
        return LaneTernary<uint, uint>(r, type, (low, high, n) =>
        {
            ulong both = (ulong)high << 32 | low;
            int count = (int)(isClamped ? Math.Min(n, 32) : n & 31);
            return isLeft ? (uint)(both << count >> 32) : (uint)(both >> count);
        });
    }

    private static Instruction Bfe(InstructionReader r)
    {
        PtxType type = r.Type();
        r.Class = OpcodeClass.Integer;
        (int d, int a, int b, int c) = (r.Destination(type), r.Source(type), r.Source(PtxType.U32), r.Source(PtxType.U32));
        return type switch
        {
            PtxType.U32 => new LaneTernary<uint, uint, uint, uint>(d, a, b, c, (value, start, length) => (uint)Extract(value, start, length, 32, false)),
            PtxType.S32 => new LaneTernary<uint, uint, uint, uint>(d, a, b, c, (value, start, length) => (uint)Extract(value, start, length, 32, true)),
            PtxType.U64 => new LaneTernary<ulong, uint, uint, ulong>(d, a, b, c, (value, start, length) => Extract(value, start, length, 64, false)),
            PtxType.S64 => new LaneTernary<ulong, uint, uint, ulong>(d, a, b, c, (value, start, length) => Extract(value, start, length, 64, true)),
            _ => throw r.BadType(type),
        };
    }

    // Start and length are taken modulo 256; beyond the field's end the sign (the value's own, if the field reaches over its top) is repeated.
    private static ulong Extract(ulong value, uint start, uint length, int width, bool isSigned)
    {
        int at = (int)(start & 0xFF), count = (int)(length & 0xFF), top = width - 1;
        bool sign = isSigned && count > 0 && (value >> Math.Min(at + count - 1, top) & 1) != 0;
        ulong result = 0;
        for (int i = 0; i < width; i++)
        {
            bool bit = i < count && at + i <= top ? (value >> (at + i) & 1) != 0 : sign;
            if (bit) result |= 1ul << i;
        }
        return result;
    }

    private static Instruction Bfi(InstructionReader r)
    {
        PtxType type = BitType(r);
        (int d, int a, int b, int start, int length) =
            (r.Destination(type), r.Source(type), r.Source(type), r.Source(PtxType.U32), r.Source(PtxType.U32));
        return type switch
        {
            PtxType.B32 => new BitFieldInsert<uint>(d, a, b, start, length),
            PtxType.B64 => new BitFieldInsert<ulong>(d, a, b, start, length),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction BFind(InstructionReader r)
    {
        bool isShift = r.Has(".shiftamt");
        PtxType type = r.Type();
        r.Class = OpcodeClass.Integer;
        (int d, int a) = (r.Destination(PtxType.U32), r.Source(type));
        return type switch
        {
            PtxType.U32 => new LaneUnary<uint, uint>(d, a, value => Find(value, 31)),
            PtxType.S32 => new LaneUnary<int, uint>(d, a, value => Find((uint)(value < 0 ? ~value : value), 31)),
            PtxType.U64 => new LaneUnary<ulong, uint>(d, a, value => Find(value, 63)),
            PtxType.S64 => new LaneUnary<long, uint>(d, a, value => Find((ulong)(value < 0 ? ~value : value), 63)),
            _ => throw r.BadType(type),
        };

        uint Find(ulong value, uint top) => value == 0 ? uint.MaxValue : isShift ? top - (uint)BitOperations.Log2(value) : (uint)BitOperations.Log2(value);
    }

    private static Instruction Popc(InstructionReader r) => Count(r, a => (uint)BitOperations.PopCount(a), a => (uint)BitOperations.PopCount(a));

    private static Instruction Clz(InstructionReader r) => Count(r, a => (uint)BitOperations.LeadingZeroCount(a), a => (uint)BitOperations.LeadingZeroCount(a));

    private static Instruction Count(InstructionReader r, Func<uint, uint> narrow, Func<ulong, uint> wide)
    {
        PtxType type = BitType(r);
        return type switch
        {
            PtxType.B32 => new LaneUnary<uint, uint>(r.Destination(PtxType.U32), r.Source(type), narrow),
            PtxType.B64 => new LaneUnary<ulong, uint>(r.Destination(PtxType.U32), r.Source(type), wide),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction Brev(InstructionReader r)
    {
        PtxType type = BitType(r);
        return type switch
        {
            PtxType.B32 => LaneUnary<uint, uint>(r, type, a => (uint)(Reverse(a) >> 32)),
            PtxType.B64 => LaneUnary<ulong, ulong>(r, type, Reverse),
            _ => throw r.BadType(type),
        };
    }

    private static ulong Reverse(ulong value)
    {
        ulong result = 0;
        for (int i = 0; i < 64; i++) result |= (value >> i & 1) << (63 - i);
        return result;
    }

    // A selector's nibble picks one of eight bytes; its top bit repeats that byte's sign instead.
    private static Instruction Prmt(InstructionReader r)
    {
        PtxType type = BitType(r);
        if (type != PtxType.B32) throw r.BadType(type);
        return LaneTernary<uint, uint>(r, type, (a, b, selector) =>
        {
            ulong both = (ulong)b << 32 | a;
            uint result = 0;
            for (int i = 0; i < 4; i++)
            {
                uint nibble = selector >> (4 * i) & 0xF, chosen = (byte)(both >> (int)(8 * (nibble & 7)));
                if ((nibble & 8) != 0) chosen = (chosen & 0x80) != 0 ? 0xFFu : 0;
                result |= chosen << (8 * i);
            }
            return result;
        });
    }

    private static Instruction Lop3(InstructionReader r)
    {
        PtxType type = BitType(r);
        if (type != PtxType.B32) throw r.BadType(type);
        (int d, int a, int b, int c) = (r.Destination(type), r.Source(type), r.Source(type), r.Source(type));
        if (r.Operand() is not LiteralOperand table) throw r.Error("the table of 'lop3' is not a literal");
        uint bits = (uint)table.Value.As(PtxType.U32, table.Line);
        return new LaneTernary<uint, uint, uint, uint>(d, a, b, c, (x, y, z) =>
        {
            uint result = 0;
            for (int i = 0; i < 8; i++)
            {
                if ((bits >> i & 1) == 0) continue;
                result |= ((i & 4) != 0 ? x : ~x) & ((i & 2) != 0 ? y : ~y) & ((i & 1) != 0 ? z : ~z);
            }
            return result;
        });
    }
}
