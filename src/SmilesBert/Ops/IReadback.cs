namespace SmilesBert.Ops;

/// <summary>
/// Floats on their way to the host: the copy starts in order with the operations, and the host waits only when it takes them, so that it can give
/// the device more to do first. Made once by <see cref="IOps.Readback"/>, used again and again.
/// </summary>
public interface IReadback
{
    /// <summary>Starts a copy of all of <paramref name="x"/>. What an earlier one brought is given up.</summary>
    void Start(Floats x);

    /// <summary>What the last copy brought; waits until it is there.</summary>
    ReadOnlySpan<float> Finish();
}
