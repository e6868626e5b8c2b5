using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

public sealed class AttentionTests
{
    private static readonly Dropout Dropped = new(0.1f, 0x0123456789ABCDEF, 5, 1, 4);

    private static readonly (int[] Lengths, int Heads, int HeadSize)[] Cases =
    [
        ([1], 1, 8),
        ([3, 1, 17, 2], 3, 11),
        ([32, 33, 31, 64], 2, 16),
        ([40, 200, 7], 1, 64),
        ([1, 2, 13, 97, 150], 2, 24),
        ([75, 5, 123], 4, 32),
        ([1100], 1, 8),
    ];

    // The last two would take the simulator two minutes, and exercise nothing of a kernel that those before do not.
    private static (int[] Lengths, int Heads, int HeadSize)[] CasesFor(string device) => device == "simulator" ? Cases[..^2] : Cases;

    [Theory, ClassData(typeof(Devices))]
    public void Forward_MatchesReference(string device)
    {
        foreach (Dropout dropout in new[] { Dropout.None, Dropped })
            foreach ((int[] lengths, int heads, int headSize) in CasesFor(device))
                OpCheck.Holds(device, Label(lengths, heads, headSize, dropout), run => Forward(run, lengths, heads, headSize, dropout, spread: 1));
    }

    [Theory, ClassData(typeof(Devices))]
    public void Backward_MatchesReference(string device)
    {
        foreach (Dropout dropout in new[] { Dropout.None, Dropped })
            foreach ((int[] lengths, int heads, int headSize) in CasesFor(device))
                OpCheck.Holds(device, Label(lengths, heads, headSize, dropout), run => Backward(run, lengths, heads, headSize, dropout, spread: 1));
    }

    [Theory, ClassData(typeof(Devices))]
    public void LargeScores_NeitherOverflowNorVanish(string device)
    {
        // Scores of some hundreds, of both signs: one key takes everything, and which one must not be lost.
        OpCheck.Holds(device, "large scores", run => Forward(run, [29, 50], 2, 11, Dropout.None, spread: 20, tolerance: 300));
        OpCheck.Holds(device, "large scores", run => Backward(run, [29, 50], 2, 11, Dropout.None, spread: 20, tolerance: 3000));
    }

    [Theory, ClassData(typeof(Devices))]
    public void Molecules_DoNotSeeEachOther(string device)
    {
        int[] lengths = [21, 40, 9];
        float[][] results = new float[2][];
        for (int round = 0; round < 2; round++)
        {
            using IOps ops = Devices.Create(device);
            OpRun run = new(ops, "");
            Operands at = new(run, lengths, 2, 11, spread: 1);
            // In the second round the molecules around the middle one are others.
            float[] others = [.. Enumerable.Repeat(round * 100f, 21 * 66)];
            ops.Write(at.Qkv, others);
            ops.Write(at.Qkv.Slice(61 * 66, 9 * 66), others.AsSpan(0, 9 * 66));
            Floats o = run.Output("o", 70 * 22, 0), lse = run.Output("lse", 70 * 2, 0);
            Floats dqkv = run.Output("dqkv", 70 * 66, 0), dO = run.Input("dO", 70 * 22);
            ops.AttentionForward(o, lse, at.Qkv, at.Starts, 3, 2, 11, at.Scale, Dropped);
            ops.AttentionBackward(dqkv, dO, o, lse, at.Qkv, at.Starts, 3, 2, 11, at.Scale, Dropped);
            results[round] = [.. Read(ops, o.Slice(21 * 22, 40 * 22)), .. Read(ops, dqkv.Slice(21 * 66, 40 * 66))];
        }
        Assert.Equal(results[0].Select(BitConverter.SingleToInt32Bits), results[1].Select(BitConverter.SingleToInt32Bits));
    }

    private const int OnSixteenBytes = 8;

    // Head sizes that fill products and that do not, that can be read with 128 bits and that cannot; lengths around 16 and 32, the sides of what a
    // warp and a group have, and all kinds in one batch.
    private static readonly (int[] Lengths, int Heads, int HeadSize)[] TensorCases =
    [
        ([1], 1, 12),
        ([3, 1, 17, 2], 3, 33),
        ([32, 33, 31, 64, 16, 48], 2, 32),
        ([75, 5, 23], 2, 64),
        ([40, 7], 1, 128),
        ([.. Enumerable.Range(1, 50), 97, 131, 199, 200], 1, 12),
    ];

    // The reference rounds Q, K, V and DO as tensor cores do, but not what a device rounds on its way from product to product: P with a relative
    // error of 2^-bits at most, DS likewise, and O, by which Delta is off.
    [Theory]
    [InlineData("simulator tf32", 11)]
    [InlineData("simulator bf16", 8)]
    [InlineData("cuda tf32", 11)]
    [InlineData("cuda bf16", 8)]
    public void OnTensorCores_MatchesReference(string device, int bits)
    {
        double rounding = Math.Pow(2, -bits);
        foreach (Dropout dropout in new[] { Dropout.None, Dropped })
            foreach ((int[] lengths, int heads, int headSize) in TensorCases)
                foreach (int guard in headSize % 4 == 0 ? (int[])[OpRun.OffEveryAlignment, OnSixteenBytes] : [OpRun.OffEveryAlignment])
                    OpCheck.Holds(
                        device, $"{Label(lengths, heads, headSize, dropout)}, guard {guard}",
                        run => Backward(run, lengths, heads, headSize, dropout, spread: 1, rounding: rounding), guard);
        OpCheck.Holds(device, "large scores", run => Backward(run, [29, 50], 2, 11, Dropout.None, spread: 20, tolerance: 3000, rounding));
    }

    [Fact]
    public void Reference_GradientMatchesFiniteDifferences()
    {
        foreach (Dropout dropout in new[] { Dropout.None, Dropped with { Rate = 0.4f } })
        {
            OpRun run = new(new ReferenceOps(), "");
            Operands at = new(run, [2, 5, 1], 2, 3, spread: 1);
            Floats o = run.Output("o", 8 * 6, 0), lse = run.Output("lse", 8 * 2, 0);
            Floats dqkv = run.Output("dqkv", 8 * 18, 0), dO = run.Input("dO", 8 * 6);
            double Loss()
            {
                run.Ops.AttentionForward(o, lse, at.Qkv, at.Starts, 3, 2, 3, at.Scale, dropout);
                return OpCheck.Dot(dO, o);
            }
            Loss();
            run.Ops.AttentionBackward(dqkv, dO, o, lse, at.Qkv, at.Starts, 3, 2, 3, at.Scale, dropout);
            OpCheck.IsGradient("dqkv", dqkv, at.Qkv, Loss);
        }
    }

    private static void Forward(OpRun run, int[] lengths, int heads, int headSize, Dropout dropout, double spread, double tolerance = 1)
    {
        Operands at = new(run, lengths, heads, headSize, spread);
        Floats o = run.Output("o", at.N * at.C, tolerance * 2e-6, 2e-6), lse = run.Output("lse", at.N * heads, 2e-6, 1e-6);
        run.Act(() => run.Ops.AttentionForward(o, lse, at.Qkv, at.Starts, lengths.Length, heads, headSize, at.Scale, dropout));
    }

    private static void Backward(
        OpRun run, int[] lengths, int heads, int headSize, Dropout dropout, double spread, double tolerance = 1, double rounding = 0)
    {
        Operands at = new(run, lengths, heads, headSize, spread);
        Floats o = run.Output("o", at.N * at.C, (tolerance * 2e-6) + (rounding * spread), 2e-6 + rounding);
        Floats lse = run.Output("lse", at.N * heads, 2e-6, 1e-6), dO = run.Input("dO", at.N * at.C);
        Floats dqkv = run.Output("dqkv", at.N * 3 * at.C, (tolerance * 5e-6) + (5 * rounding * spread * spread), 2e-6 + rounding);
        run.Ops.AttentionForward(o, lse, at.Qkv, at.Starts, lengths.Length, heads, headSize, at.Scale, dropout);
        run.Act(() => run.Ops.AttentionBackward(dqkv, dO, o, lse, at.Qkv, at.Starts, lengths.Length, heads, headSize, at.Scale, dropout));
    }

    private static string Label(int[] lengths, int heads, int headSize, Dropout dropout) =>
        $"lengths {string.Join(',', lengths)}, {heads} heads of {headSize}, rate {dropout.Rate}";

    private static float[] Read(IOps ops, Floats x)
    {
        float[] values = new float[x.Length];
        ops.Read(values, x);
        return values;
    }

    /// <summary>What forward and backward read alike.</summary>
    private sealed class Operands(OpRun run, int[] lengths, int heads, int headSize, double spread)
    {
        public int N { get; } = lengths.Sum();
        public int C { get; } = heads * headSize;
        public float Scale { get; } = 1 / MathF.Sqrt(headSize);
        public Ints Starts { get; } = run.Input([.. Enumerable.Range(0, lengths.Length + 1).Select(m => lengths.Take(m).Sum())]);
        public Floats Qkv { get; } = run.Input("qkv", lengths.Sum() * 3 * heads * headSize, spread);
    }
}
