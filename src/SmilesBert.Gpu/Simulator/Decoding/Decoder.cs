namespace SmilesBert.Gpu.Simulator;

/// <summary>Turns instructions as written into ones that run. The table below is the list of what the simulator knows.</summary>
internal static partial class Decoder
{
    private static readonly Dictionary<string, Func<InstructionReader, Instruction>> Opcodes = Table(
    [
        // Arithmetic
        ("add", Add), ("sub", Sub), ("mul", Mul), ("mad", Mad), ("fma", Fma), ("div", Div), ("rem", Rem), ("sad", Sad), ("neg", Neg),
        ("abs", Abs), ("min", Min), ("max", Max), ("sqrt", Sqrt), ("rsqrt", Rsqrt), ("rcp", Rcp), ("ex2", Ex2), ("lg2", Lg2), ("sin", Sin),
        ("cos", Cos), ("tanh", Tanh), ("copysign", CopySign), ("testp", TestP),

        // Bits
        ("and", And), ("or", Or), ("xor", Xor), ("not", Not), ("cnot", CNot), ("shl", Shl), ("shr", Shr), ("shf", Shf), ("bfe", Bfe),
        ("bfi", Bfi), ("bfind", BFind), ("popc", Popc), ("clz", Clz), ("brev", Brev), ("prmt", Prmt), ("lop3", Lop3),

        // Comparing, moving, converting
        ("setp", SetP), ("set", Set), ("selp", SelP), ("slct", Slct), ("mov", Mov), ("cvt", Cvt), ("cvta", Cvta), ("isspacep", IsSpaceP),

        // Memory
        ("ld", Ld), ("ldu", Ld), ("st", St), ("atom", Atom), ("red", Red), ("membar", Fence), ("fence", Fence), ("prefetch", Prefetch),
        ("cp", Cp),

        // Matrices
        ("mma", Mma), ("ldmatrix", LdMatrix),

        // Between lanes and warps
        ("shfl", Shfl), ("vote", Vote), ("match", Match), ("redux", Redux), ("activemask", ActiveMask), ("bar", Bar), ("barrier", Bar),

        // Control flow
        ("bra", Bra), ("brx", Brx), ("ret", Exit), ("exit", Exit), ("trap", Trap), ("nanosleep", NanoSleep),
    ]);

    /// <summary>Every opcode that the simulator knows.</summary>
    public static IReadOnlyCollection<string> Known => Opcodes.Keys;

    public static Instruction Decode(InstructionSyntax syntax, EntryBuilder builder)
    {
        if (!Opcodes.TryGetValue(syntax.Opcode, out Func<InstructionReader, Instruction>? decode))
            throw new PtxException(syntax.Line, $"instruction '{syntax.Opcode}' is not supported (in '{syntax.Text}')");
        InstructionReader reader = new(syntax, builder);
        return reader.Complete(decode(reader));
    }

    private static Dictionary<string, Func<InstructionReader, Instruction>> Table((string Opcode, Func<InstructionReader, Instruction> Decode)[] entries) =>
        entries.ToDictionary(entry => entry.Opcode, entry => entry.Decode);
}
