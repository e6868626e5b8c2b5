using System.Reflection;
using SmilesBert.Benchmarking;
using SmilesBert.Gpu;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Gpu;

namespace SmilesBert.Tests.Ops;

/// <summary>
/// The copies in bf16 that AdamW keeps of weights: products read them in place of the weights, to the same bits, and never once something else has
/// written to the weights.
/// </summary>
public sealed class RoundedWeightsTests
{
    private const string ByCopy = "ByWeightsKernel";

    private readonly List<string> launched = [];

    // N, In, Out: edges beside tiles and steps, depths that are done in parts, large tiles; rows that 128 bits of bf16 do not fit.
    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(7, 64, 33)]
    [InlineData(70, 384, 68)]
    [InlineData(131, 40, 132)]
    [InlineData(5, 528, 12)]
    [InlineData(9, 16, 531)]
    [InlineData(1400, 24, 1412)]
    [InlineData(1400, 1416, 20)]
    [InlineData(7, 36, 10, false)]
    [InlineData(13, 33, 7, false)]
    public void Products_AreTheSameBitsAsRoundedOnTheWay(int n, int @in, int @out, bool fits = true)
    {
        using KernelOps ops = Simulator();
        Floats weights = Optimised(ops, 16 + (@out * @in)).Slice(16, @out * @in);
        float[][] byCopy = Products(ops, weights, n, @in, @out);
        Assert.Equal(fits, launched.Count(static kernel => kernel.Contains(ByCopy, StringComparison.Ordinal)) == 2);

        Rewrite(ops, weights);
        launched.Clear();
        AssertSameBits(Products(ops, weights, n, @in, @out), byCopy);
        Assert.DoesNotContain(launched, static kernel => kernel.Contains(ByCopy, StringComparison.Ordinal));
    }

    [Fact]
    public void Products_OnTheCardAreTheSameBits()
    {
        foreach ((int n, int @in, int @out) in ((int, int, int)[])[(70, 384, 68), (5, 528, 12), (1400, 1416, 20), (1024, 384, 1536)])
        {
            using IOps ops = Devices.Create("cuda bf16");
            Floats weights = Optimised(ops, @out * @in);
            float[][] byCopy = Products(ops, weights, n, @in, @out);
            Rewrite(ops, weights);
            AssertSameBits(Products(ops, weights, n, @in, @out), byCopy);
        }
    }

    // A stretch that does not begin on 16 bytes of the copy.
    [Fact]
    public void WeightsOffTheirAlignment_AreRoundedOnTheWay()
    {
        using KernelOps ops = Simulator();
        Floats weights = Optimised(ops, 4 + (24 * 16)).Slice(4, 24 * 16);
        float[][] byCopy = Products(ops, weights, 9, 16, 24);
        Assert.DoesNotContain(launched, static kernel => kernel.Contains(ByCopy, StringComparison.Ordinal));
        Rewrite(ops, weights);
        AssertSameBits(Products(ops, weights, 9, 16, 24), byCopy);
    }

    // Ties, the largest, what is below the least normal, infinity, NaN, and whatever else a float may be.
    [Fact]
    public void EveryFloat_IsRoundedAlike()
    {
        const int In = 8;
        Random random = new(5);
        uint[] bits =
        [
            0x3F808000, 0x3F818000, 0x3F807FFF, 0x3F808001, 0xBF808000, 0x7F7FFFFF, 0x7F7F7FFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001,
            0xFFFFFFFF, 0x00000001, 0x00008000, 0x00018000, 0x007FFFFF, 0x80000000, .. Enumerable.Range(0, 2000).Select(_ => (uint)random.NextInt64(1L << 32)),
        ];
        float[] values = new float[bits.Length * In];
        for (int i = 0; i < bits.Length; i++) values[i * In] = BitConverter.UInt32BitsToSingle(bits[i]);

        using KernelOps ops = Simulator();
        Floats weights = ops.AllocateFloats(values.Length), x = ops.AllocateFloats(In);
        Floats byCopy = ops.AllocateFloats(bits.Length), onTheWay = ops.AllocateFloats(bits.Length);
        ops.Write(x, [1f]);
        ops.Write(weights, values);
        ops.LinearForward(onTheWay, x, weights, default, 1, In, bits.Length);
        Optimise(ops, weights, learningRate: 0f);
        ops.LinearForward(byCopy, x, weights, default, 1, In, bits.Length);
        Assert.Contains(ByCopy, launched[^1], StringComparison.Ordinal);
        AssertSameBits([Read(ops, onTheWay)], [Read(ops, byCopy)]);
    }

    [Fact]
    public void TrainingSteps_AreTheSameBits()
    {
        NetworkSize size = new(Layers: 1, Hidden: 32, Heads: 2, FeedForward: 40, Vocabulary: 30);
        int[][][] batches = MoleculeLengths.Batches([9], count: 3, size.Vocabulary, 4);
        using KernelOps ops = Simulator(), others = Simulator();
        TrainingSteps byCopy = new(ops, size, batches), onTheWay = new(others, size, batches);
        for (int i = 0; i < batches.Length; i++) byCopy.Run(i);
        Assert.Contains(launched, static kernel => kernel.Contains("Forward" + ByCopy, StringComparison.Ordinal));
        Assert.Contains(launched, static kernel => kernel.Contains("BackwardInput" + ByCopy, StringComparison.Ordinal));

        launched.Clear();
        for (int i = 0; i < batches.Length; i++)
        {
            onTheWay.Run(i);
            Rewrite(others, onTheWay.Model.Parameters.Values);
        }
        Assert.DoesNotContain(launched, static kernel => kernel.Contains(ByCopy, StringComparison.Ordinal));
        AssertSameBits([Read(ops, byCopy.Model.Parameters.Values)], [Read(others, onTheWay.Model.Parameters.Values)]);
    }

    // Each operation of the page, with the weights in the place of each of its operands in turn.
    [Fact]
    public void WhateverAnOperationWritesToTheWeights_ProductsSee()
    {
        HashSet<string> writing = [];
        foreach (MethodInfo operation in Operations)
            foreach (ParameterInfo place in operation.GetParameters().Where(static parameter => parameter.ParameterType == typeof(Floats)))
            {
                using KernelOps ops = Simulator();
                Floats weights = Optimised(ops, Length);
                float[] before = Read(ops, weights);
                operation.Invoke(ops, [.. operation.GetParameters().Select(parameter => parameter == place ? weights : Argument(ops, parameter))]);
                if (before.AsSpan().SequenceEqual(Read(ops, weights))) continue;

                writing.Add(operation.Name);
                float[][] products = Products(ops, weights, 4, 8, 8);
                Rewrite(ops, weights);
                AssertSameBits(Products(ops, weights, 4, 8, 8), products);
            }
        Assert.Equal(Operations.Select(static operation => operation.Name).Order(), writing.Order());
    }

    [Fact]
    public void WhatTheHostWrites_ProductsSee()
    {
        using KernelOps ops = Simulator();
        Floats weights = Optimised(ops, 64);
        ops.Write(weights.Slice(63, 1), [100f]);
        float[][] products = Products(ops, weights, 4, 8, 8);
        Rewrite(ops, weights);
        AssertSameBits(Products(ops, weights, 4, 8, 8), products);
    }

    // That the tests above can fail: written behind the page's back, the weights and their copy part.
    [Fact]
    public void WhatIsWrittenUnseen_ProductsMiss()
    {
        using KernelOps ops = Simulator();
        Floats weights = Optimised(ops, 64);
        float[][] products = Products(ops, weights, 4, 8, 8);
        ((DeviceBuffer<float>)weights.Memory!).Write(63, [100f]);
        AssertSameBits(Products(ops, weights, 4, 8, 8), products);
        Rewrite(ops, weights);
        Assert.NotEqual(products[0], Products(ops, weights, 4, 8, 8)[0]);
    }

    [Fact]
    public void WritesBesideTheWeights_LeaveTheCopy()
    {
        using KernelOps ops = Simulator();
        Floats arena = ops.AllocateFloats(128);
        Optimise(ops, arena.Slice(0, 64), learningRate: 0.1f);
        ops.Fill(arena.Slice(64, 64), 3f);
        Products(ops, arena.Slice(0, 64), 4, 8, 8);
        Assert.Contains(launched, static kernel => kernel.Contains(ByCopy, StringComparison.Ordinal));

        // And what the copy does not reach is not read from it.
        launched.Clear();
        Products(ops, arena.Slice(64, 64), 4, 8, 8);
        Assert.DoesNotContain(launched, static kernel => kernel.Contains(ByCopy, StringComparison.Ordinal));
    }

    // ---- Operands: 4 rows of 8, one molecule, one head ---------------------------------------------------------------

    private const int Length = 512;

    // Those that a call can be made up for: all but copies from and to the host.
    private static IEnumerable<MethodInfo> Operations => typeof(IOps).GetMethods().Where(static method =>
        method.GetParameters() is [{ } first, ..] parameters && first.ParameterType == typeof(Floats) && parameters.All(static p => !p.ParameterType.IsByRefLike));

    private static object Argument(IOps ops, ParameterInfo parameter)
    {
        int[] rows = [0, 1, 2, 3];
        return parameter.ParameterType switch
        {
            { } type when type == typeof(Floats) => Random(ops, Length, parameter.Position),
            { } type when type == typeof(Ints) => Integers(ops, [0, 4, 1, 2]),
            { } type when type == typeof(RowIndex) => new RowIndex(
                Integers(ops, rows), Integers(ops, rows), Integers(ops, [0, 1, 2, 3, 4]), Integers(ops, rows), 4, 4),
            { } type when type == typeof(int) => parameter.Name switch
            {
                "n" or "rows" => 4,
                "b" or "heads" => 1,
                "count" or "decayCount" => 32,
                _ => 8,
            },
            { } type when type == typeof(float) => 0.5f,
            { } type when type == typeof(bool) => true,
            { } type when type == typeof(Dropout) => new Dropout(0.1f, 1, 2, 3, 4),
            { } type when type == typeof(AdamWStep) => Step(0.1f),
            { } type => Activator.CreateInstance(type)!,
        };
    }

    private KernelOps Simulator()
    {
        SimulatorDevice device = new();
        device.Launched += report => launched.Add(report.Kernel);
        return new KernelOps(device, Precision.Bf16);
    }

    private static AdamWStep Step(float learningRate) => new(learningRate, 0.9f, 0.999f, 1e-8f, WeightDecay: 0f, MaxGradientNorm: 1f, Step: 1);

    /// <summary>Random weights that AdamW has changed last.</summary>
    private static Floats Optimised(IOps ops, int length)
    {
        Floats weights = Random(ops, length, seed: 1);
        Optimise(ops, weights, learningRate: 0.1f);
        return weights;
    }

    private static void Optimise(IOps ops, Floats weights, float learningRate)
    {
        int length = weights.Length;
        Floats m = ops.AllocateFloats(length), v = ops.AllocateFloats(length), norm = ops.AllocateFloats(1);
        ops.AdamW(weights, m, v, Random(ops, length, seed: 2), norm, norm, length, 0, Step(learningRate));
    }

    private static Floats Random(IOps ops, int length, int seed)
    {
        Random random = new(seed);
        Floats memory = ops.AllocateFloats(length);
        ops.Write(memory, [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() + 0.1f)]);
        return memory;
    }

    private static Ints Integers(IOps ops, int[] values)
    {
        Ints memory = ops.AllocateInts(values.Length);
        ops.Write(memory, values);
        return memory;
    }

    /// <summary>Both products that read weights.</summary>
    private static float[][] Products(IOps ops, Floats weights, int n, int @in, int @out)
    {
        Floats x = Random(ops, n * @in, seed: 3), dy = Random(ops, n * @out, seed: 4), y = ops.AllocateFloats(n * @out), dx = ops.AllocateFloats(n * @in);
        Floats part = weights.Slice(0, @out * @in);
        ops.LinearForward(y, x, part, default, n, @in, @out);
        ops.LinearBackwardInput(dx, dy, part, n, @in, @out, accumulate: false);
        return [Read(ops, y), Read(ops, dx)];
    }

    /// <summary>The same values again, from the host: whatever was kept of them is gone.</summary>
    private static void Rewrite(IOps ops, Floats values) => ops.Write(values, Read(ops, values));

    private static float[] Read(IOps ops, Floats x)
    {
        float[] values = new float[x.Length];
        ops.Read(values, x);
        return values;
    }

    private static void AssertSameBits(float[][] expected, float[][] found)
    {
        foreach ((float[] one, float[] other) in expected.Zip(found))
            Assert.Equal(one.Select(BitConverter.SingleToInt32Bits), other.Select(BitConverter.SingleToInt32Bits));
    }
}
