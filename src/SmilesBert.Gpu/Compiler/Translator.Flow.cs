namespace SmilesBert.Gpu.Compiler;

// Instructions that end a block.
internal sealed partial class Translator
{
    private bool TranslateFlow(IlInstruction instruction)
    {
        string name = instruction.OpCode.Name!;
        if (name.EndsWith(".s", StringComparison.Ordinal)) name = name[..^2];
        switch (name)
        {
            case "br":
                JumpTo(frame.Il.BlockAt(instruction.Number));
                return true;
            case "brtrue":
                Branch(Truth(stack.Pop()), instruction);
                return true;
            case "brfalse":
                Branch(Not(Truth(stack.Pop())), instruction);
                return true;
            case "beq" or "bge" or "bgt" or "ble" or "blt" or "bne.un" or "bge.un" or "bgt.un" or "ble.un" or "blt.un":
                Branch(Compare(name[1..3], unsigned: name.Length > 3), instruction);
                return true;
            case "switch":
                Switch(instruction);
                return true;
            case "ret":
                frame.Returns.Add((graph.Block, frame.Il.ReturnType == typeof(void) ? [] : [Result()]));
                return true;
            default:
                return false;
        }
    }

    private void Branch(Value condition, IlInstruction instruction) =>
        BranchTo(condition, Target(frame.Il.BlockAt(instruction.Number)), Target(frame.Il.BlockAt(instruction.Next)));

    private Value Truth(Operand operand)
    {
        Value value = operand.Scalar;
        return value.Kind == ValueKind.Int64 ? graph.Pure("setp.ne.s64", ValueKind.Predicate, value, Constant.Of(0L)) : Coerce(value, ValueKind.Predicate);
    }

    // A comparison and a branch for each case in turn.
    private void Switch(IlInstruction instruction)
    {
        Value value = Integer(PopScalar());
        for (int i = 0; i < instruction.Targets.Length; i++)
        {
            var next = new Block();
            Value equal = graph.Pure("setp.eq.s32", ValueKind.Predicate, value, Constant.Of(i));
            BranchTo(equal, Target(frame.Il.BlockAt(instruction.Targets[i])), next);
            if (next.Predecessors.Count == 0) return;
            next.Stacks.Clear();
            graph.Enter(next);
        }
        JumpTo(frame.Il.BlockAt(instruction.Next));
    }

    // What is returned as a truth value is one for the caller too, however the stack held it.
    private Operand Result()
    {
        Operand operand = stack.Pop();
        return frame.Il.ReturnType == typeof(bool) ? new Operand(Coerce(operand.Scalar, ValueKind.Predicate)) : operand;
    }
}
