namespace SmilesBert.Tests.Trust;

/// <summary>pretrain, killed.</summary>
public sealed class KilledPretrainTests : IDisposable
{
    private readonly TinyRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void KilledAtThirtyMoments_EndsAsTheRunLeftAlone() => KilledRuns.EndAsTheWholeOne(runs, "pretrain", epochs: 5, seed: 6);
}
