using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>An operation of the ops page with its operands on a device, ready to be checked and timed.</summary>
/// <param name="Name">Its name on the page.</param>
/// <param name="Sizes">Its sizes, as the table shows them.</param>
/// <param name="Flops">Floating-point operations of its matrix products; 0 where there are none.</param>
/// <param name="Bytes">What it must move at least: each input read once, each output written once, what is added to both.</param>
/// <param name="Call">Calls it.</param>
/// <param name="Results">What it writes.</param>
internal sealed record Operation(string Name, string Sizes, double Flops, double Bytes, Action Call, params Floats[] Results)
{
    /// <summary>Element i of the first result after one call, in double precision and plain loops; null where there is no such.</summary>
    public Func<int, double>? Expected { get; init; }
}
