using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Executes IL symbolically: the evaluation stack holds values of the graph instead of numbers, calls are inlined, branches on known conditions are
/// decided. This part walks blocks, loops and calls; the others translate single instructions.
/// </summary>
internal sealed partial class Translator(GraphBuilder graph, ModuleState module)
{
    // Beyond it loops stay loops, whatever they ask: a backstop against unrolled loops within unrolled loops.
    private const int UnrolledInstructions = 20_000;

    private Stack<Operand> stack = new();
    private Frame frame = null!;

    public GraphBuilder Graph => graph;

    public ModuleState Module => module;

    /// <summary>Translates the kernel's body; its argument is read from the entry's parameter.</summary>
    public void TranslateKernel(MethodInfo kernel, ParameterLayout layout)
    {
        frame = new Frame(kernel, null);
        graph.Origin = new Origin(kernel, 0);
        Variable[] argument = frame.Arguments[0];
        for (int i = 0; i < argument.Length; i++)
        {
            (Scalar scalar, int at, string name) = layout.Leaves[i];
            ValueKind kind = scalar.Kind == ValueKind.Predicate ? ValueKind.Int32 : scalar.Kind;
            var load = new Instruction("ld.param." + scalar.Suffix, kind, Effect.None, new Symbol($"args+{at}", ValueKind.Int64)) { Comment = name };
            graph.Write(argument[i], Coerce(graph.Add(load), scalar.Kind));
        }
        TranslateBody();
    }

    public KernelCompileException Refuse(string reason)
    {
        for (Frame? caller = frame.Caller; caller is not null; caller = caller.Caller) reason += $", called from {caller.Il.Method.Name}";
        return graph.Origin.Refuse(reason);
    }

    // ---- Calls -----------------------------------------------------------------------------------------------------

    /// <summary>Inlines a call; gives its result, none of a void method.</summary>
    private Operand? Inline(MethodBase method, Operand[] arguments)
    {
        for (Frame? outer = frame; outer is not null; outer = outer.Caller)
            if (outer.Il.Method == method) throw Refuse($"{method.Name} calls itself, and recursion has no translation");

        (Frame caller, Stack<Operand> callerStack, Origin call) = (frame, stack, graph.Origin);
        frame = NewFrame(method, caller);
        stack = new Stack<Operand>();
        for (int i = 0; i < arguments.Length; i++) Assign(frame.Arguments[i], arguments[i]);
        TranslateBody();
        Operand[] result = MergeReturns();

        (frame, stack, graph.Origin) = (caller, callerStack, call);
        return result is [var single] ? single : null;
    }

    private Frame NewFrame(MethodBase method, Frame caller)
    {
        try
        {
            return new Frame(method, caller);
        }
        catch (KernelCompileException e) when (e.Method == method)
        {
            throw Refuse($"the call of {method.DeclaringType?.Name}.{method.Name} has no translation: {e.Reason}");
        }
    }

    private void TranslateBody()
    {
        foreach (Variable[] local in frame.Locals)
            foreach (Variable variable in local) graph.Write(variable, Constant.Zero(variable.Scalar.Kind));
        TranslateRegion(null);
    }

    private Operand[] MergeReturns()
    {
        if (frame.Returns.Count == 0) throw Refuse("the method never returns");
        if (frame.Returns.Count == 1)
        {
            graph.Return(frame.Returns[0].Block);
            return frame.Returns[0].Stack;
        }
        var join = new Block();
        foreach ((Block block, Operand[] result) in frame.Returns)
        {
            graph.Return(block);
            graph.Jump(join);
            join.Stacks.Add(result);
        }
        graph.Enter(join);
        return MergeStacks();
    }

    // ---- Blocks and loops ------------------------------------------------------------------------------------------

    // The blocks directly in a loop (null: in the method); the first goes on in the current block.
    private void TranslateRegion(IlLoop? loop)
    {
        IReadOnlyList<IlBlock> order = frame.Il.Order(loop);
        foreach (IlBlock block in order)
        {
            if (block != order[0])
            {
                if (!frame.Targets.TryGetValue(block, out Block? target) || target.Predecessors.Count == 0) continue;      // nothing leads there
                graph.Enter(target);
            }
            graph.Origin = new Origin(frame.Il.Method, block.Offset);
            if (FlowAnalysis.InnerLoop(block, loop) is { } inner) TranslateLoop(inner);
            else TranslateBlock(block);
        }
    }

    // The loop is entered from the current block. An unrolled one is translated again for each trip; what remains is a plain loop, or, where the
    // trips were counted right, nothing.
    private void TranslateLoop(IlLoop loop)
    {
        if (MergeStacks().Length > 0) throw Refuse("a loop begins in the middle of an expression");
        int trips = graph.Count < UnrolledInstructions ? TripCount.Of(loop, frame, graph) : 0;
        for (int copy = 0; trips > 0 && copy <= trips; copy++)              // the last copy is the test that fails
        {
            var next = new Block();
            Redirect(loop, next);
            TranslateRegion(loop);
            if (next.Predecessors.Count == 0) return;
            graph.Enter(next);
            MergeStacks();
        }

        Frame owner = frame;
        var header = new Block { Changes = variable => owner.MayAssign(loop, variable) };
        graph.Jump(header);
        graph.Open(header);
        Redirect(loop, header);
        TranslateRegion(loop);
        header.Stacks.Clear();
        graph.Seal(header);
    }

    // Forgets the copies of the loop's blocks; the way back leads to a new one.
    private void Redirect(IlLoop loop, Block header)
    {
        foreach (IlBlock block in loop.Blocks) frame.Targets.Remove(block);
        frame.Targets[loop.Header] = header;
    }

    private void TranslateBlock(IlBlock block)
    {
        foreach (Operand operand in MergeStacks()) stack.Push(operand);
        foreach (IlInstruction instruction in block.Instructions)
        {
            graph.Origin = new Origin(frame.Il.Method, instruction.Offset);
            if (!TranslateFlow(instruction)) Translate(instruction);
        }
        if (!block.Instructions[^1].IsBranch && !block.Instructions[^1].EndsFlow) JumpTo(frame.Il.BlockAt(block.Instructions[^1].Next));
        stack.Clear();
    }

    private Block Target(IlBlock block)
    {
        if (!frame.Targets.TryGetValue(block, out Block? target)) frame.Targets.Add(block, target = new Block());
        return target;
    }

    private void JumpTo(IlBlock target) => JumpTo(Target(target));

    private void JumpTo(Block target)
    {
        graph.Jump(target);
        target.Stacks.Add(Snapshot());
    }

    private void BranchTo(Value condition, Block whenTrue, Block whenFalse)
    {
        if (whenTrue == whenFalse)
        {
            JumpTo(whenTrue);
        }
        else if (condition.Current is Constant known)
        {
            JumpTo(known.Bits != 0 ? whenTrue : whenFalse);
        }
        else
        {
            graph.Branch(condition, whenTrue, whenFalse);
            whenTrue.Stacks.Add(Snapshot());
            whenFalse.Stacks.Add(Snapshot());
        }
    }

    private Operand[] Snapshot() => [.. stack.Reverse()];

    /// <summary>What the current block begins with on the stack: what its predecessors left, merged.</summary>
    private Operand[] MergeStacks()
    {
        List<Operand[]> stacks = graph.Block.Stacks;
        if (stacks.Count == 0) return [];
        Operand[] merged = stacks[0];
        if (stacks.Count > 1 && merged.Length > 0)
            merged = [.. Enumerable.Range(0, merged.Length).Select(i => Merge([.. stacks.Select(other => other[i])]))];
        stacks.Clear();
        return merged;
    }

    private Operand Merge(Operand[] inputs)
    {
        var leaves = new Value[inputs[0].Leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            Value[] values = [.. inputs.Select(input => input.Leaves[i].Current)];
            ValueKind kind = CommonKind(values);
            Block block = graph.Block;
            for (int p = 0; p < values.Length; p++)
            {
                graph.Return(block.Predecessors[p]);
                values[p] = Coerce(values[p], kind);
            }
            graph.Return(block);
            leaves[i] = graph.Merge(kind, values);
            if (leaves[i] is Phi { Kind: ValueKind.Place or ValueKind.Text }) throw Refuse("a reference may point to different variables here");
        }
        return inputs[0] with { Leaves = leaves };
    }

    // Truth values and the integers 0 and 1 are truth values together.
    private static ValueKind CommonKind(Value[] values)
    {
        ValueKind[] kinds = [.. values.Select(value => value.Kind).Distinct()];
        if (kinds.Length == 1) return kinds[0];
        if (kinds.Contains(ValueKind.Predicate) && values.All(value => value is Constant { Bits: 0 or 1 } || value.Kind == ValueKind.Predicate)) return ValueKind.Predicate;
        return kinds.Contains(ValueKind.Float64) ? ValueKind.Float64 : ValueKind.Int32;
    }
}
