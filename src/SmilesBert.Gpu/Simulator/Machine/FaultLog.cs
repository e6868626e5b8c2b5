namespace SmilesBert.Gpu.Simulator;

/// <summary>The faults of a launch, one for each check and line.</summary>
internal sealed class FaultLog(string kernel)
{
    private readonly Dictionary<(Check, int), Fault> faults = [];

    /// <summary>In the order of lines.</summary>
    public IEnumerable<Fault> Faults => faults.Values.OrderBy(fault => fault.Line).ThenBy(fault => fault.Kind);

    public void Add(Check kind, Instruction instruction, int group, int thread, ulong? address, Func<string> message)
    {
        if (faults.TryGetValue((kind, instruction.Index), out Fault? known))
        {
            known.Count++;
            return;
        }
        InstructionSyntax syntax = instruction.Syntax;
        faults[(kind, instruction.Index)] =
            new Fault(kind, kernel, syntax.Line, syntax.Text, syntax.Comment, group, thread, address, message());
    }

    /// <summary>Adds what another host thread found; of the same fault the one in the lower group is kept.</summary>
    public void Merge(FaultLog other)
    {
        foreach (((Check, int) key, Fault fault) in other.faults)
        {
            if (!faults.TryGetValue(key, out Fault? known))
            {
                faults[key] = fault;
                continue;
            }
            Fault first = (fault.Group, fault.Thread).CompareTo((known.Group, known.Thread)) < 0 ? fault : known;
            faults[key] = first with { Count = known.Count + fault.Count };
        }
    }
}
