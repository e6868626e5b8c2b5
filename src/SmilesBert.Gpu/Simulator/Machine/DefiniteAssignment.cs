using System.Collections;

namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Finds the reads of registers that some way through the kernel reaches without a write before. Only they, and the writes of their registers,
/// are watched while the kernel runs; nearly always there are none.
/// </summary>
internal static class DefiniteAssignment
{
    /// <returns>The registers to watch.</returns>
    public static Register[] Prune(Instruction[] code, ControlFlow flow, int registers)
    {
        BitArray[] before = [.. Enumerable.Range(0, flow.Count).Select(block => new BitArray(registers, block > 0))];
        for (bool isChanged = true; isChanged;)
        {
            isChanged = false;
            for (int block = 0; block < flow.Count; block++)
            {
                BitArray after = After(code, flow, block, before[block]);
                foreach (int successor in flow.SuccessorsOf(block))
                {
                    if (successor == PtxEntry.Exit) continue;
                    BitArray both = new BitArray(before[successor]).And(after);
                    if (!both.Xor(before[successor]).HasAnySet()) continue;
                    before[successor].And(after);
                    isChanged = true;
                }
            }
        }

        HashSet<Register> doubtful = [];
        for (int block = 0; block < flow.Count; block++)
        {
            BitArray assigned = new(before[block]);
            for (int i = flow.Start(block); i < flow.End(block); i++)
            {
                Instruction instruction = code[i];
                instruction.Reads = [.. instruction.Reads.Where(register => !assigned[register.Index])];
                doubtful.UnionWith(instruction.Reads);
                Assign(instruction, assigned);
            }
        }
        foreach (Instruction instruction in code)
            instruction.Writes = [.. instruction.Writes.Where(register => doubtful.Contains(register))];
        return [.. doubtful];
    }

    private static BitArray After(Instruction[] code, ControlFlow flow, int block, BitArray before)
    {
        BitArray assigned = new(before);
        for (int i = flow.Start(block); i < flow.End(block); i++) Assign(code[i], assigned);
        return assigned;
    }

    private static void Assign(Instruction instruction, BitArray assigned)
    {
        if (instruction.Guard >= 0) return;
        foreach (Register register in instruction.Writes) assigned[register.Index] = true;
    }
}
