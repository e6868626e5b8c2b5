namespace SmilesBert.Gpu.Simulator;

/// <summary>PTX text that the simulator does not know or that is wrong; the message names what was found and its line.</summary>
public sealed class PtxException(int line, string message) : Exception($"PTX line {line}: {message}")
{
    /// <summary>Line in the text, from 1.</summary>
    public int Line { get; } = line;
}
