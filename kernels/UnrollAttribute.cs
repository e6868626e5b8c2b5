namespace SmilesBert.Kernels;

/// <summary>
/// Loops `for (int i = start; i &lt; bound; i += step)` in this method, of numbers that are known when it is compiled and at most
/// <paramref name="trips"/> trips, are written out. Without it up to 16 trips are; with 1, none. ILGPU knows nothing of it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnrollAttribute(int trips) : Attribute
{
    public int Trips { get; } = trips;
}
