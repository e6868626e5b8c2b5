namespace SmilesBert.Gpu.Simulator;

/// <summary>
/// Where an entry's shared arrays lie: one after another as on a GPU, but with a guard of 128 bytes behind each (all 32 banks, so that bank
/// conflicts stay as they are), then the dynamic shared memory.
/// </summary>
/// <param name="StaticBytes">Bytes of the static arrays as a GPU lays them out.</param>
/// <param name="StaticEnd">Where dynamic shared memory starts here.</param>
/// <param name="Guards">Stretches that belong to no array: offset and length.</param>
/// <param name="Variables">The static arrays.</param>
internal sealed record SharedLayout(int StaticBytes, int StaticEnd, IReadOnlyList<(int Offset, int Length)> Guards, IReadOnlyList<Variable> Variables)
{
    private const int GuardBytes = 128;

    public static SharedLayout Of(IEnumerable<Variable> variables)
    {
        List<Variable> statics = [.. variables.Where(variable => variable.Bytes > 0)];
        List<(int Offset, int Length)> guards = [];
        int end = 0, last = 0;
        for (int i = 0; i < statics.Count; i++)
        {
            Variable variable = statics[i];
            int start = AlignUp(end, variable.Alignment);
            end = start + variable.Bytes;
            variable.Offset = start + i * GuardBytes;
            if (variable.Offset > last) guards.Add((last, variable.Offset.Value - last));
            last = variable.Offset.Value + variable.Bytes;
        }
        int staticEnd = statics.Count == 0 ? 0 : AlignUp(end, 16) + statics.Count * GuardBytes;
        if (staticEnd > last) guards.Add((last, staticEnd - last));
        foreach (Variable dynamic in variables.Where(variable => variable.Bytes == 0)) dynamic.Offset = staticEnd;
        return new SharedLayout(end, staticEnd, guards, statics);
    }

    private static int AlignUp(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
