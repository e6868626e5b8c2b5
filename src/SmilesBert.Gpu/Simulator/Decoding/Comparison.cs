namespace SmilesBert.Gpu.Simulator;

/// <summary>The comparison that a setp or set asks for: ".ltu", ".and" and so on.</summary>
internal readonly record struct Comparison(string Name, Joining Joining)
{
    public static Comparison Read(InstructionReader r)
    {
        string name = r.OneOf(".eq", ".ne", ".lt", ".le", ".gt", ".ge", ".lo", ".ls", ".hi", ".hs",
            ".equ", ".neu", ".ltu", ".leu", ".gtu", ".geu", ".num", ".nan") ?? throw r.Error("the comparison is missing");
        Joining joining = r.OneOf(".and", ".or", ".xor") switch
        {
            ".and" => Joining.And,
            ".or" => Joining.Or,
            ".xor" => Joining.Xor,
            _ => Joining.None,
        };
        r.Ignore(".ftz");
        return new Comparison(name, joining);
    }

    public Instruction Instruction(InstructionReader r, PtxType type, CompareTarget target, int a, int b) => type switch
    {
        PtxType.F32 => Of<float>(r, target, a, b, isFloat: true),
        PtxType.F64 => Of<double>(r, target, a, b, isFloat: true),
        PtxType.S32 => Of<int>(r, target, a, b, isFloat: false),
        PtxType.U32 or PtxType.B32 => Of<uint>(r, target, a, b, isFloat: false),
        PtxType.S64 => Of<long>(r, target, a, b, isFloat: false),
        PtxType.U64 or PtxType.B64 => Of<ulong>(r, target, a, b, isFloat: false),
        PtxType.S16 => Narrow<short>(r, target, a, b),
        PtxType.U16 or PtxType.B16 => Narrow<ushort>(r, target, a, b),
        _ => throw r.BadType(type),
    };

    // The unordered comparisons are the opposites of ordered ones: a is not less than b, or one is NaN.
    private Instruction Of<T>(InstructionReader r, CompareTarget target, int a, int b, bool isFloat) where T : unmanaged => (Name, isFloat) switch
    {
        (".eq", _) => new CompareInstruction<T, Equal<T>>(target, a, b, false),
        (".ne", false) or (".neu", true) => new CompareInstruction<T, Equal<T>>(target, a, b, true),
        (".ne", true) => new CompareInstruction<T, Different<T>>(target, a, b, false),
        (".equ", true) => new CompareInstruction<T, Different<T>>(target, a, b, true),
        (".lt", _) or (".lo", false) => new CompareInstruction<T, Less<T>>(target, a, b, false),
        (".gt", _) or (".hi", false) => new CompareInstruction<T, Less<T>>(target, b, a, false),
        (".le", _) or (".ls", false) => new CompareInstruction<T, LessOrEqual<T>>(target, a, b, false),
        (".ge", _) or (".hs", false) => new CompareInstruction<T, LessOrEqual<T>>(target, b, a, false),
        (".ltu", true) => new CompareInstruction<T, LessOrEqual<T>>(target, b, a, true),
        (".gtu", true) => new CompareInstruction<T, LessOrEqual<T>>(target, a, b, true),
        (".leu", true) => new CompareInstruction<T, Less<T>>(target, b, a, true),
        (".geu", true) => new CompareInstruction<T, Less<T>>(target, a, b, true),
        (".num", true) => new CompareInstruction<T, Ordered<T>>(target, a, b, false),
        (".nan", true) => new CompareInstruction<T, Ordered<T>>(target, a, b, true),
        _ => throw r.Error($"comparison '{Name}' does not fit the type"),
    };

    private LaneCompare<T> Narrow<T>(InstructionReader r, CompareTarget target, int a, int b) where T : unmanaged, IComparable<T> => new(target, a, b, Name switch
    {
        ".eq" => (x, y) => x.CompareTo(y) == 0,
        ".ne" => (x, y) => x.CompareTo(y) != 0,
        ".lt" or ".lo" => (x, y) => x.CompareTo(y) < 0,
        ".le" or ".ls" => (x, y) => x.CompareTo(y) <= 0,
        ".gt" or ".hi" => (x, y) => x.CompareTo(y) > 0,
        ".ge" or ".hs" => (x, y) => x.CompareTo(y) >= 0,
        _ => throw r.Error($"comparison '{Name}' does not fit the type"),
    });
}
