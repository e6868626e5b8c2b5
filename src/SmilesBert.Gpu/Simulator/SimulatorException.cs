namespace SmilesBert.Gpu.Simulator;

/// <summary>A kernel did something wrong on the simulator; the message holds every fault of the launch.</summary>
public sealed class SimulatorException(LaunchReport report) : Exception(string.Join('\n', report.Faults))
{
    /// <summary>The launch.</summary>
    public LaunchReport Report { get; } = report;
}
