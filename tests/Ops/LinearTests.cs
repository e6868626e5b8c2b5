using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;

namespace SmilesBert.Tests.Ops;

/// <summary>The linear layer's three products, held to plain loops in double precision.</summary>
public sealed class LinearTests
{
    private const float Epsilon = 1.1920929e-7f;

    // N, In, Out: whole tiles, edges on every side, single rows, columns and steps, several blocks of depth in each of the three products.
    public static TheoryData<int, int, int> Sizes { get; } = new()
    {
        { 1, 1, 1 }, { 1, 33, 5 }, { 2, 47, 31 }, { 5, 64, 1 }, { 6, 16, 16 }, { 7, 5, 33 }, { 97, 33, 47 }, { 131, 384, 64 },
        { 97, 1, 131 }, { 131, 31, 384 }, { 12, 256, 48 }, { 13, 257, 49 }, { 3, 1153, 17 }, { 17, 5, 1153 }, { 1153, 17, 5 }, { 100, 390, 133 },
        { 2, 40, 3300 }, { 40, 3300, 2 }, { 400, 3100, 1 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Forward_MatchesReference(int n, int @in, int @out)
    {
        using Layer layer = new(1, n, @in, @out);
        layer.Ops.LinearForward(layer.Y, layer.X, layer.W, layer.Bias, n, @in, @out);
        layer.Check(layer.Y, n, @out, @in, (r, o, i) => ((double)layer.XValues[r * @in + i], layer.WValues[o * @in + i]), (_, o) => layer.BiasValues[o]);

        layer.Ops.LinearForward(layer.Y, layer.X, layer.W, default, n, @in, @out);
        layer.Check(layer.Y, n, @out, @in, (r, o, i) => ((double)layer.XValues[r * @in + i], layer.WValues[o * @in + i]), (_, _) => 0);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void BackwardInput_MatchesReference(int n, int @in, int @out)
    {
        using Layer layer = new(1, n, @in, @out);
        layer.Ops.LinearBackwardInput(layer.DX, layer.DY, layer.W, n, @in, @out, accumulate: true);
        layer.Check(layer.DX, n, @in, @out, (r, i, o) => ((double)layer.DYValues[r * @out + o], layer.WValues[o * @in + i]), (r, i) => layer.DXValues[r * @in + i]);

        layer.Ops.LinearBackwardInput(layer.DX, layer.DY, layer.W, n, @in, @out, accumulate: false);
        layer.Check(layer.DX, n, @in, @out, (r, i, o) => ((double)layer.DYValues[r * @out + o], layer.WValues[o * @in + i]), (_, _) => 0);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void BackwardParams_AddsToGradients(int n, int @in, int @out)
    {
        using Layer layer = new(1, n, @in, @out);
        layer.Ops.LinearBackwardParams(layer.DW, layer.DBias, layer.DY, layer.X, n, @in, @out);
        layer.Check(layer.DW, @out, @in, n, (o, i, r) => ((double)layer.DYValues[r * @out + o], layer.XValues[r * @in + i]), (o, i) => layer.DWValues[o * @in + i]);
        layer.Check(layer.DBias, 1, @out, n, (_, o, r) => ((double)layer.DYValues[r * @out + o], 1f), (_, o) => layer.DBiasValues[o]);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void BackwardParams_WithoutBiasLeavesBiasAlone(int n, int @in, int @out)
    {
        using Layer with = new(2, n, @in, @out), without = new(2, n, @in, @out);
        with.Ops.LinearBackwardParams(with.DW, with.DBias, with.DY, with.X, n, @in, @out);
        without.Ops.LinearBackwardParams(without.DW, default, without.DY, without.X, n, @in, @out);
        Assert.Equal(Bits(with.Read(with.DW)), Bits(without.Read(without.DW)));
        Assert.Equal(Bits(without.DBiasValues), Bits(without.Read(without.DBias)));
    }

    // The activation in the product's epilogue changes no bit of what product and activation give one after the other.
    [Theory, MemberData(nameof(Sizes))]
    public void WithActivation_ResultsAreThoseOfTheParts(int n, int @in, int @out)
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            using Layer parts = new(1, n, @in, @out), whole = new(2, n, @in, @out);
            parts.Ops.LinearForward(parts.Y, parts.X, parts.W, parts.Bias, n, @in, @out);
            whole.Ops.LinearActivationForward(whole.DY, whole.Y, whole.X, whole.W, whole.Bias, n, @in, @out, kind);
            Assert.Equal(Bits(parts.Read(parts.Y)), Bits(whole.Read(whole.Y)));

            // Not keeping what the activation read does not change what it gives.
            int[] activated = Bits(whole.Read(whole.DY));
            whole.Ops.LinearActivationForward(whole.DY, default, whole.X, whole.W, whole.Bias, n, @in, @out, kind);
            Assert.Equal(activated, Bits(whole.Read(whole.DY)));

            parts.Ops.LinearBackwardInput(parts.DX, parts.Y, parts.W, n, @in, @out, accumulate: false);
            parts.Ops.ActivationBackward(parts.DX, parts.DX, parts.X, n * @in, kind);
            whole.Ops.LinearActivationBackwardInput(whole.DX, whole.Y, whole.W, whole.X, n, @in, @out, kind);
            Assert.Equal(Bits(parts.Read(parts.DX)), Bits(whole.Read(whole.DX)));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Results_AreTheSameBitsOnAnyNumberOfThreadsAndInEveryRun(int n, int @in, int @out)
    {
        int[][] first = AllResults(1);
        foreach (int threads in (int[])[1, 2, 3, 2]) Assert.Equal(first, AllResults(threads));

        int[][] AllResults(int threads)
        {
            using Layer layer = new(threads, n, @in, @out);
            layer.Ops.LinearForward(layer.Y, layer.X, layer.W, layer.Bias, n, @in, @out);
            layer.Ops.LinearBackwardInput(layer.DX, layer.DY, layer.W, n, @in, @out, accumulate: true);
            layer.Ops.LinearBackwardParams(layer.DW, layer.DBias, layer.DY, layer.X, n, @in, @out);
            return [Bits(layer.Read(layer.Y)), Bits(layer.Read(layer.DX)), Bits(layer.Read(layer.DW)), Bits(layer.Read(layer.DBias))];
        }
    }

    // Counted on the calling thread, which takes its share of the pieces: what it runs, the workers run.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Products_AllocateNothing(int threads)
    {
        const int n = 200, @in = 300, @out = 70;
        using Layer layer = new(threads, n, @in, @out);
        Products();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) Products();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Products()
        {
            layer.Ops.LinearForward(layer.Y, layer.X, layer.W, layer.Bias, n, @in, @out);
            layer.Ops.LinearBackwardInput(layer.DX, layer.DY, layer.W, n, @in, @out, accumulate: false);
            layer.Ops.LinearBackwardParams(layer.DW, layer.DBias, layer.DY, layer.X, n, @in, @out);
            layer.Ops.LinearActivationForward(layer.Y, default, layer.X, layer.W, layer.Bias, n, @in, @out, ActivationKind.Gelu);
            layer.Ops.LinearActivationBackwardInput(layer.DX, layer.DY, layer.W, layer.X, n, @in, @out, ActivationKind.Gelu);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Forward_SpreadsWhatIsNotANumberOverItsRowAndNoFurther(float bad)
    {
        const int n = 13, @in = 37, @out = 21, row = 12;
        using Layer layer = new(2, n, @in, @out);
        layer.Ops.Write(layer.X.Slice(row * @in + 36, 1), [bad]);
        layer.Ops.LinearForward(layer.Y, layer.X, layer.W, layer.Bias, n, @in, @out);
        float[] y = layer.Read(layer.Y);
        Assert.All(y[..(row * @out)], value => Assert.True(float.IsFinite(value)));
        Assert.All(y[(row * @out)..], value => Assert.False(float.IsFinite(value)));
    }

    [Fact]
    public void Products_StayInsideTheirOperands()
    {
        // Neighbours in the same allocation are NaN: reading them would show in the results, writing them here.
        const int n = 7, @in = 19, @out = 35;
        using Layer plain = new(1, n, @in, @out), guarded = new(1, n, @in, @out, guard: 64);
        foreach (Layer layer in (Layer[])[plain, guarded])
        {
            layer.Ops.LinearForward(layer.Y, layer.X, layer.W, layer.Bias, n, @in, @out);
            layer.Ops.LinearBackwardInput(layer.DX, layer.DY, layer.W, n, @in, @out, accumulate: true);
            layer.Ops.LinearBackwardParams(layer.DW, layer.DBias, layer.DY, layer.X, n, @in, @out);
        }
        Assert.Equal(plain.Read(plain.Y), guarded.Read(guarded.Y));
        Assert.Equal(plain.Read(plain.DX), guarded.Read(guarded.DX));
        Assert.Equal(plain.Read(plain.DW), guarded.Read(guarded.DW));
        Assert.Equal(plain.Read(plain.DBias), guarded.Read(guarded.DBias));
        foreach (Floats stretch in (Floats[])[guarded.Y, guarded.DX, guarded.DW, guarded.DBias])
        {
            Assert.All(guarded.Read(stretch with { Offset = stretch.Offset - 64, Length = 64 }), value => Assert.True(float.IsNaN(value)));
            Assert.All(guarded.Read(stretch with { Offset = stretch.Offset + stretch.Length, Length = 64 }), value => Assert.True(float.IsNaN(value)));
        }
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    /// <summary>A layer's operands and gradients, filled at random from a fixed seed; with a guard, NaN stands around each.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly Random random = new(20);
        private readonly int guard;

        public Layer(int threads, int n, int @in, int @out, int guard = 0)
        {
            this.guard = guard;
            Ops = new CpuOps(threads);
            (X, XValues) = Fill(n * @in);
            (W, WValues) = Fill(@out * @in);
            (Bias, BiasValues) = Fill(@out);
            (Y, _) = Fill(n * @out);
            (DY, DYValues) = Fill(n * @out);
            (DX, DXValues) = Fill(n * @in);
            (DW, DWValues) = Fill(@out * @in);
            (DBias, DBiasValues) = Fill(@out);
        }

        public CpuOps Ops { get; }
        public Floats X { get; }
        public Floats W { get; }
        public Floats Bias { get; }
        public Floats Y { get; }
        public Floats DY { get; }
        public Floats DX { get; }
        public Floats DW { get; }
        public Floats DBias { get; }
        public float[] XValues { get; }
        public float[] WValues { get; }
        public float[] BiasValues { get; }
        public float[] DYValues { get; }
        public float[] DXValues { get; }
        public float[] DWValues { get; }
        public float[] DBiasValues { get; }

        public float[] Read(Floats x)
        {
            float[] values = new float[x.Length];
            Ops.Read(values, x);
            return values;
        }

        /// <summary>
        /// result[r,c] against addend(r,c) + the sum of the products terms(r,c,k). Each of the K roundings errs by half a unit in the last place of
        /// a partial sum at most, and their signs are as good as random: the bound is sqrt(K) of them, times 4.
        /// </summary>
        public void Check(Floats result, int rows, int columns, int depth, Func<int, int, int, (double A, float B)> terms, Func<int, int, float> addend)
        {
            float[] values = Read(result);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    double sum = addend(r, c), squares = sum * sum;
                    for (int k = 0; k < depth; k++)
                    {
                        (double a, float b) = terms(r, c, k);
                        sum += a * b;
                        squares += a * a * b * b;
                    }
                    // Random signs: partial sums are of the size of the root of the squares.
                    double bound = 4 * Math.Sqrt(depth + 1) * Epsilon / 2 * Math.Sqrt(squares), error = Math.Abs(values[r * columns + c] - sum);
                    Assert.True(error <= bound, $"[{r},{c}]: {values[r * columns + c]:R} for {sum:R}, {error / bound:P0} of the tolerance");
                }
            }
        }

        public void Dispose() => Ops.Dispose();

        private (Floats Stretch, float[] Values) Fill(int count)
        {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) values[i] = random.NextSingle() * 2 - 1;
            Floats whole = Ops.AllocateFloats(count + 2 * guard);
            Ops.Fill(whole, float.NaN);
            Floats stretch = whole.Slice(guard, count);
            Ops.Write(stretch, values);
            return (stretch, values);
        }
    }
}
