using SmilesBert.Ops;

namespace SmilesBert.Training;

/// <summary>The losses of two steps' micro-batches on their way to the host, so that a step can start before the one before it is known.</summary>
/// <param name="ops">The device.</param>
/// <param name="capacity">The most losses of a micro-batch.</param>
internal sealed class StepLosses(IOps ops, int capacity)
{
    private readonly List<IReadback>[] parts = [[], []];        // by turns
    private readonly int[] counts = new int[2];

    /// <summary>Begins a step; that before the last is given up.</summary>
    public void Begin(int step) => counts[step % 2] = 0;

    /// <summary>Sends a micro-batch's losses on their way.</summary>
    public void Add(int step, Floats losses)
    {
        List<IReadback> own = parts[step % 2];
        int part = counts[step % 2]++;
        if (part == own.Count) own.Add(ops.Readback(capacity));
        own[part].Start(losses);
    }

    /// <summary>The sum of a step's losses; waits for the device.</summary>
    public float Sum(int step)
    {
        double total = 0;
        for (int part = 0; part < counts[step % 2]; part++)
        {
            double sum = 0;
            foreach (float loss in parts[step % 2][part].Finish()) sum += loss;
            total += sum;
        }
        return (float)total;
    }
}
