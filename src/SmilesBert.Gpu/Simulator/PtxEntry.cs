namespace SmilesBert.Gpu.Simulator;

/// <summary>A kernel of a module, decoded and ready to run.</summary>
public sealed class PtxEntry
{
    /// <summary>Stands for the kernel's end among instruction numbers.</summary>
    internal const int Exit = -1;

    internal PtxEntry() { }

    /// <summary>Its name in the text.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of all parameters, each at its alignment.</summary>
    public required int ParameterBytes { get; init; }

    /// <summary>Bytes of .local memory a thread has.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>.maxntid; 0 where it is not given.</summary>
    public required int MaxThreads { get; init; }

    /// <summary>Bytes of static shared memory, as a GPU lays it out.</summary>
    public int StaticSharedBytes => Shared.StaticBytes;

    /// <summary>Instructions in its body.</summary>
    public int InstructionCount => Code.Length - 1;

    internal int RequiredThreads { get; init; }
    internal SharedLayout Shared { get; init; } = SharedLayout.Of([]);
    internal RegisterLayout Registers { get; init; } = new();
    internal Instruction[] Code { get; init; } = [];

    /// <summary>For each instruction: whether it starts a basic block; where the sides of its branch meet.</summary>
    internal bool[] Leaders { get; init; } = [];
    internal int[] Meetings { get; init; } = [];

    /// <summary>Registers that may be read before they are written.</summary>
    internal Register[] DoubtfulRegisters { get; init; } = [];

    internal int SharedCellBytes { get; init; }
    internal int GlobalCellBytes { get; init; }
    internal bool HasAsyncCopies { get; init; }
    internal bool HasGlobalAtomics { get; init; }

    /// <summary>A shared address in words: "shared address 72, 8 bytes past the end of 'tile' (64 bytes)".</summary>
    internal string DescribeShared(ulong address)
    {
        Variable? nearest = Shared.Variables.LastOrDefault(variable => (ulong)variable.Offset!.Value <= address);
        if (address >= (ulong)Shared.StaticEnd || nearest == null)
            return $"shared address {(long)address}, byte {(long)address - Shared.StaticEnd} of the dynamic shared memory";
        ulong offset = address - (ulong)nearest.Offset!.Value;
        string place = offset < (ulong)nearest.Bytes ? $"byte {offset} of" : $"{offset - (ulong)nearest.Bytes} bytes past the end of";
        return $"shared address {address}, {place} '{nearest.Name}' ({nearest.Bytes} bytes)";
    }
}
