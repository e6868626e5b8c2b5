namespace SmilesBert.Benchmarking;

/// <summary>An operation's time, beside what the device could do at most.</summary>
/// <param name="Name">Its name on the ops page.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Seconds">Of a call, the median.</param>
/// <param name="Flops">Floating-point operations of its matrix products.</param>
/// <param name="Bytes">What it must move at least.</param>
/// <param name="ProductFloor">Seconds that the products take at the speed of a large one.</param>
/// <param name="MemoryFloor">Seconds that the bytes take at the speed of a copy.</param>
public sealed record OperationResult(
    string Name, string Sizes, double Seconds, double Flops, double Bytes, double ProductFloor, double MemoryFloor)
{
    /// <summary>Whether products, rather than memory, are what it cannot be faster than.</summary>
    public bool IsProductBound => ProductFloor > MemoryFloor;

    /// <summary>Billions of floating-point operations, or of bytes where memory is the bound, per second.</summary>
    public double Rate => (IsProductBound ? Flops : Bytes) / Seconds / 1e9;

    public string Unit => IsProductBound ? "GFLOP/s" : "GB/s";

    /// <summary>1 for an operation that is as fast as the device allows.</summary>
    public double ShareOfFloor => Math.Max(ProductFloor, MemoryFloor) / Seconds;
}
