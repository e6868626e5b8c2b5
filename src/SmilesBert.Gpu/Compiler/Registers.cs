namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Gives every value a register. A phi shares its register with its inputs where their lives do not overlap, so that a loop's counter is counted in
/// place; elsewhere its value is copied at the end of the predecessors.
/// </summary>
internal sealed class Registers
{
    private readonly Dictionary<Value, List<Value>> shared = [];            // the values of one register
    private readonly Dictionary<Value, string> names = [];
    private readonly Dictionary<ValueKind, int> counts = [];
    private readonly Liveness liveness;

    public Registers(List<Block> blocks)
    {
        liveness = new Liveness(blocks);
        foreach (Block block in blocks)
            foreach (Phi phi in block.Phis)
                foreach (Value input in phi.Inputs) Share(phi, input.Current);

        foreach (Block block in blocks)
        {
            foreach (Phi phi in block.Phis) Name(phi);
            foreach (Instruction instruction in block.Instructions)
            {
                foreach (Element element in instruction.Elements) Name(element);
                if (instruction.Kind is not (ValueKind.None or ValueKind.Vector)) Name(instruction);
            }
        }
    }

    /// <summary>The prefix and PTX type of each kind of register, and how many there are.</summary>
    public IEnumerable<(string Type, string Prefix, int Count)> Declarations
    {
        get
        {
            foreach (ValueKind kind in (ValueKind[])[ValueKind.Predicate, ValueKind.Int32, ValueKind.Int64, ValueKind.Float32, ValueKind.Float64])
                if (counts.TryGetValue(kind, out int count)) yield return (TypeOf(kind), Prefix(kind), count);
        }
    }

    public string this[Value value] => names[value.Current];

    /// <summary>Another register, for a moment.</summary>
    public string Temporary(ValueKind kind) => New(kind);

    public static string TypeOf(ValueKind kind) => kind switch
    {
        ValueKind.Predicate => "pred",
        ValueKind.Int32 => "b32",
        ValueKind.Int64 => "b64",
        ValueKind.Float32 => "f32",
        _ => "f64",
    };

    private static string Prefix(ValueKind kind) => kind switch
    {
        ValueKind.Predicate => "%p",
        ValueKind.Int32 => "%r",
        ValueKind.Int64 => "%rd",
        ValueKind.Float32 => "%f",
        _ => "%fd",
    };

    private void Name(Value value)
    {
        if (names.ContainsKey(value)) return;
        string name = New(value.Kind);
        foreach (Value other in Group(value)) names.Add(other, name);
    }

    private string New(ValueKind kind) => Prefix(kind) + (counts[kind] = counts.GetValueOrDefault(kind) + 1);

    private List<Value> Group(Value value)
    {
        if (!shared.TryGetValue(value, out List<Value>? group)) shared.Add(value, group = [value]);
        return group;
    }

    private void Share(Phi phi, Value input)
    {
        if (input is Constant or Symbol || input.Kind != phi.Kind) return;
        (List<Value> one, List<Value> other) = (Group(phi), Group(input));
        if (one == other || one.Any(a => other.Any(b => liveness.Overlap(a, b)))) return;
        one.AddRange(other);
        foreach (Value value in other) shared[value] = one;
    }
}
