namespace SmilesBert.Training;

/// <summary>The learning rate: up linearly over the warm-up's steps, then down linearly to 0 at the last step's end.</summary>
public sealed class LinearSchedule
{
    private readonly float peak;
    private readonly int warmup, total;

    /// <param name="peak">The learning rate at the end of the warm-up.</param>
    /// <param name="warmup">A share of all steps when below 1, else a number of steps.</param>
    /// <param name="total">All steps.</param>
    public LinearSchedule(float peak, double warmup, int total)
    {
        this.peak = peak;
        this.total = total;
        this.warmup = (int)Math.Ceiling(warmup < 1 ? warmup * total : warmup);
    }

    /// <summary>The rate of a step, counted from 0.</summary>
    public float At(int step) =>
        step < warmup ? (float)((double)peak * step / warmup)
        : (float)((double)peak * Math.Max(0, total - step) / Math.Max(1, total - warmup));
}
