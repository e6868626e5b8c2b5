namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    private static Instruction Mov(InstructionReader r)
    {
        PtxType type = r.Type();
        if (type == PtxType.Pred) return new PredicateInstruction(r.PredicateDestination(r.Operand()), r.Predicate(), PredicateSource.Constant(false), (a, _) => a);
        if (r.PeekOperand() is TupleOperand) return Unpack(r, type);

        Operand target = r.Operand();
        if (r.PeekOperand() is TupleOperand) return Pack(r, type, target);
        if (r.PeekOperand() is SpecialOperand special && SpecialRegisters.IsClock(special.Name))
        {
            r.Operand();
            return new ClockInstruction(r.Destination(target, type, out _), type.Bytes() == 8);
        }

        int destination = r.Destination(target, type, out _);
        return type.Bytes() == 8
            ? new VectorUnary<ulong, Copy<ulong>>(destination, r.Source(type))
            : new VectorUnary<uint, Copy<uint>>(destination, r.Source(type));
    }

    private static PackInstruction Unpack(InstructionReader r, PtxType type)
    {
        IReadOnlyList<Operand> parts = r.Tuple();
        PtxType partType = PartType(r, type, parts.Count);
        int[] places = [.. parts.Select(part => r.Destination(part, partType, out _))];
        return new PackInstruction(places, r.Source(type), partType.Bytes(), isPack: false);
    }

    private static PackInstruction Pack(InstructionReader r, PtxType type, Operand target)
    {
        int destination = r.Destination(target, type, out _);
        IReadOnlyList<Operand> parts = r.Tuple();
        PtxType partType = PartType(r, type, parts.Count);
        int[] places = [.. parts.Select(part => r.Source(part, partType, out _))];
        return new PackInstruction(places, destination, partType.Bytes(), isPack: true);
    }

    private static PtxType PartType(InstructionReader r, PtxType whole, int parts) => (whole.Bytes(), parts) switch
    {
        (8, 2) => PtxType.B32,
        (8, 4) or (4, 2) => PtxType.B16,
        _ => throw r.Error($"'mov' between {whole.Dotted()} and {parts} parts is not supported"),
    };

    private static Instruction SelP(InstructionReader r)
    {
        r.Class = OpcodeClass.Compare;
        PtxType type = r.Type();
        (int d, int a, int b, PredicateSource p) = (r.Destination(type), r.Source(type), r.Source(type), r.Predicate());
        if (p.Place < 0) throw r.Error("the predicate of 'selp' is a constant");
        return type.Bytes() == 8 ? new SelectInstruction<ulong>(d, a, b, p.Place, p.IsNegated) : new SelectInstruction<uint>(d, a, b, p.Place, p.IsNegated);
    }

    private static Instruction Slct(InstructionReader r)
    {
        r.Class = OpcodeClass.Compare;
        r.Ignore(".ftz");
        PtxType type = r.Type(), selector = r.Type();
        (int d, int a, int b, int c) = (r.Destination(type), r.Source(type), r.Source(type), r.Source(selector));
        return (type.Bytes(), selector) switch
        {
            (4, PtxType.S32) => new LaneTernary<uint, uint, int, uint>(d, a, b, c, (x, y, sign) => sign >= 0 ? x : y),
            (4, PtxType.F32) => new LaneTernary<uint, uint, float, uint>(d, a, b, c, (x, y, sign) => sign >= 0 ? x : y),
            (8, PtxType.S32) => new LaneTernary<ulong, ulong, int, ulong>(d, a, b, c, (x, y, sign) => sign >= 0 ? x : y),
            (8, PtxType.F32) => new LaneTernary<ulong, ulong, float, ulong>(d, a, b, c, (x, y, sign) => sign >= 0 ? x : y),
            _ => throw r.BadType(type),
        };
    }

    private static Instruction SetP(InstructionReader r)
    {
        r.Class = OpcodeClass.Compare;
        Comparison comparison = Comparison.Read(r);
        PtxType type = r.Type();
        Operand target = r.Operand();
        int destination, opposite = -1;
        if (target is PairOperand pair)
        {
            destination = r.PredicateDestination(pair.First);
            opposite = r.PredicateDestination(pair.Second);
        }
        else
        {
            destination = r.PredicateDestination(target);
        }
        (int a, int b) = (r.Source(type), r.Source(type));
        PredicateSource with = comparison.Joining == Joining.None ? new(-1, false) : r.Predicate();
        return comparison.Instruction(r, type, new CompareTarget(destination, opposite, comparison.Joining, with.Place, with.IsNegated), a, b);
    }

    private static Instruction Set(InstructionReader r)
    {
        r.Class = OpcodeClass.Compare;
        Comparison comparison = Comparison.Read(r);
        PtxType result = r.Type(), type = r.Type();
        if (result is not (PtxType.U32 or PtxType.S32 or PtxType.F32)) throw r.BadType(result);
        (int destination, int a, int b) = (r.Destination(result), r.Source(type), r.Source(type));
        PredicateSource with = comparison.Joining == Joining.None ? new(-1, false) : r.Predicate();
        int predicate = r.Builder.Registers.Sink();
        CompareTarget target = new(predicate, -1, comparison.Joining, with.Place, with.IsNegated);
        return new SetInstruction(comparison.Instruction(r, type, target, a, b), predicate, destination, result == PtxType.F32);
    }
}
