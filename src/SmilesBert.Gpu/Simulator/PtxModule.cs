namespace SmilesBert.Gpu.Simulator;

/// <summary>PTX text, parsed and decoded.</summary>
public sealed class PtxModule
{
    private PtxModule(IReadOnlyList<PtxEntry> entries) => Entries = entries;

    /// <summary>The kernels of the text, in its order.</summary>
    public IReadOnlyList<PtxEntry> Entries { get; }

    /// <summary>Reads PTX text.</summary>
    /// <exception cref="PtxException">The text is wrong, or holds an instruction, modifier or directive that the simulator does not know.</exception>
    public static PtxModule Parse(string text) => new(PtxParser.Parse(text));

    /// <summary>The kernel of that name.</summary>
    public PtxEntry Entry(string name) => Entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ArgumentException($"the module has no kernel '{name}'; it has: {string.Join(", ", Entries.Select(entry => entry.Name))}");
}
