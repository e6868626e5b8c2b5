namespace SmilesBert.Benchmarking;

/// <summary>The speed of whole training steps, or of embedding.</summary>
/// <param name="Molecules">Molecules that went through the network.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Seconds">How long they took together.</param>
/// <param name="Flops">Floating-point operations of the matrix products (<see cref="Model.ModelFlops"/>).</param>
/// <param name="Peak">Operations per second of a large product.</param>
public sealed record PassResult(int Molecules, int Tokens, double Seconds, double Flops, double Peak)
{
    public double MoleculesPerSecond => Molecules / Seconds;

    public double TokensPerSecond => Tokens / Seconds;

    public double FlopsPerSecond => Flops / Seconds;

    public double ShareOfPeak => FlopsPerSecond / Peak;
}
