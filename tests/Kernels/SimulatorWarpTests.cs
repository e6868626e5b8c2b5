using System.Numerics;

namespace SmilesBert.Tests.Kernels;

/// <summary>What lanes of a warp tell each other: shuffles, votes, matches, reductions.</summary>
public sealed class SimulatorWarpTests
{
    // mode, b, c: source lane of each lane, as the PTX manual defines it
    public static TheoryData<string, int, int, Func<int, int>, Func<int, bool>> Shuffles => new()
    {
        { "bfly", 1, 0x1F, lane => lane ^ 1, _ => true },
        { "bfly", 16, 0x1F, lane => lane ^ 16, _ => true },
        { "down", 4, 0x1F, lane => lane + 4 < 32 ? lane + 4 : lane, lane => lane + 4 < 32 },
        { "up", 4, 0, lane => lane >= 4 ? lane - 4 : lane, lane => lane >= 4 },
        { "idx", 7, 0x1F, _ => 7, _ => true },
        { "down", 3, 0x181F, lane => lane % 8 + 3 < 8 ? lane + 3 : lane, lane => lane % 8 + 3 < 8 },   // segments of 8
        { "up", 3, 0x1800, lane => lane % 8 >= 3 ? lane - 3 : lane, lane => lane % 8 >= 3 },
        { "idx", 2, 0x181F, lane => lane / 8 * 8 + 2, _ => true },
        { "idx", 20, 0x10, lane => lane, _ => false },                  // lanes above the clamp are not read
    };

    [Theory]
    [MemberData(nameof(Shuffles))]
    public void Shuffle_TakesTheLaneOfTheManual(string mode, int b, int c, Func<int, int> source, Func<int, bool> isInRange)
    {
        string text = SimulatorRun.Kernel($"""
            add.u32 %r1, %tx, 100;
            shfl.sync.{mode}.b32 %r2|%p1, %r1, {b}, {c}, 0xFFFFFFFF;
            selp.u32 %r3, 1000, 0, %p1;
            add.u32 %r2, %r2, %r3;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r2;
            """);
        IEnumerable<uint> expected = Enumerable.Range(0, 32).Select(lane => (uint)(source(lane) + 100 + (isInRange(lane) ? 1000 : 0)));
        Assert.Equal(expected, SimulatorRun.RunClean(text).Read<uint>(32));
    }

    [Fact]
    public void Shuffle_WorksWithinTheLanesThatAreThere()
    {
        string text = SimulatorRun.Kernel("""
            mov.u32 %r2, 0;
            setp.ge.u32 %p1, %tx, 8;
            @%p1 bra DONE;
            shfl.sync.bfly.b32 %r2, %tx, 1, 0x1F, 0xFF;
            DONE:
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r2;
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => lane < 8 ? (uint)(lane ^ 1) : 0), SimulatorRun.RunClean(text).Read<uint>(32));
    }

    [Theory]
    [InlineData("all.pred", 32, true)]
    [InlineData("all.pred", 31, false)]
    [InlineData("any.pred", 1, true)]
    [InlineData("any.pred", 0, false)]
    [InlineData("uni.pred", 32, true)]
    [InlineData("uni.pred", 0, true)]
    [InlineData("uni.pred", 9, false)]
    public void Vote_JoinsAllLanes(string mode, int yes, bool expected)
    {
        string text = SimulatorRun.Kernel($"""
            setp.lt.u32 %p1, %tx, {yes};
            vote.sync.{mode} %p2, %p1, 0xFFFFFFFF;
            selp.u32 %r1, 1, 0, %p2;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r1;
            """);
        Assert.All(SimulatorRun.RunClean(text).Read<uint>(32), value => Assert.Equal(expected ? 1u : 0u, value));
    }

    [Fact]
    public void Ballot_IsTheMaskOfLanes()
    {
        string text = SimulatorRun.Kernel("""
            and.b32 %r2, %tx, 5;
            setp.eq.u32 %p1, %r2, 5;
            vote.sync.ballot.b32 %r1, !%p1, 0xFFFFFFFF;
            st.global.u32 [%rd0], %r1;
            """);
        uint expected = 0;
        for (int lane = 0; lane < 32; lane++) expected |= (lane & 5) != 5 ? 1u << lane : 0;
        Assert.Equal(expected, SimulatorRun.RunClean(text).Read<uint>(1)[0]);
    }

    [Theory]
    [InlineData("add.u32", 496)]
    [InlineData("max.s32", 31)]
    [InlineData("min.u32", 0)]
    [InlineData("or.b32", 31)]
    [InlineData("and.b32", 0)]
    [InlineData("xor.b32", 0)]
    public void Redux_ReducesTheWarp(string operation, uint expected)
    {
        string text = SimulatorRun.Kernel($"redux.sync.{operation} %r1, %tx, 0xFFFFFFFF; st.global.u32 [%rd0], %r1;");
        Assert.Equal(expected, SimulatorRun.RunClean(text).Read<uint>(1)[0]);
    }

    [Fact]
    public void MatchAny_FindsTheEqualOnes()
    {
        string text = SimulatorRun.Kernel("""
            and.b32 %r1, %tx, 3;
            match.any.sync.b32 %r2, %r1, 0xFFFFFFFF;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r2;
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => BitOperations.RotateLeft(0x11111111u, lane % 4)), SimulatorRun.RunClean(text).Read<uint>(32));
    }

    [Theory]
    [InlineData("add.u32", "3", 10, 10 + 32 * 3)]
    [InlineData("max.s32", "%tx", 10, 31)]
    [InlineData("min.s32", "-5", 10, -5)]
    [InlineData("and.b32", "6", 15, 6)]
    [InlineData("or.b32", "6", 9, 15)]
    [InlineData("xor.b32", "1", 8, 8)]
    [InlineData("inc.u32", "20", 0, 32 % 21)]
    [InlineData("dec.u32", "20", 5, 15)]
    [InlineData("exch.b32", "77", 5, 77)]
    public void Atomics_TakeLaneAfterLane(string operation, string operand, int start, int expected)
    {
        foreach (string form in (string[])[$"atom.global.{operation} %r1, [%rd1], {operand};", $"red.global.{operation} [%rd1], {operand};"])
        {
            if (form.StartsWith("red.global.exch", StringComparison.Ordinal)) continue;              // there is none
            string text = SimulatorRun.Kernel($"{form} bar.sync 0; ld.global.u32 %r2, [%rd1]; st.global.u32 [%rd0], %r2;");
            Assert.Equal(expected, SimulatorRun.RunClean(text, input: SimulatorRun.Bytes(start)).Read<int>(1)[0]);
        }
    }

    [Fact]
    public void Atomics_ReturnWhatWasThere()
    {
        string text = SimulatorRun.Kernel("""
            .shared .align 8 .b64 total;
            setp.eq.u32 %p1, %tx, 0;
            @%p1 st.shared.u64 [total], 0;
            bar.sync 0;
            mov.u64 %rd3, total;
            cvta.shared.u64 %rd4, %rd3;
            atom.add.u64 %rd5, [%rd4], 2;
            mad.wide.u32 %rd2, %tx, 8, %rd0;
            st.global.u64 [%rd2], %rd5;
            """);
        Assert.Equal(Enumerable.Range(0, 64).Select(thread => (ulong)thread * 2), SimulatorRun.RunClean(text, threads: 64).Read<ulong>(64).Order());
    }

    [Fact]
    public void AtomicFloats_AddInOrder()
    {
        string text = SimulatorRun.Kernel("cvt.rn.f32.u32 %f1, %tx; red.global.add.f32 [%rd0], %f1; atom.global.cas.b32 %r1, [%rd1], 0, %tx;");
        SimulatorRun.Result result = SimulatorRun.RunClean(text, groups: 3, isOutSet: true);
        Assert.Equal(3 * 496f, result.Read<float>(1)[0]);
    }
}
