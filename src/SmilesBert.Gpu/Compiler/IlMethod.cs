using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// A method's IL as a flow graph: blocks, their edges and their loops, with blocks in an order in which every block follows all its
/// predecessors but the back edges', and a loop's blocks are not interrupted by others.
/// </summary>
internal sealed class IlMethod
{
    private readonly Dictionary<int, IlBlock> blockAt = [];
    private readonly ConcurrentDictionary<int, MemberInfo> resolved = [];       // by token
    private List<IlBlock>? order;

    /// <summary>Loops of constant bounds and at most so many trips are written out, where the method says nothing else.</summary>
    private const int DefaultUnroll = 16;

    private static readonly ConcurrentDictionary<MethodBase, IlMethod> Known = new();

    private IlMethod(MethodBase method)
    {
        Method = method;
        Body = method.GetMethodBody() ?? throw new KernelCompileException(method, 0, "the method has no IL and is not one that the compiler knows");
        if (Body.ExceptionHandlingClauses.Count > 0)
            throw new KernelCompileException(method, Body.ExceptionHandlingClauses[0].TryOffset, "try blocks have no translation");
        List<IlInstruction> instructions = IlReader.Read(Body.GetILAsByteArray());
        Blocks = SplitIntoBlocks(instructions);
        Loops = FlowAnalysis.FindLoops(this);
        foreach (IlLoop loop in Loops)
            foreach (IlInstruction instruction in loop.Blocks.SelectMany(block => block.Instructions))
                if (Assignment(instruction) is { } slot) loop.Assigned.Add(slot);
        foreach (IlInstruction instruction in instructions)
            if (instruction.Family is "ldloca" or "ldarga") AddressTaken.Add(Assignment(instruction)!.Value);
        LocalTypes = [.. Body.LocalVariables.Select(local => local.LocalType)];
        HoldsReferences = LocalTypes.Any(type => type.IsByRef);
        ArgumentTypes = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        if (!method.IsStatic) ArgumentTypes = [method.DeclaringType!.MakeByRefType(), .. ArgumentTypes];
        ReturnType = method is MethodInfo { ReturnType: { } type } ? type : typeof(void);
        Unroll = method.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.Name == "UnrollAttribute")?.ConstructorArguments is [{ Value: int trips }] ? trips : DefaultUnroll;
    }

    public MethodBase Method { get; }

    public MethodBody Body { get; }

    public Type[] LocalTypes { get; }

    /// <summary>An instance method's first is a reference to the instance.</summary>
    public Type[] ArgumentTypes { get; }

    public Type ReturnType { get; }

    /// <summary>By offset; the first is the entry.</summary>
    public IReadOnlyList<IlBlock> Blocks { get; }

    public IReadOnlyList<IlLoop> Loops { get; }

    /// <summary>Locals and arguments to which there may be references.</summary>
    public HashSet<Slot> AddressTaken { get; } = [];

    /// <summary>It has ref locals: assignments to what they refer to do not show in the IL.</summary>
    public bool HoldsReferences { get; }

    /// <summary>The most trips of a loop that is written out: 16, or what an [Unroll(n)] on the method says.</summary>
    public int Unroll { get; }

    public static IlMethod Of(MethodBase method) => Known.GetOrAdd(method, static method => new IlMethod(method));

    /// <summary>The local or argument that an instruction assigns to or takes the address of.</summary>
    public static Slot? Assignment(IlInstruction instruction) => instruction.Name switch
    {
        "stloc.0" => new Slot(0),
        "stloc.1" => new Slot(1),
        "stloc.2" => new Slot(2),
        "stloc.3" => new Slot(3),
        "stloc" or "stloc.s" or "ldloca" or "ldloca.s" => new Slot((int)instruction.Number),
        "starg" or "starg.s" or "ldarga" or "ldarga.s" => Slot.Argument((int)instruction.Number),
        _ => null,
    };

    public IlBlock BlockAt(long offset) => blockAt[(int)offset];

    /// <summary>The blocks directly in <paramref name="loop"/> (null: in the method), as <see cref="FlowAnalysis.Order"/> puts them.</summary>
    public IReadOnlyList<IlBlock> Order(IlLoop? loop)
    {
        if (loop is null) return order ??= FlowAnalysis.Order(Blocks[0], null);
        return loop.Order ??= FlowAnalysis.Order(loop.Header, loop);
    }

    // ---- Tokens ----------------------------------------------------------------------------------------------------

    public MethodBase ResolveMethod(IlInstruction call) => Resolve(call, (token, types, methods) => Method.Module.ResolveMethod(token, types, methods)!);

    public FieldInfo ResolveField(IlInstruction access) => Resolve(access, (token, types, methods) => Method.Module.ResolveField(token, types, methods)!);

    public Type ResolveType(IlInstruction instruction) => Resolve(instruction, (token, types, methods) => Method.Module.ResolveType(token, types, methods));

    // What a token means where the method's type parameters stand for actual types.
    private T Resolve<T>(IlInstruction instruction, Func<int, Type[], Type[], T> resolve) where T : MemberInfo
    {
        int token = (int)instruction.Number;
        if (resolved.TryGetValue(token, out MemberInfo? known)) return (T)known;
        Type[] typeArguments = Method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : [];
        Type[] methodArguments = Method.IsGenericMethod ? Method.GetGenericArguments() : [];
        try
        {
            T member = resolve(token, typeArguments, methodArguments);
            resolved.TryAdd(token, member);
            return member;
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or IOException or TypeLoadException or MissingMemberException)
        {
            throw new KernelCompileException(Method, instruction.Offset, $"what {instruction.Name} names is not found: {e.Message.TrimEnd('.')}");
        }
    }

    private List<IlBlock> SplitIntoBlocks(List<IlInstruction> instructions)
    {
        var starts = new SortedSet<int> { 0 };
        foreach (IlInstruction instruction in instructions)
        {
            if (!instruction.IsBranch && !instruction.EndsFlow) continue;
            if (instruction.OpCode.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget) starts.Add((int)instruction.Number);
            foreach (int target in instruction.Targets) starts.Add(target);
            starts.Add(instruction.Next);
        }

        var blocks = new List<IlBlock>();
        for (int i = 0; i < instructions.Count;)
        {
            int end = i + 1;
            while (end < instructions.Count && !starts.Contains(instructions[end].Offset)) end++;
            var block = new IlBlock(blocks.Count, [.. instructions[i..end]]);
            blocks.Add(block);
            blockAt.Add(block.Offset, block);
            i = end;
        }
        foreach (IlBlock block in blocks) Connect(block);
        return blocks;
    }

    private void Connect(IlBlock block)
    {
        IlInstruction last = block.Instructions[^1];
        if (last.OpCode.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget) Connect(block, BlockAt(last.Number));
        foreach (int target in last.Targets) Connect(block, BlockAt(target));
        if (!last.EndsFlow) Connect(block, BlockAt(last.Next));
    }

    private static void Connect(IlBlock from, IlBlock to)
    {
        if (from.Successors.Contains(to)) return;
        from.Successors.Add(to);
        to.Predecessors.Add(from);
    }
}
