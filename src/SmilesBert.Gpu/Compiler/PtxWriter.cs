using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace SmilesBert.Gpu.Compiler;

/// <summary>Writes the graph as PTX text.</summary>
internal sealed partial class PtxWriter
{
    private readonly StringBuilder text = new();
    private readonly List<Block> blocks;
    private readonly Dictionary<Block, string> labels = [];
    private readonly Registers registers;
    private readonly Uniformity uniformity;
    private readonly ModuleState module;
    private readonly string name;
    private readonly MethodInfo kernel;
    private readonly ParameterLayout layout;
    private readonly int? maxThreads;
    private MethodBase? source;                                 // of the lines being written

    public PtxWriter(GraphBuilder graph, ModuleState module, string name, MethodInfo kernel, ParameterLayout layout, int? maxThreads)
    {
        (this.module, this.name, this.kernel, this.layout, this.maxThreads) = (module, name, kernel, layout, maxThreads);
        uniformity = new Uniformity(graph.Blocks);
        blocks = SplitEdges(graph.Blocks);
        registers = new Registers(blocks);
    }

    public CompiledKernel Write()
    {
        List<Block> written = [.. blocks.Where(block => block == blocks[0] || !IsEmpty(block))];
        var targets = written.SelectMany(block => block.Successors).Select(Skip).ToHashSet();
        foreach (Block block in written)
            if (targets.Contains(block)) labels.Add(block, $"L{labels.Count + 1}");

        var body = new StringBuilder();
        for (int i = 0; i < written.Count; i++) WriteBlock(body, written[i], i + 1 < written.Count ? written[i + 1] : null);
        WriteHead();
        text.Append(body).Append("}\n");
        return new CompiledKernel(name, text.ToString(), layout, module.SharedArrays.Sum(array => array.Bytes), module.TargetSm);
    }

    // ---- Around the instructions -----------------------------------------------------------------------------------

    private void WriteHead()
    {
        text.Append(CultureInfo.InvariantCulture, $"// {kernel.DeclaringType}.{kernel.Name}({TypeName(kernel.GetParameters()[0].ParameterType)})\n");
        text.Append(CultureInfo.InvariantCulture, $".version 7.8\n.target sm_{module.TargetSm}\n.address_size 64\n\n");
        if (module.UsesDynamicShared) text.Append(CultureInfo.InvariantCulture, $".extern .shared .align 16 .b8 {ModuleState.DynamicShared}[];\n\n");
        text.Append(CultureInfo.InvariantCulture, $".visible .entry {name}(.param .align 8 .b8 args[{layout.Size}])\n");
        if (maxThreads is { } threads) text.Append(CultureInfo.InvariantCulture, $".maxntid {threads}, 1, 1\n");
        text.Append("{\n");
        foreach ((string type, string prefix, int count) in registers.Declarations)
            text.Append(CultureInfo.InvariantCulture, $"    .reg .{type} {prefix}<{count + 1}>;\n");
        foreach ((string array, int bytes) in module.SharedArrays) text.Append(CultureInfo.InvariantCulture, $"    .shared .align 16 .b8 {array}[{bytes}];\n");
        foreach ((string array, int bytes) in module.LocalArrays) text.Append(CultureInfo.InvariantCulture, $"    .local .align 16 .b8 {array}[{bytes}];\n");
    }

    private static string TypeName(Type type) => type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;

    // Copies into phis need an edge of their own: blocks with two successors have no end that belongs to one of them.
    private static List<Block> SplitEdges(List<Block> blocks)
    {
        var split = new List<Block>();
        foreach (Block block in blocks)
        {
            split.Add(block);
            if (block.Successors.Length < 2) continue;
            for (int i = 0; i < 2; i++)
            {
                Block target = block.Successors[i];
                if (target.Phis.Count == 0) continue;
                var edge = new Block { Successors = [target], Predecessors = { block } };
                target.Predecessors[target.Predecessors.IndexOf(block)] = edge;
                block.Successors[i] = edge;
                split.Add(edge);
            }
        }
        return split;
    }

    private bool IsEmpty(Block block) => block.Instructions.Count == 0 && block.Successors.Length == 1 && !Copies(block).Any();

    private Block Skip(Block block)
    {
        while (block != blocks[0] && IsEmpty(block)) block = block.Successors[0];
        return block;
    }

    // ---- Blocks ----------------------------------------------------------------------------------------------------

    private void WriteBlock(StringBuilder body, Block block, Block? following)
    {
        body.Append('\n');
        if (labels.TryGetValue(block, out string? label)) body.Append(CultureInfo.InvariantCulture, $"{label}:\n");
        foreach (Instruction instruction in block.Instructions)
        {
            WriteSource(body, instruction.Origin.Method);
            WriteInstruction(body, instruction);
        }
        WriteCopies(body, [.. Copies(block)]);
        switch (block.Successors)
        {
            case []:
                Line(body, "ret;");
                break;
            case [var only]:
                if (Skip(only) != following) Line(body, $"bra {labels[Skip(only)]};");
                break;
            case [var whenTrue, var whenFalse]:
                string condition = registers[block.Condition!];
                string branch = uniformity.IsUniform(block.Condition!) ? "bra.uni" : "bra";
                if (Skip(whenTrue) == following)
                {
                    Line(body, $"@!{condition} {branch} {labels[Skip(whenFalse)]};");
                    break;
                }
                Line(body, $"@{condition} {branch} {labels[Skip(whenTrue)]};");
                if (Skip(whenFalse) != following) Line(body, $"bra {labels[Skip(whenFalse)]};");
                break;
        }
    }

    // Says from which method the next lines come, where that changes; properties and constructors count to who calls them.
    private void WriteSource(StringBuilder body, MethodBase method)
    {
        if (method.IsSpecialName || method == source) return;
        source = method;
        Line(body, $"// {method.DeclaringType?.Name}.{method.Name}");
    }

    private static void Line(StringBuilder body, string line) => body.Append("    ").Append(line).Append('\n');

    private IEnumerable<(string To, Value From)> Copies(Block block)
    {
        if (block.Successors is not [var next]) yield break;
        int edge = next.Predecessors.IndexOf(block);
        foreach (Phi phi in next.Phis)
            if (Operand(phi) != Operand(phi.Inputs[edge])) yield return (Operand(phi), phi.Inputs[edge].Current);
    }

    // All copies happen at once: one goes when nobody needs what it overwrites, and a circle is opened with one more register.
    private void WriteCopies(StringBuilder body, List<(string To, Value From)> copies)
    {
        var pending = copies.Select(copy => (copy.To, From: Operand(copy.From), copy.From.Kind)).ToList();
        while (pending.Count > 0)
        {
            int ready = pending.FindIndex(copy => pending.TrueForAll(other => other.From != copy.To || other == copy));
            if (ready < 0)
            {
                (string to, string from, ValueKind kind) = pending[0];
                string temporary = registers.Temporary(kind);
                Line(body, $"mov.{Registers.TypeOf(kind)} {temporary}, {to};");
                for (int i = 0; i < pending.Count; i++)
                    if (pending[i].From == to) pending[i] = pending[i] with { From = temporary };
                ready = 0;
            }
            Line(body, $"mov.{Registers.TypeOf(pending[ready].Kind)} {pending[ready].To}, {pending[ready].From};");
            pending.RemoveAt(ready);
        }
    }

    // ---- Instructions ----------------------------------------------------------------------------------------------

    private string Operand(Value value) => value.Current switch
    {
        Constant constant => constant.ToString(),
        Symbol symbol => symbol.Name,
        Value current => registers[current],
    };

    private void WriteInstruction(StringBuilder body, Instruction instruction)
    {
        switch (instruction)
        {
            case AsmText asm:
                WriteText(body, asm);
                return;
            case MemoryInstruction access:
                Line(body, Access(access));
                return;
        }
        string[] operands = [.. instruction.Operands.Select(Operand)];
        if (instruction.Opcode.StartsWith("ld.param", StringComparison.Ordinal)) operands[0] = $"[{operands[0]}]";
        if (instruction.Kind != ValueKind.None) operands = [registers[instruction], .. operands];
        string line = operands.Length == 0 ? $"{instruction.Opcode};" : $"{instruction.Opcode} {string.Join(", ", operands)};";
        Line(body, instruction.Comment is { } comment ? $"{line,-50}// {comment}" : line);
    }

    private string Access(MemoryInstruction access)
    {
        string offset = access.Offset == 0 ? "" : access.Offset.ToString("+0;+-0", CultureInfo.InvariantCulture);
        string address = $"[{Operand(access.Operands[0])}{offset}]";
        string[] values = [.. access.Operands.Skip(1).Select(Operand)];
        if (access.Elements.Length > 0) return $"{access.Opcode} {Together(access.Elements)}, {address};";
        if (access.Opcode.StartsWith("ld", StringComparison.Ordinal)) return $"{access.Opcode} {registers[access]}, {address};";
        if (access.Opcode.StartsWith("st", StringComparison.Ordinal))
            return $"{access.Opcode} {address}, {Together(access.Operands[1..])};";
        return $"{access.Opcode} {registers[access]}, {address}, {string.Join(", ", values)};";
    }

    // Several values are a vector of PTX.
    private string Together(Value[] values) => values is [var only] ? Operand(only) : $"{{{string.Join(", ", values.Select(Operand))}}}";

    [GeneratedRegex(@"%(%|\d+)")]
    private static partial Regex Placeholder();

    private void WriteText(StringBuilder body, AsmText asm)
    {
        List<string> operands = [];
        if (asm.Kind != ValueKind.None) operands.Add(asm.Kind == ValueKind.Vector ? Together(asm.Elements) : registers[asm]);
        int first = 0;
        foreach (int width in asm.Widths)
        {
            operands.Add(Together(asm.Operands[first..(first + width)]));
            first += width;
        }
        string replaced = Placeholder().Replace(asm.Text, match =>
        {
            if (match.Value == "%%") return "%";
            int number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            return number < operands.Count ? operands[number] : throw asm.Origin.Refuse($"the text names %{number}, and there are {operands.Count} operands");
        });
        foreach (string line in replaced.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) Line(body, line);
    }
}
