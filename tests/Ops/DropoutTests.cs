using System.Runtime.Intrinsics;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using Philox = SmilesBert.Kernels.Philox;

namespace SmilesBert.Tests.Ops;

public sealed class DropoutTests
{
    private const int OnSixteenBytes = 8;

    [Theory, ClassData(typeof(Devices))]
    public void Dropout_MatchesReference(string device)
    {
        foreach (float rate in new[] { 0f, 0.1f, 0.5f, 0.999f })
            foreach (int count in new[] { 1, 7, 16, 31, 4096, 9001 })
                foreach (int guard in new[] { OpRun.OffEveryAlignment, OnSixteenBytes })
                    OpCheck.Holds(device, $"{count} elements, rate {rate}, guard {guard}", run =>
                    {
                        Floats x = run.Input("x", count), y = run.Output("y", count, 0, 1e-7);
                        run.Act(() => run.Ops.Dropout(y, x, count, new Dropout(rate, 0xFEDCBA9876543210, 11, 3, 17)));
                    }, guard);
    }

    [Theory, ClassData(typeof(Devices))]
    public void Dropout_KeepsTheShareItShould(string device)
    {
        const int Count = 1 << 20;
        using IOps ops = Devices.Create(device);
        foreach (float rate in new[] { 0.1f, 0.5f })
        {
            Floats x = ops.AllocateFloats(Count);
            ops.Fill(x, 1f);
            ops.Dropout(x, x, Count, new Dropout(rate, 42, 0, 0, 3));
            float[] values = new float[Count];
            ops.Read(values, x);
            // Five standard deviations of a mean of Count draws.
            Compare.Close("share kept", 1 - rate, values.Count(value => value != 0) / (double)Count, 5 * Math.Sqrt(rate * (1 - rate) / Count), 0);
            Assert.All(values.Distinct(), value => Assert.True(value == 0 || value == 1 / (1 - rate)));
        }
    }

    [Theory, ClassData(typeof(Devices))]
    public void Dropout_AnotherPlaceDrawsAnotherMask(string device)
    {
        using IOps ops = Devices.Create(device);
        Dropout one = new(0.5f, 42, 1, 2, 3);
        Dropout[] others =
            [one with { Seed = 43 }, one with { Seed = 42 + (1UL << 32) }, one with { Step = 2 }, one with { MicroBatch = 3 }, one with { Site = 4 }];
        float[][] masks = [Mask(one), .. others.Select(Mask)];
        Assert.Equal(masks.Length, masks.Select(mask => string.Join(' ', mask)).Distinct().Count());

        float[] Mask(Dropout dropout)
        {
            Floats x = ops.AllocateFloats(256);
            ops.Fill(x, 1f);
            ops.Dropout(x, x, 256, dropout);
            float[] values = new float[256];
            ops.Read(values, x);
            return values;
        }
    }

    [Fact]
    public void VectorWords_AreThoseOfPhilox()
    {
        Random random = new(3);
        uint Word() => (uint)random.NextInt64(1L << 32);
        for (int i = 0; i < 200; i++)
        {
            // The first counter's word 0 runs over its end.
            uint c0 = i == 0 ? uint.MaxValue - 1 : Word(), c1 = Word(), c2 = Word(), c3 = Word(), keyA = Word(), keyB = Word();
            uint[] words = new uint[DropoutMask.Width];
            DropoutMask.Words(
                c0, c1, c2, c3, keyA, keyB, out Vector256<uint> w0, out Vector256<uint> w1, out Vector256<uint> w2, out Vector256<uint> w3);
            w0.CopyTo(words, 0);
            w1.CopyTo(words, 8);
            w2.CopyTo(words, 16);
            w3.CopyTo(words, 24);
            Assert.Equal(Enumerable.Range(0, 8).SelectMany(n => Four(Philox.Generate(c0 + (uint)n, c1, c2, c3, keyA, keyB))), words);
        }

        static uint[] Four(Philox.Words words) => [words.A, words.B, words.C, words.D];
    }
}
