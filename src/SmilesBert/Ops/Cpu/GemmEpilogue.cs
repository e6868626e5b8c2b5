namespace SmilesBert.Ops.Cpu;

/// <summary>What <see cref="Gemm"/> does with each part of C once its sums are whole; the default does nothing.</summary>
/// <param name="apply">Called with a stretch of a row of C, the same stretch of the companion, and its floats.</param>
/// <param name="companion">A matrix of C's shape, to read or to write; it may be C.</param>
internal readonly unsafe struct GemmEpilogue(delegate*<float*, float*, int, void> apply, float* companion)
{
    public bool IsEmpty => apply == null;

    /// <summary>Applies it to a part of C.</summary>
    /// <param name="c">C.</param>
    /// <param name="stride">Columns of C.</param>
    /// <param name="row">The part's first row.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="columns">Its columns.</param>
    public void Apply(float* c, nint stride, int row, int rows, int column, int columns)
    {
        for (nint at = (row * stride) + column; rows > 0; rows--, at += stride) apply(c + at, companion + at, columns);
    }
}
