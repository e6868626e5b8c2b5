using System.Globalization;
using System.Text.RegularExpressions;
using SmilesBert.Benchmarking;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Gpu;

namespace SmilesBert.Benchmarks;

/// <summary>
/// What one training step's launches do, counted by the simulator, and how long an H200 would take: an estimate from the card's rates, not a
/// measurement. Each launch takes the longest of: issuing its instructions, its tensor products, its shared memory, its global memory; stretched
/// where its groups do not fill the card evenly; and a fixed time to start.
/// </summary>
internal static partial class StepAccount
{
    // 132 multiprocessors at 1.75 GHz, each of which issues four instructions and moves 128 bytes of shared memory a cycle; 4.3 TB/s as
    // measured by copies. mma.sync is taken to reach 60 % of the 990 TFLOP/s (bf16) that Hopper's own instructions reach, and half of that in tf32.
    private const double Multiprocessors = 132, Clock = 1.75e9, IssuedACycle = 4, MemoryRate = 4.3e12, BFloat16Rate = 0.6 * 990e12;
    private const double LaunchSeconds = 2.5e-6;
    private const int Registers = 65536, Threads = 2048, SharedBytes = 227 * 1024, ReservedSharedBytes = 1024, SectorBytes = 32;

    private sealed record Line(string Kernel)
    {
        public int Launches, Groups, ResidentWarps;
        public double Instructions, Products, ConflictCycles, Sectors, IdealSectors, Seconds;
    }

    /// <summary>
    /// Arguments: PRECISION LAYERS HIDDEN HEADS FFN VOCAB MOLECULES LENGTH TABLE.md; the table is ptxas's, with each kernel's registers for sm_90.
    /// </summary>
    public static void Run(string[] arguments)
    {
        Precision precision = Enum.GetValues<Precision>().First(precision => precision.Name() == arguments[0]);
        int[] numbers = [.. arguments[1..8].Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        Dictionary<string, int> registers = ReadRegisters(arguments[8]);
        (int molecules, int length) = (numbers[5], numbers[6]);

        SamplingDevice device = new();
        using KernelOps ops = new(device, precision);
        NetworkSize size = new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        TrainingSteps steps = new(ops, size, MoleculeLengths.Batches([length], count: 1, size.Vocabulary, molecules));
        steps.Run(0);                                       // leaves what a step finds: weights in bf16
        device.Launches.Clear();
        steps.Run(0);

        Dictionary<string, Line> lines = [];
        foreach (SamplingDevice.Counted launch in device.Launches)
        {
            string kernel = launch.Report.Kernel;
            if (!lines.TryGetValue(kernel, out Line? line)) lines.Add(kernel, line = new Line(kernel));
            Add(line, launch, registers.GetValueOrDefault(kernel));
        }
        Print(lines.Values.OrderByDescending(static line => line.Seconds));
    }

    private static void Add(Line line, SamplingDevice.Counted launch, int registers)
    {
        LaunchReport report = launch.Report;
        int shared = report.StaticSharedBytes + report.DynamicSharedBytes + ReservedSharedBytes, warps = report.Threads / 32;
        int resident = Math.Min(
            Math.Min(Threads / report.Threads, SharedBytes / shared), registers == 0 ? int.MaxValue : Registers / (registers * report.Threads));
        double instructions = report.WarpInstructions * launch.Times, products = report.Count(OpcodeClass.Matrix) * launch.Times;
        double sharedCycles = (report.Instructions.Sum(SharedCycles) + report.BankConflictCycles) * launch.Times;
        double flops = report.Instructions.Where(static i => i.Class == OpcodeClass.Matrix).Sum(static i => i.Warps * Flops(i.Text)) * launch.Times;
        bool isWide = report.Instructions.Any(static i => i.Class == OpcodeClass.Matrix && i.Text.Contains("bf16", StringComparison.Ordinal));

        double busy = Math.Max(
            Math.Max(instructions / IssuedACycle, sharedCycles) / (Multiprocessors * Clock),
            Math.Max(flops / (isWide ? BFloat16Rate : BFloat16Rate / 2), report.GlobalSectors * launch.Times * SectorBytes / MemoryRate));
        double rounds = launch.Groups / Multiprocessors;
        line.Launches++;
        line.Groups += launch.Groups;
        line.ResidentWarps = resident * warps;
        line.Instructions += instructions;
        line.Products += products;
        line.ConflictCycles += report.BankConflictCycles * launch.Times;
        line.Sectors += report.GlobalSectors * launch.Times;
        line.IdealSectors += report.IdealGlobalSectors * launch.Times;
        line.Seconds += LaunchSeconds + (busy * Math.Ceiling(rounds) / rounds);
    }

    // Cycles of shared memory without conflicts: 128 bytes each, of a warp's accesses.
    private static long SharedCycles(InstructionReport instruction)
    {
        return instruction.Class switch
        {
            OpcodeClass.SharedLoad or OpcodeClass.SharedStore => instruction.Warps * (Has(".x4") || Has(".v4") ? 4 : Has(".v2") ? 2 : 1),
            OpcodeClass.AsyncCopy when Has("], 16") => instruction.Warps * 4,
            _ => 0,
        };

        bool Has(string part) => instruction.Text.Contains(part, StringComparison.Ordinal);
    }

    // Of m16n8kK: two a product.
    private static long Flops(string text) => text.Contains("k16", StringComparison.Ordinal) ? 2 * 16 * 8 * 16 : 2 * 16 * 8 * 8;

    [GeneratedRegex(@"^\| (\w+) \| \d+ \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex TableLine();

    private static Dictionary<string, int> ReadRegisters(string path) => TableLine().Matches(File.ReadAllText(path))
        .ToDictionary(static match => match.Groups[1].Value, static match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    private static void Print(IEnumerable<Line> lines)
    {
        Console.WriteLine("| kernel | launches | groups | instructions, M | products, k | conflict cycles, k | MB | of it needed | warps resident | µs |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        double seconds = 0, launches = 0;
        foreach (Line line in lines)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {line.Kernel} | {line.Launches} | {line.Groups} | {line.Instructions / 1e6:0.00} | {line.Products / 1e3:0.0} | {line.ConflictCycles / 1e3:0.0} "
                + $"| {line.Sectors * SectorBytes / 1e6:0.0} | {Math.Min(1, line.IdealSectors / Math.Max(1, line.Sectors)):0 %} | {line.ResidentWarps} | {line.Seconds * 1e6:0} |"));
            seconds += line.Seconds;
            launches += line.Launches;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{launches} launches, {seconds * 1e6:0} µs"));
    }
}
