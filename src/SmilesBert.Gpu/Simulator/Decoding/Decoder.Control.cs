namespace SmilesBert.Gpu.Simulator;

internal static partial class Decoder
{
    private static Instruction Bra(InstructionReader r)
    {
        r.Class = OpcodeClass.Branch;
        bool isUniform = r.Has(".uni");
        if (r.Operand() is not LabelOperand label) throw r.Error("a label is expected");
        BranchInstruction branch = new(isUniform);
        r.Builder.WhenDone(() => branch.Target = Label(r, label.Name));
        return branch;
    }

    private static Instruction Brx(InstructionReader r)
    {
        r.Class = OpcodeClass.Branch;
        r.Ignore(".uni");
        if (!r.Has(".idx")) throw r.Error("'.idx' is missing");
        BranchTableInstruction branch = new(r.Source(PtxType.U32));
        if (r.Operand() is not LabelOperand table) throw r.Error("the name of a .branchtargets list is expected");
        r.Builder.WhenDone(() =>
        {
            IReadOnlyList<string> targets = r.Syntax.Scope.FindLabelTable(table.Name) ?? throw r.Error($"list '{table.Name}' is not declared");
            branch.Targets = [.. targets.Select(target => Label(r, target))];
        });
        return branch;
    }

    private static int Label(InstructionReader r, string name) => r.Syntax.Scope.FindLabel(name) ?? throw r.Error($"label '{name}' is not declared");

    private static Instruction Exit(InstructionReader r)
    {
        r.Class = OpcodeClass.Branch;
        r.Ignore(".uni");
        return new ExitInstruction(isTrap: false);
    }

    private static Instruction Trap(InstructionReader r)
    {
        r.Class = OpcodeClass.Branch;
        return new ExitInstruction(isTrap: true);
    }

    private static Instruction Bar(InstructionReader r)
    {
        r.Class = OpcodeClass.Barrier;
        if (r.Has(".warp"))
        {
            if (!r.Has(".sync")) throw r.Error("'.sync' is missing");
            return new WarpBarrierInstruction(r.Source(PtxType.B32));
        }
        r.Ignore(".cta", ".aligned");
        BarrierAction action = r.OneOf(".sync", ".arrive", ".red") switch
        {
            ".sync" => BarrierAction.Sync,
            ".arrive" => BarrierAction.Arrive,
            ".red" => r.OneOf(".popc", ".and", ".or") switch
            {
                ".popc" => BarrierAction.Count,
                ".and" => BarrierAction.And,
                ".or" => BarrierAction.Or,
                _ => throw r.Error("the operation is missing"),
            },
            _ => throw r.Error("'.sync', '.arrive' or '.red' is missing"),
        };
        int destination = -1;
        if (action == BarrierAction.Count) destination = r.Destination(r.Type());
        else if (action is BarrierAction.And or BarrierAction.Or) destination = r.Destination(r.Type());

        int number = r.Source(PtxType.U32);
        bool hasPredicate = action is BarrierAction.Count or BarrierAction.And or BarrierAction.Or;
        int threads = r.OperandsLeft > (hasPredicate ? 1 : 0) ? r.Source(PtxType.U32) : -1;
        PredicateSource predicate = hasPredicate ? r.Predicate() : PredicateSource.Constant(false);
        return new BarrierInstruction(action, number, threads, destination, predicate);
    }

    private static Instruction Shfl(InstructionReader r)
    {
        r.Class = OpcodeClass.Shuffle;
        if (!r.Has(".sync")) throw r.Error("'shfl' without '.sync' is not supported");
        ShuffleMode mode = r.OneOf(".up", ".down", ".bfly", ".idx") switch
        {
            ".up" => ShuffleMode.Up,
            ".down" => ShuffleMode.Down,
            ".bfly" => ShuffleMode.Butterfly,
            ".idx" => ShuffleMode.Index,
            _ => throw r.Error("the mode is missing"),
        };
        PtxType type = r.Type();
        if (type != PtxType.B32) throw r.BadType(type);
        Operand target = r.Operand();
        PairOperand? pair = target as PairOperand;
        int destination = r.Destination(pair?.First ?? target, type, out _);
        int predicate = pair == null ? -1 : r.PredicateDestination(pair.Second);
        return new ShuffleInstruction(mode, destination, predicate, r.Source(type), r.Source(PtxType.B32), r.Source(PtxType.B32), r.Source(PtxType.B32));
    }

    private static Instruction Vote(InstructionReader r)
    {
        r.Class = OpcodeClass.Shuffle;
        if (!r.Has(".sync")) throw r.Error("'vote' without '.sync' is not supported");
        VoteMode mode = r.OneOf(".all", ".any", ".uni", ".ballot") switch
        {
            ".all" => VoteMode.All,
            ".any" => VoteMode.Any,
            ".uni" => VoteMode.Uniform,
            ".ballot" => VoteMode.Ballot,
            _ => throw r.Error("the mode is missing"),
        };
        PtxType type = r.Type();
        if (type != (mode == VoteMode.Ballot ? PtxType.B32 : PtxType.Pred)) throw r.BadType(type);
        return new VoteInstruction(mode, r.Destination(type), r.Predicate(), r.Source(PtxType.B32));
    }

    private static Instruction Match(InstructionReader r)
    {
        r.Class = OpcodeClass.Shuffle;
        if (!r.Has(".sync")) throw r.Error("'.sync' is missing");
        bool isAll = r.OneOf(".any", ".all") == ".all";
        PtxType type = r.Type();
        Operand target = r.Operand();
        PairOperand? pair = target as PairOperand;
        int destination = r.Destination(pair?.First ?? target, PtxType.B32, out _);
        int predicate = pair == null ? -1 : r.PredicateDestination(pair.Second);
        return new MatchInstruction(isAll, destination, predicate, r.Source(type), type.Bytes() == 8, r.Source(PtxType.B32));
    }

    private static Instruction Redux(InstructionReader r)
    {
        r.Class = OpcodeClass.Shuffle;
        if (!r.Has(".sync")) throw r.Error("'.sync' is missing");
        string? operation = r.OneOf(".add", ".min", ".max", ".and", ".or", ".xor");
        PtxType type = r.Type();
        Func<uint, uint, uint> join = (operation, type) switch
        {
            (".add", PtxType.U32 or PtxType.S32) => (a, b) => a + b,
            (".min", PtxType.U32) => Math.Min,
            (".max", PtxType.U32) => Math.Max,
            (".min", PtxType.S32) => (a, b) => (uint)Math.Min((int)a, (int)b),
            (".max", PtxType.S32) => (a, b) => (uint)Math.Max((int)a, (int)b),
            (".and", PtxType.B32) => (a, b) => a & b,
            (".or", PtxType.B32) => (a, b) => a | b,
            (".xor", PtxType.B32) => (a, b) => a ^ b,
            _ => throw r.Error($"'redux{operation}' on {type.Dotted()} is not supported"),
        };
        return new ReduceInstruction(r.Destination(type), r.Source(type), r.Source(PtxType.B32), join);
    }

    private static Instruction ActiveMask(InstructionReader r)
    {
        r.Class = OpcodeClass.Shuffle;
        return new ActiveMaskInstruction(r.Destination(r.Type()));
    }
}
