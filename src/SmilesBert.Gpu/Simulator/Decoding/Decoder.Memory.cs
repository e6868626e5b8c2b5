namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    // Order and caching change nothing where warps run one after another.
    private static void IgnoreMemoryHints(InstructionReader r) => r.Ignore(
        ".volatile", ".weak", ".relaxed", ".acquire", ".release", ".acq_rel", ".cta", ".gpu", ".sys", ".ca", ".cg", ".cs", ".cv", ".lu", ".wb", ".wt",
        ".nc", ".L1::no_allocate", ".L1::evict_first", ".L1::evict_last", ".L1::evict_normal", ".L1::evict_unchanged", ".L2::64B", ".L2::128B", ".L2::256B");

    private static Instruction Ld(InstructionReader r)
    {
        IgnoreMemoryHints(r);
        StateSpace space = Space(r) ?? StateSpace.Generic;
        int elements = VectorLength(r);
        PtxType type = r.Type();
        r.Class = LoadClass(space);
        r.Builder.NoteAccess(space, type.Bytes() * elements);

        IReadOnlyList<Operand> targets = r.Tuple();
        if (targets.Count != elements) throw r.Error($"{elements} results are expected");
        PtxType register = type;
        int[] places = new int[elements];
        for (int i = 0; i < elements; i++)
        {
            places[i] = r.Destination(targets[i], type, out PtxType found, canBeWider: true);
            if (i > 0 && found.Bytes() == 8 != (register.Bytes() == 8) && targets[i] is not SinkOperand) throw r.Error("the results have different widths");
            if (targets[i] is not SinkOperand) register = found;
        }
        AddressSource address = r.Address();
        return (type, register.Bytes() == 8) switch
        {
            (PtxType.B8 or PtxType.U8, false) => new LoadInstruction<byte, uint>(space, address, places),
            (PtxType.B8 or PtxType.U8, true) => new LoadInstruction<byte, ulong>(space, address, places),
            (PtxType.S8, false) => new LoadInstruction<sbyte, uint>(space, address, places),
            (PtxType.S8, true) => new LoadInstruction<sbyte, ulong>(space, address, places),
            (PtxType.S16, false) when register.Bytes() == 4 => new LoadInstruction<short, uint>(space, address, places),
            (PtxType.S16, true) => new LoadInstruction<short, ulong>(space, address, places),
            (PtxType.S32, true) => new LoadInstruction<int, ulong>(space, address, places),
            (_, bool isWide) => (type.Bytes(), isWide) switch
            {
                (2, false) => new LoadInstruction<ushort, uint>(space, address, places),
                (2, true) => new LoadInstruction<ushort, ulong>(space, address, places),
                (4, false) => new LoadInstruction<uint, uint>(space, address, places),
                (4, true) => new LoadInstruction<uint, ulong>(space, address, places),
                (8, true) => new LoadInstruction<ulong, ulong>(space, address, places),
                _ => throw r.BadType(type),
            },
        };
    }

    private static Instruction St(InstructionReader r)
    {
        IgnoreMemoryHints(r);
        StateSpace space = Space(r) ?? StateSpace.Generic;
        if (space is StateSpace.Const or StateSpace.Param) throw r.Error("this state space cannot be written");
        int elements = VectorLength(r);
        PtxType type = r.Type();
        r.Class = space switch
        {
            StateSpace.Shared => OpcodeClass.SharedStore,
            StateSpace.Local => OpcodeClass.Local,
            _ => OpcodeClass.GlobalStore,
        };

        r.Builder.NoteAccess(space, type.Bytes() * elements);
        AddressSource address = r.Address();
        IReadOnlyList<Operand> values = r.Tuple();
        if (values.Count != elements) throw r.Error($"{elements} values are expected");
        bool isWide = false;
        int[] places = new int[elements];
        for (int i = 0; i < elements; i++)
        {
            places[i] = r.Source(values[i], type, out PtxType found, canBeWider: true);
            if (i > 0 && found.Bytes() == 8 != isWide) throw r.Error("the values have different widths");
            isWide = found.Bytes() == 8;
        }
        return type.Bytes() switch
        {
            1 => new StoreInstruction<byte>(space, address, places, isWide),
            2 => new StoreInstruction<ushort>(space, address, places, isWide),
            4 => new StoreInstruction<uint>(space, address, places, isWide),
            8 => new StoreInstruction<ulong>(space, address, places, isWide),
            _ => throw r.BadType(type),
        };
    }

    private static int VectorLength(InstructionReader r) => r.OneOf(".v2", ".v4") switch { ".v2" => 2, ".v4" => 4, _ => 1 };

    private static OpcodeClass LoadClass(StateSpace space) => space switch
    {
        StateSpace.Shared => OpcodeClass.SharedLoad,
        StateSpace.Local => OpcodeClass.Local,
        StateSpace.Param => OpcodeClass.Move,
        _ => OpcodeClass.GlobalLoad,
    };

    private static Instruction Fence(InstructionReader r)
    {
        r.Class = OpcodeClass.Barrier;
        r.Ignore(".sc", ".acq_rel", ".cta", ".gl", ".gpu", ".sys");
        return new NothingInstruction();
    }

    private static Instruction Prefetch(InstructionReader r)
    {
        r.Ignore(".global", ".L1", ".L2");
        r.Address();
        return new NothingInstruction();
    }

    private static Instruction NanoSleep(InstructionReader r)
    {
        r.Source(r.Type());
        return new NothingInstruction();
    }

    private static Instruction Atom(InstructionReader r) => AtomicAccess(r, hasResult: true);

    private static Instruction Red(InstructionReader r) => AtomicAccess(r, hasResult: false);

    private static Instruction AtomicAccess(InstructionReader r, bool hasResult)
    {
        r.Class = OpcodeClass.Atomic;
        IgnoreMemoryHints(r);
        StateSpace space = Space(r) ?? StateSpace.Generic;
        string operation = r.OneOf(".add", ".min", ".max", ".and", ".or", ".xor", ".inc", ".dec", ".exch", ".cas") ?? throw r.Error("the operation is missing");
        PtxType type = r.Type();
        int destination = hasResult ? r.Destination(type) : -1;
        if (space != StateSpace.Shared) r.Builder.HasGlobalAtomics = true;
        AddressSource address = r.Address();
        int b = r.Source(type), c = operation == ".cas" ? r.Source(type) : b;
        return (operation, type) switch
        {
            (".add", PtxType.U32 or PtxType.S32) => Of<uint>((old, x, _) => old + x),
            (".add", PtxType.U64 or PtxType.S64) => Of<ulong>((old, x, _) => old + x),
            (".add", PtxType.F32) => Of<float>((old, x, _) => old + x),
            (".add", PtxType.F64) => Of<double>((old, x, _) => old + x),
            (".min", PtxType.U32) => Of<uint>((old, x, _) => Math.Min(old, x)),
            (".min", PtxType.S32) => Of<int>((old, x, _) => Math.Min(old, x)),
            (".min", PtxType.U64) => Of<ulong>((old, x, _) => Math.Min(old, x)),
            (".min", PtxType.S64) => Of<long>((old, x, _) => Math.Min(old, x)),
            (".max", PtxType.U32) => Of<uint>((old, x, _) => Math.Max(old, x)),
            (".max", PtxType.S32) => Of<int>((old, x, _) => Math.Max(old, x)),
            (".max", PtxType.U64) => Of<ulong>((old, x, _) => Math.Max(old, x)),
            (".max", PtxType.S64) => Of<long>((old, x, _) => Math.Max(old, x)),
            (".and", PtxType.B32) => Of<uint>((old, x, _) => old & x),
            (".or", PtxType.B32) => Of<uint>((old, x, _) => old | x),
            (".xor", PtxType.B32) => Of<uint>((old, x, _) => old ^ x),
            (".and", PtxType.B64) => Of<ulong>((old, x, _) => old & x),
            (".or", PtxType.B64) => Of<ulong>((old, x, _) => old | x),
            (".xor", PtxType.B64) => Of<ulong>((old, x, _) => old ^ x),
            (".inc", PtxType.U32) => Of<uint>((old, limit, _) => old >= limit ? 0 : old + 1),
            (".dec", PtxType.U32) => Of<uint>((old, limit, _) => old == 0 || old > limit ? limit : old - 1),
            (".exch", PtxType.B32) => Of<uint>((_, x, _) => x),
            (".exch", PtxType.B64) => Of<ulong>((_, x, _) => x),
            (".cas", PtxType.B16) => Of<ushort>((old, compare, x) => old == compare ? x : old),
            (".cas", PtxType.B32) => Of<uint>((old, compare, x) => old == compare ? x : old),
            (".cas", PtxType.B64) => Of<ulong>((old, compare, x) => old == compare ? x : old),
            _ => throw r.Error($"'{r.Syntax.Opcode}{operation}' on {type.Dotted()} is not supported"),
        };

        AtomicInstruction<T> Of<T>(Func<T, T, T, T> change) where T : unmanaged => new(space, address, destination, b, c, change);
    }
}
