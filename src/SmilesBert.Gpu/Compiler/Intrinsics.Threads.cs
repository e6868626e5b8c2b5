namespace SmilesBert.Gpu.Compiler;

// Who am I, and how do I meet the others: Grid, Group, Warp.
internal static partial class Intrinsics
{
    private const int WarpSize = 32;
    private const int AllLanes = -1;

    private static void AddThreads()
    {
        foreach (string axis in (string[])["X", "Y", "Z"])
        {
            Add("ILGPU.Grid", $"get_Idx{axis}", call => new Operand(Register(call, "%ctaid", axis)));
            Add("ILGPU.Grid", $"get_Dim{axis}", call => new Operand(Register(call, "%nctaid", axis)));
            Add("ILGPU.Group", $"get_Idx{axis}", call => new Operand(Register(call, "%tid", axis)));
            Add("ILGPU.Group", $"get_Dim{axis}", call => new Operand(Register(call, "%ntid", axis)));
        }
        Add("ILGPU.Grid", "get_GlobalIndex", call => new Operand([Global(call, "X"), Global(call, "Y"), Global(call, "Z")]));
        Add("ILGPU.Grid", "get_LongGlobalIndex", call => new Operand([LongGlobal(call, "X"), LongGlobal(call, "Y"), LongGlobal(call, "Z")]));

        Add("ILGPU.Group", "Barrier", call => Barrier(call, "bar.sync", Constant.Of(0)));
        Add("ILGPU.Group", "BarrierAnd", call => Barrier(call, "bar.red.and.pred", ValueKind.Predicate, Constant.Of(0), call.Truth(0)));
        Add("ILGPU.Group", "BarrierOr", call => Barrier(call, "bar.red.or.pred", ValueKind.Predicate, Constant.Of(0), call.Truth(0)));
        Add("ILGPU.Group", "BarrierPopCount", call => Barrier(call, "bar.red.popc.u32", ValueKind.Int32, Constant.Of(0), call.Truth(0)));
        Add("ILGPU.Group", "Broadcast", BroadcastInGroup);

        Add("ILGPU.Warp", "get_WarpSize", _ => new Operand(Constant.Of(WarpSize)));
        Add("ILGPU.Warp", "get_LaneIdx", call => new Operand(Register(call, "%laneid")));
        Add("ILGPU.Warp", "get_WarpIdx", call => call.Pure("div.s32", ValueKind.Int32, Register(call, "%tid", "X"), Constant.Of(WarpSize)));
        Add("ILGPU.Warp", "get_IsFirstLane", call => call.Pure("setp.eq.s32", ValueKind.Predicate, Register(call, "%laneid"), Constant.Of(0)));
        Add("ILGPU.Warp", "Barrier", call => Barrier(call, "bar.warp.sync", Constant.Of(AllLanes)));
        Add("ILGPU.Warp", "Shuffle", call => Shuffle(call, "idx"));
        Add("ILGPU.Warp", "Broadcast", call => Shuffle(call, "idx"));
        Add("ILGPU.Warp", "ShuffleDown", call => Shuffle(call, "down"));
        Add("ILGPU.Warp", "ShuffleUp", call => Shuffle(call, "up"));
        Add("ILGPU.Warp", "ShuffleXor", call => Shuffle(call, "bfly"));
    }

    private static Value Register(IntrinsicCall call, string name, string axis) => Register(call, $"{name}.{char.ToLowerInvariant(axis[0])}");

    private static Value Register(IntrinsicCall call, string name) => call.Graph.Pure("mov.u32", ValueKind.Int32, new Symbol(name, ValueKind.Int32));

    private static Value Global(IntrinsicCall call, string axis)
    {
        Value first = call.Graph.Pure("mul.lo.s32", ValueKind.Int32, Register(call, "%ctaid", axis), Register(call, "%ntid", axis));
        return call.Graph.Pure("add.s32", ValueKind.Int32, first, Register(call, "%tid", axis));
    }

    private static Value LongGlobal(IntrinsicCall call, string axis)
    {
        Value first = call.Graph.Pure("mul.wide.u32", ValueKind.Int64, Register(call, "%ctaid", axis), Register(call, "%ntid", axis));
        return call.Graph.Pure("add.s64", ValueKind.Int64, first, call.Graph.Pure("cvt.u64.u32", ValueKind.Int64, Register(call, "%tid", axis)));
    }

    private static Operand? Barrier(IntrinsicCall call, string opcode, params Value[] operands)
    {
        call.Graph.Add(new Instruction(opcode, ValueKind.None, Effect.Write, operands));
        return null;
    }

    private static Operand? Barrier(IntrinsicCall call, string opcode, ValueKind kind, params Value[] operands) =>
        new Operand(call.Graph.Add(new Instruction(opcode, kind, Effect.Write, operands)));

    // Every leaf of a struct travels by itself, a 64-bit one in halves.
    private static Operand? Shuffle(IntrinsicCall call, string mode)
    {
        int width = call.Arguments.Length > 2 ? call.Known(2) : WarpSize;
        if (width is not (1 or 2 or 4 or 8 or 16 or 32)) throw call.Translator.Refuse($"{call.Method.Name} takes a width that is a power of two up to {WarpSize}, not {width}");
        int clamp = ((WarpSize - width) << 8) | (mode == "up" ? 0 : WarpSize - 1);
        Value lane = call.Scalar(1);
        return new Operand([.. call.Arguments[0].Leaves.Select(leaf => ShuffleLeaf(call, mode, leaf.Current, lane, clamp))]);
    }

    private static Value ShuffleLeaf(IntrinsicCall call, string mode, Value value, Value lane, int clamp)
    {
        switch (value.Kind)
        {
            case ValueKind.Predicate:
                Value number = call.Translator.Coerce(value, ValueKind.Int32);
                return call.Translator.Coerce(ShuffleLeaf(call, mode, number, lane, clamp), ValueKind.Predicate);
            case ValueKind.Float64:
                Value bits = call.Translator.Coerce(value, ValueKind.Int64);
                return call.Translator.Coerce(ShuffleLeaf(call, mode, bits, lane, clamp), ValueKind.Float64);
            case ValueKind.Int64:
                Value low = call.Graph.Pure("cvt.u32.u64", ValueKind.Int32, value);
                Value high = call.Graph.Pure("cvt.u32.u64", ValueKind.Int32, call.Graph.Pure("shr.u64", ValueKind.Int64, value, Constant.Of(32)));
                Value lowThere = call.Graph.Pure("cvt.u64.u32", ValueKind.Int64, ShuffleLeaf(call, mode, low, lane, clamp));
                Value highThere = call.Graph.Pure("cvt.u64.u32", ValueKind.Int64, ShuffleLeaf(call, mode, high, lane, clamp));
                return call.Graph.Pure("or.b64", ValueKind.Int64, call.Graph.Pure("shl.b64", ValueKind.Int64, highThere, Constant.Of(32)), lowThere);
            default:
                return call.Graph.Add(new Instruction($"shfl.sync.{mode}.b32", value.Kind, Effect.Write, value, lane, Constant.Of(clamp), Constant.Of(AllLanes)));
        }
    }

    // One thread leaves the value in shared memory, all fetch it.
    private static Operand? BroadcastInGroup(IntrinsicCall call)
    {
        Type type = call.TypeArguments[0];
        var slot = new Operand([call.Graph.Pure("mov.u64", ValueKind.Int64, call.Translator.Module.AddShared(call.Translator.Shape(type).Size))], IsReference: true);
        Block store = new(), join = new();
        call.Graph.Branch(call.Graph.Pure("setp.eq.s32", ValueKind.Predicate, Register(call, "%tid", "X"), call.Scalar(1)), store, join);
        call.Graph.Enter(store);
        call.Translator.Store(slot, type, call.Arguments[0]);
        call.Graph.Jump(join);
        call.Graph.Enter(join);
        Barrier(call, "bar.sync", Constant.Of(0));
        Value[] value = call.Translator.LoadFrom(slot, type);
        Barrier(call, "bar.sync", Constant.Of(0));
        return new Operand(value);
    }
}
