using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>Warps that divide and meet again: what each lane computes, and that they are one again where hardware would have them so.</summary>
public sealed class SimulatorControlFlowTests
{
    private const string StoreR1 = "mad.wide.u32 %rd2, %tx, 4, %rd0; st.global.u32 [%rd2], %r1;";

    [Fact]
    public void NestedBranches_TakeEachLaneItsWay()
    {
        string text = SimulatorRun.Kernel($"""
            mov.u32 %r1, 0;
            setp.ge.u32 %p1, %tx, 16;
            @%p1 bra UPPER;
            and.b32 %r2, %tx, 1;
            setp.eq.u32 %p2, %r2, 0;
            @%p2 bra EVEN;
            mov.u32 %r1, 1;
            bra INNER;
            EVEN:
            mov.u32 %r1, 2;
            INNER:
            add.u32 %r1, %r1, 10;
            bra DONE;
            UPPER:
            mov.u32 %r1, 3;
            DONE:
            activemask.b32 %r3;
            setp.ne.u32 %p3, %r3, 0xFFFFFFFF;
            @%p3 mov.u32 %r1, 99;
            {StoreR1}
            """);
        SimulatorRun.Result result = SimulatorRun.RunClean(text);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => lane >= 16 ? 3u : lane % 2 == 0 ? 12u : 11u), result.Read<uint>(32));
        Assert.Equal(2, result.Report.DivergentBranches);
    }

    [Fact]
    public void Loop_RunsAsOftenAsEachLaneWants()
    {
        string text = SimulatorRun.Kernel($"""
            mov.u32 %r1, 0;
            mov.u32 %r2, 0;
            setp.eq.u32 %p1, %tx, 0;
            @%p1 bra DONE;
            LOOP:
            add.u32 %r2, %r2, 1;
            add.u32 %r1, %r1, %r2;
            setp.lt.u32 %p1, %r2, %tx;
            @%p1 bra LOOP;
            DONE:
            activemask.b32 %r3;
            setp.ne.u32 %p3, %r3, 0xFFFFFFFF;
            @%p3 mov.u32 %r1, 99;
            {StoreR1}
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => (uint)(lane * (lane + 1) / 2)), SimulatorRun.RunClean(text).Read<uint>(32));
    }

    [Fact]
    public void LoopWithBreakAndContinue_MeetsBehindTheLoop()
    {
        string text = SimulatorRun.Kernel($"""
            mov.u32 %r1, 0;
            mov.u32 %r2, 0;
            LOOP:
            add.u32 %r2, %r2, 1;
            setp.gt.u32 %p1, %r2, %tx;
            @%p1 bra DONE;
            and.b32 %r3, %r2, 1;
            setp.eq.u32 %p2, %r3, 0;
            @%p2 bra LOOP;
            add.u32 %r1, %r1, %r2;
            bra.uni LOOP;
            DONE:
            vote.sync.ballot.b32 %r4, 1, 0xFFFFFFFF;
            {StoreR1}
            """);
        // odd numbers up to the lane's own
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => (uint)((lane + 1) / 2 * ((lane + 1) / 2))), SimulatorRun.RunClean(text).Read<uint>(32));
    }

    [Fact]
    public void EarlyReturn_LeavesTheOthersTogether()
    {
        string text = SimulatorRun.Kernel($"""
            setp.ge.u32 %p1, %tx, 40;
            @%p1 ret;
            and.b32 %r1, %tx, 3;
            setp.eq.u32 %p2, %r1, 0;
            @%p2 bra QUARTER;
            bar.sync 0;
            {StoreR1}
            ret;
            QUARTER:
            mov.u32 %r1, 7;
            {StoreR1}
            """);
        // A quarter of the lanes leaves while the rest waits at the barrier: exited threads are not waited for.
        uint[] values = SimulatorRun.RunClean(text, threads: 64, isOutSet: true).Read<uint>(64);
        Assert.Equal(Enumerable.Range(0, 64).Select(thread => thread >= 40 ? 0u : thread % 4 == 0 ? 7u : (uint)thread % 4), values);
    }

    [Fact]
    public void SwitchWithAReturningArm_MeetsBehindTheSwitch()
    {
        string text = SimulatorRun.Kernel($"""
            and.b32 %r2, %tx, 3;
            TABLE: .branchtargets LEAVE, ONE, TWO, ONE;
            brx.idx %r2, TABLE;
            LEAVE:
            ret;
            ONE:
            mov.u32 %r1, 1;
            bra.uni DONE;
            TWO:
            mov.u32 %r1, 2;
            DONE:
            bar.sync 0;
            activemask.b32 %r3;
            and.b32 %r3, %r3, 0xF;
            add.u32 %r1, %r1, %r3;
            {StoreR1}
            """);
        uint[] values = SimulatorRun.RunClean(text, isOutSet: true).Read<uint>(32);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => (uint)((lane % 4) switch { 0 => 0, 2 => 2 + 14, _ => 1 + 14 })), values);
    }

    [Fact]
    public void GuardedInstructions_TouchOnlyTheirLanes()
    {
        string text = SimulatorRun.Kernel($"""
            mov.u32 %r1, %tx;
            setp.lt.u32 %p1, %tx, 5;
            @!%p1 mov.u32 %r1, 100;
            @%p1 exit;
            {StoreR1}
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => lane < 5 ? 0u : 100u), SimulatorRun.RunClean(text, isOutSet: true).Read<uint>(32));
    }

    [Fact]
    public void InnerScopes_HideRegistersAndLabels()
    {
        string text = SimulatorRun.Kernel($$"""
            mov.u32 %r1, 1;
            { .reg .b32 %r1; mov.u32 %r1, 50; bra.uni DONE; DONE: }
            { .reg .b32 extra; mov.u32 extra, 4; bra.uni DONE; DONE: add.u32 %r1, %r1, extra; }
            {{StoreR1}}
            """);
        Assert.All(SimulatorRun.RunClean(text).Read<uint>(32), value => Assert.Equal(5u, value));
    }

    [Theory]
    [InlineData("bar.sync 0;")]
    [InlineData("barrier.sync.aligned 0;")]
    public void Barriers_OrderTheWarpsOfAGroup(string barrier)
    {
        // A sum over 256 threads by halving, in shared memory.
        string text = SimulatorRun.Kernel($"""
            .shared .align 4 .b32 sums[256];
            mov.u32 %r1, sums;
            mad.lo.u32 %r2, %tx, 4, %r1;
            st.shared.u32 [%r2], %tx;
            mov.u32 %r3, 128;
            LOOP:
            {barrier}
            setp.ge.u32 %p1, %tx, %r3;
            @%p1 bra SKIP;
            mad.lo.u32 %r4, %r3, 4, %r2;
            ld.shared.u32 %r5, [%r4];
            ld.shared.u32 %r6, [%r2];
            add.u32 %r5, %r5, %r6;
            st.shared.u32 [%r2], %r5;
            SKIP:
            shr.u32 %r3, %r3, 1;
            setp.ne.u32 %p2, %r3, 0;
            @%p2 bra.uni LOOP;
            setp.ne.u32 %p3, %tx, 0;
            @%p3 ret;
            ld.shared.u32 %r5, [sums];
            mov.u32 %r7, %ctaid.x;
            mad.wide.u32 %rd2, %r7, 4, %rd0;
            st.global.u32 [%rd2], %r5;
            """);
        foreach (int seed in (int[])[0, 1, 2, 3])
        {
            SimulatorRun.Result result = SimulatorRun.RunClean(text, groups: 5, threads: 256, checks: new SimulatorChecks { Seed = seed });
            Assert.All(result.Read<uint>(5), sum => Assert.Equal(255u * 128, sum));
            Assert.Equal(1024, result.Report.StaticSharedBytes);
        }
    }

    [Fact]
    public void NamedBarriers_LetWarpsPassWorkOn()
    {
        // Warp 0 produces and arrives, warp 1 waits for it; 64 threads are expected.
        string text = SimulatorRun.Kernel($"""
            .shared .align 4 .b32 box[32];
            mov.u32 %r5, box;
            mov.u32 %r6, %laneid;
            mad.lo.u32 %r5, %r6, 4, %r5;
            setp.ge.u32 %p1, %tx, 32;
            @%p1 bra.uni CONSUME;
            add.u32 %r7, %tx, 1000;
            st.shared.u32 [%r5], %r7;
            bar.arrive 1, 64;
            ret;
            CONSUME:
            bar.sync 1, 64;
            ld.shared.u32 %r1, [%r5];
            {StoreR1}
            """);
        foreach (int seed in (int[])[0, 5, 6])
        {
            uint[] values = SimulatorRun.RunClean(text, threads: 64, isOutSet: true, checks: new SimulatorChecks { Seed = seed }).Read<uint>(64);
            Assert.Equal(Enumerable.Range(0, 64).Select(thread => thread < 32 ? 0u : (uint)thread - 32 + 1000), values);
        }
    }

    [Fact]
    public void BarReds_CountAndJoinVotes()
    {
        string text = SimulatorRun.Kernel($"""
            setp.lt.u32 %p1, %tx, 40;
            bar.red.popc.u32 %r1, 0, %p1;
            bar.red.and.pred %p2, 0, %p1;
            bar.red.or.pred %p3, 0, !%p1;
            @%p2 add.u32 %r1, %r1, 1000;
            @%p3 add.u32 %r1, %r1, 2000;
            {StoreR1}
            """);
        Assert.All(SimulatorRun.RunClean(text, threads: 96).Read<uint>(96), value => Assert.Equal(2040u, value));
    }

    [Fact]
    public void SpinningWarp_SeesWhatALaterWarpWrites()
    {
        string text = SimulatorRun.Kernel($"""
            setp.ge.u32 %p1, %tx, 32;
            @%p1 bra.uni SECOND;
            WAIT:
            ld.volatile.global.u32 %r1, [%rd1];
            setp.eq.u32 %p2, %r1, 0;
            @%p2 bra WAIT;
            {StoreR1}
            ret;
            SECOND:
            st.volatile.global.u32 [%rd1], 7;
            """);
        Assert.Equal(7u, SimulatorRun.RunClean(text, threads: 64, isOutSet: true).Read<uint>(1)[0]);
    }
}
