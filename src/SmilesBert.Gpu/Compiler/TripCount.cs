namespace SmilesBert.Gpu.Compiler;

/// <summary>
/// Counts the trips of `for (int i = start; i op bound; i = i op step)` where start, bound and step are known while compiling and nothing
/// else in the loop assigns to i.
/// </summary>
internal static class TripCount
{
    private const int LargestBody = 4096;                       // IL instructions of all copies of one loop

    /// <summary>The trips to write out; 0 where the loop is to stay one.</summary>
    public static int Of(IlLoop loop, Frame frame, GraphBuilder graph)
    {
        int most = Math.Min(frame.Il.Unroll, LargestBody / loop.Blocks.Sum(block => block.Instructions.Length));
        IlInstruction[] test = loop.Header.Instructions;
        if (test.Length < 3 || Local(test[^3]) is not { } counter || !HasOneStep(loop, counter, out IlInstruction step, out IlInstruction by)) return 0;
        if (Known(frame.Variables(counter)) is not { } start || KnownOperand(test[^2]) is not { } bound || KnownOperand(by) is not { } amount) return 0;

        bool staysOnBranch = loop.Blocks.Contains(frame.Il.BlockAt(test[^1].Number));
        int trips = 0;
        for (int i = start; Holds(test[^1].OpCode.Name!, i, bound) is { } taken; trips++)
        {
            if (taken != staysOnBranch) return trips;
            if (trips == most || Next(step.OpCode.Name!, i, amount) is not { } next) return 0;
            i = next;
        }
        return 0;

        int? Known(Variable[] variables) => variables is [var single] && graph.Read(single) is Constant { Kind: ValueKind.Int32 } constant ? (int)constant.Bits : null;

        int? KnownOperand(IlInstruction instruction)
        {
            string name = instruction.OpCode.Name!;
            if (name is "ldc.i4" or "ldc.i4.s") return (int)instruction.Number;
            if (name == "ldc.i4.m1") return -1;
            if (name.StartsWith("ldc.i4.", StringComparison.Ordinal)) return name[^1] - '0';
            return Local(instruction) is { } slot && !loop.Assigned.Contains(slot) && !frame.Il.AddressTaken.Contains(slot) ? Known(frame.Variables(slot)) : null;
        }
    }

    // The one assignment reads "i = i op by" and stands in the one block that leads back.
    private static bool HasOneStep(IlLoop loop, Slot counter, out IlInstruction step, out IlInstruction by)
    {
        step = by = default;
        IlBlock[] latches = [.. loop.Header.Predecessors.Where(loop.Blocks.Contains)];
        if (latches.Length != 1 || loop.Blocks.Sum(block => block.Instructions.Count(i => IlMethod.Assignment(i) == counter)) != 1) return false;
        IlInstruction[] latch = latches[0].Instructions;
        for (int at = 3; at < latch.Length; at++)
        {
            if (IlMethod.Assignment(latch[at]) != counter || Local(latch[at - 3]) != counter) continue;
            (by, step) = (latch[at - 2], latch[at - 1]);
            return !latch[at].OpCode.Name!.Contains("loca", StringComparison.Ordinal);
        }
        return false;
    }

    private static Slot? Local(IlInstruction instruction) => instruction.OpCode.Name switch
    {
        "ldloc.0" => new Slot(0),
        "ldloc.1" => new Slot(1),
        "ldloc.2" => new Slot(2),
        "ldloc.3" => new Slot(3),
        "ldloc" or "ldloc.s" => new Slot((int)instruction.Number),
        "ldarg.0" => Slot.Argument(0),
        "ldarg.1" => Slot.Argument(1),
        "ldarg.2" => Slot.Argument(2),
        "ldarg.3" => Slot.Argument(3),
        "ldarg" or "ldarg.s" => Slot.Argument((int)instruction.Number),
        _ => null,
    };

    private static bool? Holds(string branch, int a, int b) => branch.EndsWith(".s", StringComparison.Ordinal) ? Holds(branch[..^2], a, b) : branch switch
    {
        "beq" => a == b,
        "bne.un" => a != b,
        "blt" => a < b,
        "ble" => a <= b,
        "bgt" => a > b,
        "bge" => a >= b,
        "blt.un" => (uint)a < (uint)b,
        "ble.un" => (uint)a <= (uint)b,
        "bgt.un" => (uint)a > (uint)b,
        "bge.un" => (uint)a >= (uint)b,
        _ => null,
    };

    private static int? Next(string step, int value, int by) => step switch
    {
        "add" => value + by,
        "sub" => value - by,
        "mul" => value * by,
        "div" when by > 0 => value / by,
        "shl" => value << by,
        "shr" => value >> by,
        "shr.un" => (int)((uint)value >> by),
        _ => null,
    };
}
