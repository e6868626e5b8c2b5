namespace SmilesBert.Benchmarking;

/// <summary>What is timed, and for how long: about a minute on two cores.</summary>
internal sealed record BenchmarkPlan
{
    /// <summary>The networks.</summary>
    public IReadOnlyList<NetworkSize> Networks { get; init; } = [new(3, 384, 12, 464), new(6, 768, 12, 3072)];

    /// <summary>Seconds for one operation.</summary>
    public double OperationSeconds { get; init; } = 0.2;

    /// <summary>Seconds that whole steps, and embedding, go on for at least; both end with all batches seen equally often.</summary>
    public double PassSeconds { get; init; } = 2;

    /// <summary>Bytes of the longest stream: more than any cache holds.</summary>
    public int LargestStream { get; init; } = 256 << 20;
}
