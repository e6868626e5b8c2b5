namespace SmilesBert.Gpu.Simulator;

/// <summary>The names between two braces: registers, variables and labels. Inner names hide outer ones.</summary>
internal sealed class Scope(Scope? parent)
{
    private readonly Dictionary<string, Register> registers = [];
    private readonly Dictionary<string, (int Count, PtxType Type)> ranges = [];
    private readonly Dictionary<string, Variable> variables = [];
    private readonly Dictionary<string, int> labels = [];
    private readonly Dictionary<string, IReadOnlyList<string>> labelTables = [];

    public Scope? Parent { get; } = parent;

    /// <summary>Declares %r&lt;n&gt;: %r0 to %r(n-1), each made when it is first named.</summary>
    public void DeclareRange(string prefix, int count, PtxType type, int line)
    {
        if (!ranges.TryAdd(prefix, (count, type))) throw Twice(prefix, line);
    }

    public void Declare(string name, Register register, int line)
    {
        if (!registers.TryAdd(name, register)) throw Twice(name, line);
    }

    public void Declare(Variable variable, int line)
    {
        if (!variables.TryAdd(variable.Name, variable)) throw Twice(variable.Name, line);
    }

    public void DeclareLabel(string name, int target, int line)
    {
        if (!labels.TryAdd(name, target)) throw Twice(name, line);
    }

    public void DeclareLabelTable(string name, IReadOnlyList<string> targets) => labelTables[name] = targets;

    public Register? FindRegister(string name, RegisterLayout layout)
    {
        if (registers.TryGetValue(name, out Register? register)) return register;

        int digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1])) digits--;
        if (digits < name.Length
            && ranges.TryGetValue(name[..digits], out (int Count, PtxType Type) range)
            && int.TryParse(name.AsSpan(digits), out int number) && number < range.Count)
        {
            return registers[name] = layout.Add(name, range.Type);
        }

        return Parent?.FindRegister(name, layout);
    }

    public Variable? FindVariable(string name) => variables.GetValueOrDefault(name) ?? Parent?.FindVariable(name);

    public int? FindLabel(string name) => labels.TryGetValue(name, out int target) ? target : Parent?.FindLabel(name);

    public IReadOnlyList<string>? FindLabelTable(string name) => labelTables.GetValueOrDefault(name) ?? Parent?.FindLabelTable(name);

    private static PtxException Twice(string name, int line) => new(line, $"'{name}' is declared twice");
}
