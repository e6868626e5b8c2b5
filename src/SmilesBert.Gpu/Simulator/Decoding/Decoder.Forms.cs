namespace SmilesBert.Gpu.Simulator;

// The shapes that most instructions have: d, a / d, a, b / d, a, b, c, all of one type.
internal static partial class Decoder
{
    /// <summary>What may stand behind an arithmetic instruction on floats.</summary>
    private readonly record struct FloatOptions(bool IsFlushed, bool IsSaturated);

    // Rounding other than to nearest stays untaken, so that it is refused by name; so is .sat where it has no meaning here.
    private static PtxType ArithmeticType(InstructionReader r, out FloatOptions options)
    {
        r.Ignore(".rn");
        bool canSaturate = r.Syntax.Opcode is "add" or "sub" or "mul" or "mad" or "fma";
        options = new FloatOptions(r.Has(".ftz"), canSaturate && r.Has(".sat"));
        PtxType type = r.Type();
        if (options.IsFlushed && type != PtxType.F32) throw r.Error($"'.ftz' on {type.Dotted()} is not supported");
        bool isAddition = r.Syntax.Opcode is "add" or "sub";
        if (options.IsSaturated && type != PtxType.F32 && !(isAddition && type == PtxType.S32)) throw r.Error($"'.sat' on {type.Dotted()} is not supported");
        if (r.Class == OpcodeClass.Move) r.Class = type.IsFloat() || type.IsPacked() ? OpcodeClass.Float : OpcodeClass.Integer;
        return type;
    }

    private static VectorUnary<T, TOperation> VectorOne<T, TOperation>(InstructionReader r, PtxType type)
        where T : unmanaged where TOperation : struct, IVectorUnary<T> => new(r.Destination(type), r.Source(type));

    private static VectorBinary<T, TOperation> Vector<T, TOperation>(InstructionReader r, PtxType type)
        where T : unmanaged where TOperation : struct, IVectorBinary<T> => new(r.Destination(type), r.Source(type), r.Source(type));

    private static VectorTernary<T, TOperation> VectorThree<T, TOperation>(InstructionReader r, PtxType type)
        where T : unmanaged where TOperation : struct, IVectorTernary<T> => new(r.Destination(type), r.Source(type), r.Source(type), r.Source(type));

    private static Instruction SingleUnary<TOperation>(InstructionReader r, FloatOptions options) where TOperation : struct, IVectorUnary<float> =>
        options.IsFlushed ? VectorOne<float, FlushedUnary<TOperation>>(r, PtxType.F32) : VectorOne<float, TOperation>(r, PtxType.F32);

    private static Instruction Single<TOperation>(InstructionReader r, FloatOptions options) where TOperation : struct, IVectorBinary<float> => options switch
    {
        { IsSaturated: true, IsFlushed: true } => Vector<float, SaturatedBinary<FlushedBinary<TOperation>>>(r, PtxType.F32),
        { IsSaturated: true } => Vector<float, SaturatedBinary<TOperation>>(r, PtxType.F32),
        { IsFlushed: true } => Vector<float, FlushedBinary<TOperation>>(r, PtxType.F32),
        _ => Vector<float, TOperation>(r, PtxType.F32),
    };

    private static LaneUnary<TA, TResult> LaneUnary<TA, TResult>(InstructionReader r, PtxType type, Func<TA, TResult> operation)
        where TA : unmanaged where TResult : unmanaged => new(r.Destination(type), r.Source(type), operation);

    private static LaneBinary<TA, TB, TResult> LaneBinary<TA, TB, TResult>(InstructionReader r, PtxType type, Func<TA, TB, TResult> operation)
        where TA : unmanaged where TB : unmanaged where TResult : unmanaged => new(r.Destination(type), r.Source(type), r.Source(type), operation);

    private static LaneTernary<T, T, T, TResult> LaneTernary<T, TResult>(InstructionReader r, PtxType type, Func<T, T, T, TResult> operation)
        where T : unmanaged where TResult : unmanaged => new(r.Destination(type), r.Source(type), r.Source(type), r.Source(type), operation);

    private static LaneTernary<T, T, TWide, TWide> MadWide<T, TWide>(InstructionReader r, PtxType type, Func<T, T, TWide, TWide> operation)
        where T : unmanaged where TWide : unmanaged =>
        new(r.Destination(PtxType.U64), r.Source(type), r.Source(type), r.Source(PtxType.U64), operation);
}
