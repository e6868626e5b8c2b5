namespace SmilesBert.Benchmarks;

/// <summary>A linear layer's sizes: N tokens, In and Out widths.</summary>
public readonly record struct LayerSize(int N, int In, int Out)
{
    /// <summary>Floating-point operations in each of the layer's three products.</summary>
    public double Operations => 2.0 * N * In * Out;

    public override string ToString() => $"{N}x{In}x{Out}";
}
