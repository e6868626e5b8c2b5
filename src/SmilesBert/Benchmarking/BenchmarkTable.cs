using System.Globalization;
using System.Text;
using SmilesBert.Ops;

namespace SmilesBert.Benchmarking;

/// <summary>A <see cref="BenchmarkResult"/> as plain text, within 100 columns.</summary>
public static class BenchmarkTable
{
    private const double Giga = 1e9;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static string Text(BenchmarkResult result)
    {
        StringBuilder text = new();
        text.AppendLine($"{result.Device}, {result.Precision.Name()}").AppendLine();
        Head(text, result.Speed);
        foreach (NetworkResult network in result.Networks)
        {
            text.AppendLine();
            Network(text, network);
        }
        text.AppendLine();
        Foot(text, result);
        return text.ToString();
    }

    private static void Head(StringBuilder text, DeviceSpeed speed)
    {
        if (speed.MultiplyAdd is { } inRegisters)
            text.AppendLine(Invariant, $"  {"multiply-adds in registers alone",-34}{Figure(inRegisters / Giga),9} GFLOP/s");
        text.AppendLine(Invariant, $"  {"large matrix product",-34}{Figure(speed.Product / Giga),9} GFLOP/s");
        foreach ((long bytes, double rate) in speed.Streams)
            text.AppendLine(Invariant, $"  {$"copy, {Figure(bytes / 1048576.0)} MB read and written",-34}{Figure(rate / Giga),9} GB/s");
    }

    private static void Network(StringBuilder text, NetworkResult network)
    {
        text.AppendLine(Invariant, $"{network.Size}: {network.Molecules} molecules, {network.Tokens:N0} tokens");
        text.AppendLine();
        text.AppendLine(Invariant, $"  {"operation",-31}{"sizes",-20}{"time",12}{"rate",18}{"of the floor",15}");
        foreach (OperationResult operation in network.Operations)
        {
            string rate = $"{Figure(operation.Rate)} {operation.Unit,-7}";
            string time = Time(operation.Seconds);
            text.AppendLine(Invariant, $"  {operation.Name,-31}{operation.Sizes,-20}{time,12}{rate,18}{operation.ShareOfFloor,15:P0}");
        }
        text.AppendLine();
        Pass(text, "training", network.Training);
        Pass(text, "embedding", network.Embedding);
    }

    private static void Pass(StringBuilder text, string name, PassResult pass) => text.AppendLine(
        Invariant,
        $"  {name,-12}{Figure(pass.MoleculesPerSecond),8} molecules/s{pass.TokensPerSecond,12:N0} tokens/s"
        + $"{Figure(pass.FlopsPerSecond / Giga),10} GFLOP/s{pass.ShareOfPeak,8:P0} of a large product");

    private static void Foot(StringBuilder text, BenchmarkResult result)
    {
        text.AppendLine("Sizes: linear layers tokens x in x out, attention tokens x heads x head size, others rows x columns.");
        text.AppendLine("The floor: products at the speed of a large one, bytes (each input and output once) at that of a");
        text.AppendLine("copy of as many or more, whichever takes longer. Times are medians, floors the best of several.");
        text.AppendLine("Checked before it was timed, each operation:");
        text.AppendLine($"  {result.CheckedHow};");
        text.AppendLine("  where dropout does not draw, also a sample of elements against plain loops in double precision.");
    }

    private static string Time(double seconds) => seconds switch
    {
        < 1e-3 => $"{Figure(seconds * 1e6)} us",
        < 1 => $"{Figure(seconds * 1e3)} ms",
        _ => $"{Figure(seconds)} s",
    };

    // Three digits at least.
    private static string Figure(double number) =>
        number.ToString(number < 10 ? "0.00" : number < 100 ? "0.0" : "#,##0", Invariant);
}
