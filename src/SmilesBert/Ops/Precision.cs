namespace SmilesBert.Ops;

/// <summary>What the operands of matrix products are rounded to. Sums, weights, moments, layer norms, softmax and losses are fp32 in all of them.</summary>
public enum Precision
{
    /// <summary>Not rounded.</summary>
    Fp32,

    /// <summary>10 bits of fraction, on tensor cores.</summary>
    Tf32,

    /// <summary>7 bits of fraction, on tensor cores.</summary>
    Bf16,
}

/// <summary>Precisions by the names that options and reports have.</summary>
public static class PrecisionNames
{
    /// <summary>"fp32", "tf32" or "bf16".</summary>
    public static string Name(this Precision precision) => precision switch
    {
        Precision.Fp32 => "fp32",
        Precision.Tf32 => "tf32",
        Precision.Bf16 => "bf16",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };
}
