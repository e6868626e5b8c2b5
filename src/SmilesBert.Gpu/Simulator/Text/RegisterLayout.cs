namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Where an entry's registers, literals and special registers lie in a warp's register file. Literals and special registers are registers too,
/// filled before a warp starts, so that instructions know one kind of operand.
/// </summary>
internal sealed class RegisterLayout
{
    private const int LineWords = 8;                                    // everything starts on 32 bytes, the size of a vector

    private readonly List<Register> registers = [];
    private readonly Dictionary<(ulong Bits, bool Wide), int> literals = [];
    private readonly Dictionary<string, int> specials = [];
    private readonly Dictionary<(Variable, long), int> addresses = [];

    /// <summary>Size of a warp's register file in 32-bit words.</summary>
    public int Words { get; private set; }

    public IReadOnlyList<Register> Registers => registers;

    /// <summary>Special register -> its place; all are 32 bits wide.</summary>
    public IReadOnlyDictionary<string, int> Specials => specials;

    /// <summary>(value, 64 bits wide) -> its place.</summary>
    public IReadOnlyDictionary<(ulong Bits, bool Wide), int> Literals => literals;

    /// <summary>(global or constant variable, addend) -> the place of its 64-bit address, known at the launch.</summary>
    public IReadOnlyDictionary<(Variable Variable, long Addend), int> Addresses => addresses;

    public Register Add(string name, PtxType type)
    {
        int words = type == PtxType.Pred ? LineWords : type.Bytes() == 8 ? 64 : 32;
        Register register = new(name, type, Take(words), registers.Count);
        registers.Add(register);
        return register;
    }

    public int Literal(ulong bits, bool wide)
    {
        if (!literals.TryGetValue((bits, wide), out int place)) literals[(bits, wide)] = place = Take(wide ? 64 : 32);
        return place;
    }

    public int Special(string name)
    {
        if (!specials.TryGetValue(name, out int place)) specials[name] = place = Take(32);
        return place;
    }

    public int Address(Variable variable, long addend)
    {
        if (!addresses.TryGetValue((variable, addend), out int place)) addresses[(variable, addend)] = place = Take(64);
        return place;
    }

    /// <summary>A place that nobody reads.</summary>
    public int Sink() => Take(64);

    private int Take(int words)
    {
        int place = Words;
        Words += words;
        return place;
    }
}
