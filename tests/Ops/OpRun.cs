using System.Runtime.InteropServices;
using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

/// <summary>
/// One run of a scenario, a few lines that allocate operands and call an operation, on one implementation of the page.
/// The operands' contents depend on their names alone, so every implementation gets the same.
/// </summary>
internal sealed class OpRun(IOps ops, string label)
{
    /// <summary>A <see cref="Guard"/> with which operands begin off every alignment.</summary>
    public const int OffEveryAlignment = 5;

    private readonly List<Operand> operands = [];

    /// <summary>What an operand is compared with in another run; an input must come out as it went in.</summary>
    private sealed record Operand(string Name, Floats Whole, float[] Before, double? Atol, double Rtol)
    {
        public int Length => Before.Length;
    }

    public IOps Ops => ops;

    /// <summary>NaNs on both sides of each operand: who reads past an end spoils the result, who writes there is found out.</summary>
    public int Guard { get; init; } = OffEveryAlignment;

    /// <summary>Bytes that the calling thread allocated while the operation ran, once warm.</summary>
    public long Allocated { get; private set; }

    /// <summary>When set, the operation is called more than once to see what it allocates, and its results mean nothing.</summary>
    public bool CountAllocations { get; init; }

    /// <summary>Normally distributed numbers.</summary>
    public Floats Input(string name, int length, double scale = 1, double shift = 0)
    {
        Random random = new(name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)));
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(shift + (scale * radius * Math.Cos(2 * Math.PI * random.NextDouble())));
        }
        return Input(name, values);
    }

    public Floats Input(string name, float[] values) => Add(name, values, null, 0);

    public Ints Input(params int[] values)
    {
        Ints memory = ops.AllocateInts(values.Length + (2 * Guard));
        ops.Write(memory, [.. Enumerable.Repeat(int.MinValue, Guard), .. values, .. Enumerable.Repeat(int.MinValue, Guard)]);
        return memory.Slice(Guard, values.Length);
    }

    /// <summary>The index in which place n reads row rows[n], with its inverse.</summary>
    public RowIndex Index(params int[] rows)
    {
        int[][] groups = [.. rows.Distinct().Order().Select(row => Enumerable.Range(0, rows.Length).Where(n => rows[n] == row).ToArray())];
        int[] starts = [0, .. groups.Select((_, i) => groups.Take(i + 1).Sum(group => group.Length))];
        return new RowIndex(
            Input(rows), Input([.. rows.Distinct().Order()]), Input(starts), Input([.. groups.SelectMany(group => group)]),
            rows.Length, groups.Length);
    }

    /// <summary>An operand that the operation overwrites (=): NaN before.</summary>
    public Floats Output(string name, int length, double atol, double rtol = 0) => Add(name, [.. Enumerable.Repeat(float.NaN, length)], atol, rtol);

    /// <summary>An operand that the operation changes, or adds to (+=): normally distributed before.</summary>
    public Floats Changed(string name, Floats before, double atol, double rtol = 0)
    {
        float[] values = new float[before.Length];
        ops.Read(values, before);
        return Add(name, values, atol, rtol);
    }

    public Floats Sum(string name, int length, double atol, double rtol = 0) => Changed(name, Input(name + " before", length), atol, rtol);

    /// <summary>The call that the scenario is about.</summary>
    public void Act(Action call)
    {
        call();
        if (!CountAllocations) return;
        call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        call();
        Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Every operand within its bounds of the other run's, and nothing written outside.</summary>
    public void AssertNear(OpRun reference)
    {
        foreach ((Operand mine, Operand other) in operands.Zip(reference.operands))
        {
            float[] values = Read(mine);
            ReadOnlySpan<float> actual = values.AsSpan(Guard, mine.Length);
            if (mine.Atol is { } atol)
                Compare.Close<double, float>(
                    $"{mine.Name}, {label}", ReferenceOps.Open(other.Whole).Slice(Guard, other.Length), actual, atol, mine.Rtol);
            else
                Assert.True(
                    MemoryMarshal.AsBytes(actual).SequenceEqual(MemoryMarshal.AsBytes<float>(mine.Before)),
                    $"{mine.Name}, {label}: an input was changed");
            Assert.All(values[..Guard].Concat(values[^Guard..]), value => Assert.True(float.IsNaN(value), $"{mine.Name}, {label}: written outside"));
        }
    }

    /// <summary>Every operand the same bits as the other run's.</summary>
    public void AssertSameBits(OpRun other)
    {
        foreach ((Operand mine, Operand theirs) in operands.Zip(other.operands))
            Assert.True(
                Read(mine).Select(BitConverter.SingleToInt32Bits).SequenceEqual(Read(theirs).Select(BitConverter.SingleToInt32Bits)),
                $"{mine.Name}, {label}: other bits with {ops.Description} than with {other.Ops.Description}");
    }

    private Floats Add(string name, float[] values, double? atol, double rtol)
    {
        float[] guard = [.. Enumerable.Repeat(float.NaN, Guard)];
        Floats memory = ops.AllocateFloats(values.Length + (2 * Guard));
        ops.Write(memory, [.. guard, .. values, .. guard]);
        operands.Add(new Operand(name, memory, values, atol, rtol));
        return memory.Slice(Guard, values.Length);
    }

    private float[] Read(Operand operand)
    {
        float[] values = new float[operand.Whole.Length];
        ops.Read(values, operand.Whole);
        return values;
    }
}
