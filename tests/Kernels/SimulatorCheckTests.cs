using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>Each check on a kernel with that very fault, and on the same kernel put right.</summary>
public sealed class SimulatorCheckTests
{
    // check, wrong body, right body, what the message says
    public static TheoryData<Check, string, string, string> Faults => new()
    {
        {
            Check.OutOfBounds,
            "mad.wide.u32 %rd2, %tx, 4, %rd0; st.global.u32 [%rd2+4092], 1;",
            "mad.wide.u32 %rd2, %tx, 4, %rd0; st.global.u32 [%rd2+3968], 1;",
            "thread 1 (warp 0, lane 1): 4 bytes at global address 0x700000001000 are out of bounds: 0 bytes past the end of 'out' (4096 bytes)"
        },
        {
            Check.OutOfBounds,
            "cvt.s64.s32 %rd2, -1; mad.wide.s32 %rd2, -1, 4, %rd1; ld.global.u32 %r1, [%rd2];",
            "ld.global.u32 %r1, [%rd1];",
            "are out of bounds"
        },
        {
            Check.OutOfBounds,
            ".shared .align 4 .b32 a[8]; .shared .align 4 .b32 b[8]; mov.u32 %r2, a; mov.u32 %r1, b; st.shared.u32 [%r2+32], 1;",
            ".shared .align 4 .b32 a[8]; .shared .align 4 .b32 b[8]; mov.u32 %r2, a; mov.u32 %r1, b; st.shared.u32 [%r2+28], 1;",
            "4 bytes at shared address 32, 0 bytes past the end of 'a' (32 bytes) are out of bounds"
        },
        {
            Check.OutOfBounds,
            ".local .align 4 .b8 mine[16]; st.local.u32 [mine+16], 1;",
            ".local .align 4 .b8 mine[16]; st.local.u32 [mine+12], 1;",
            "4 bytes at local address 16 are out of bounds: a thread has 16"
        },
        {
            Check.OutOfBounds,
            "ld.param.u64 %rd2, [in+8];",
            "ld.param.u64 %rd2, [in];",
            "8 bytes at parameter address 16 are out of bounds: there are 16"
        },
        {
            Check.Misaligned,
            "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%rd1+8];",
            "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%rd1+16];",
            "is not a multiple of 16"
        },
        {
            Check.Misaligned,
            ".shared .align 4 .b8 a[64]; st.shared.u32 [a+2], 0;",
            ".shared .align 4 .b8 a[64]; st.shared.u32 [a+4], 0;",
            "shared address 0x2 is not a multiple of 4"
        },
        {
            Check.UninitialisedMemory,
            "ld.global.u32 %r1, [%rd0];",
            "st.global.u32 [%rd0], 1; ld.global.u32 %r1, [%rd0];",
            "4 bytes at global address 0x700000000000 were never written: byte 0 of 'out' (4096 bytes)"
        },
        {
            Check.UninitialisedMemory,
            ".shared .align 8 .b8 a[8]; st.shared.u32 [a], 1; bar.warp.sync 0xFFFFFFFF; ld.shared.u64 %rd2, [a];",
            ".shared .align 8 .b8 a[8]; st.shared.u32 [a], 1; st.shared.u32 [a+4], 1; bar.warp.sync 0xFFFFFFFF; ld.shared.u64 %rd2, [a];",
            "8 bytes at shared address 0, byte 0 of 'a' (8 bytes) were never written"
        },
        {
            Check.UninitialisedRegister,
            "add.u32 %r1, %r2, 1;",
            "mov.u32 %r2, 0; add.u32 %r1, %r2, 1;",
            "register %r2 was never written"
        },
        {
            Check.UninitialisedRegister,
            "setp.lt.u32 %p1, %tx, 5; @%p1 mov.u32 %r2, 0; add.u32 %r1, %r2, 1;",
            "setp.lt.u32 %p1, %tx, 5; mov.u32 %r2, 9; @%p1 mov.u32 %r2, 0; add.u32 %r1, %r2, 1;",
            "thread 5 (warp 0, lane 5): register %r2 was never written"
        },
        {
            Check.UninitialisedRegister,
            "setp.lt.u32 %p1, %tx, 5; @%p1 bra SKIP; mov.u32 %r2, 0; SKIP: add.u32 %r1, %r2, 1;",
            "setp.lt.u32 %p1, %tx, 5; mov.u32 %r2, 1; @%p1 bra SKIP; mov.u32 %r2, 0; SKIP: add.u32 %r1, %r2, 1;",
            "thread 0 (warp 0, lane 0): register %r2 was never written"
        },
        {
            Check.DivergentBarrier,
            "setp.lt.u32 %p1, %tx, 5; @%p1 bra SKIP; bar.sync 0; SKIP: mov.u32 %r1, 0;",
            "setp.lt.u32 %p1, %tx, 5; @%p1 bra SKIP; mov.u32 %r1, 0; SKIP: bar.sync 0;",
            "only 27 of the warp's 32 threads reach the barrier together; thread 0 does not"
        },
        {
            Check.DivergentBarrier,
            "setp.lt.u32 %p1, %tx, 5; @%p1 bar.sync 0;",
            "setp.lt.u32 %p1, %tx, 5; @%p1 ret; bar.sync 0;",
            "only 5 of the warp's 32 threads reach the barrier together"
        },
        {
            Check.InactiveLane,
            "setp.lt.u32 %p1, %tx, 16; @%p1 shfl.sync.bfly.b32 %r1, %tx, 1, 31, 0xFFFFFFFF;",
            "setp.lt.u32 %p1, %tx, 16; @%p1 shfl.sync.bfly.b32 %r1, %tx, 1, 31, 0xFFFF;",
            "member mask 0xffffffff does not fit the lanes that are here, 0x0000ffff"
        },
        {
            Check.InactiveLane,
            "setp.lt.u32 %p1, %tx, 16; @%p1 shfl.sync.bfly.b32 %r1, %tx, 16, 31, 0xFFFF;",
            "setp.lt.u32 %p1, %tx, 16; @%p1 shfl.sync.bfly.b32 %r1, %tx, 8, 31, 0xFFFF;",
            "lane 16 is read, but it does not take part"
        },
        {
            Check.InactiveLane,
            "setp.lt.u32 %p1, %tx, 16; @%p1 vote.sync.any.pred %p2, %p1, 0xFFFE;",
            "setp.lt.u32 %p1, %tx, 16; @%p1 vote.sync.any.pred %p2, %p1, 0xFFFF;",
            "the lane is not in its own member mask 0x0000fffe"
        },
        {
            Check.SharedRace,                                           // another lane's word, without bar.warp.sync
            ".shared .align 4 .b32 a[32]; mov.u32 %r1, a; mad.lo.u32 %r1, %tx, 4, %r1; st.shared.u32 [%r1], %tx; xor.b32 %r1, %r1, 4; ld.shared.u32 %r2, [%r1];",
            ".shared .align 4 .b32 a[32]; mov.u32 %r1, a; mad.lo.u32 %r1, %tx, 4, %r1; st.shared.u32 [%r1], %tx; xor.b32 %r1, %r1, 4; bar.warp.sync 0xFFFFFFFF; ld.shared.u32 %r2, [%r1];",
            "thread 0 (warp 0, lane 0): shared memory at 4 (4 bytes) is read without a barrier after thread 1 wrote it"
        },
        {
            Check.SharedRace,                                           // all lanes write one word
            ".shared .align 4 .b32 a; st.shared.u32 [a], %tx;",
            ".shared .align 4 .b32 a; st.shared.u32 [a], 7;",
            "thread 1 (warp 0, lane 1): shared memory at 0 (4 bytes) is written without a barrier after thread 0 wrote it"
        },
        {
            Check.DivergentUniformBranch,
            "setp.lt.u32 %p1, %tx, 16; @%p1 bra.uni SKIP; mov.u32 %r1, 0; SKIP: mov.u32 %r2, 0;",
            "setp.lt.u32 %p1, %tx, 32; @%p1 bra.uni SKIP; mov.u32 %r1, 0; SKIP: mov.u32 %r2, 0;",
            "bra.uni is taken by 16 of 32 lanes"
        },
        {
            Check.AsyncCopyInFlight,
            ".shared .align 16 .b8 a[16]; @%p0 bra L; cp.async.ca.shared.global [a], [%rd1], 16; cp.async.commit_group; ld.shared.u32 %r1, [a]; L:",
            ".shared .align 16 .b8 a[16]; @%p0 bra L; cp.async.ca.shared.global [a], [%rd1], 16; cp.async.commit_group; cp.async.wait_group 0; ld.shared.u32 %r1, [a]; L:",
            "4 bytes at shared address 0, byte 0 of 'a' (16 bytes) are read while a cp.async into them is under way: wait for its group first"
        },
        {
            Check.AsyncCopyInFlight,                                    // the newest group may still be under way
            ".shared .align 16 .b8 a[16]; @%p0 bra L; cp.async.cg.shared.global [a], [%rd1], 16; cp.async.commit_group; cp.async.wait_group 1; st.shared.u32 [a], 1; L:",
            ".shared .align 16 .b8 a[16]; @%p0 bra L; cp.async.cg.shared.global [a], [%rd1], 16; cp.async.wait_all; st.shared.u32 [a], 1; L:",
            "are written while a cp.async into them is under way"
        },
        {
            Check.InstructionBudget,
            "LOOP: bra LOOP;",
            "mov.u32 %r1, 0; LOOP: add.u32 %r1, %r1, 1; setp.lt.u32 %p1, %r1, 100; @%p1 bra LOOP;",
            "an endless loop"
        },
        {
            Check.Trap,
            "setp.eq.u32 %p1, %tx, 3; @%p1 trap;",
            "setp.eq.u32 %p1, %tx, 99; @%p1 trap;",
            "thread 3 (warp 0, lane 3): the kernel gave up (trap)"
        },
    };

    // %p0 holds in every lane but the first.
    private const string Prologue = "setp.ne.u32 %p0, %tx, 0;\n";

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_FiresOnItsFaultAndOnNothingElse(Check check, string wrong, string right, string message)
    {
        SimulatorChecks checks = new() { WarpBudget = 2000 };
        byte[] input = new byte[64];
        Fault fault = SimulatorRun.Run(SimulatorRun.Kernel(Prologue + wrong), input: input, checks: checks).Fault;
        Assert.Equal((check, "test"), (fault.Kind, fault.Kernel));
        Assert.Contains(message, fault.ToString(), StringComparison.Ordinal);

        SimulatorRun.RunClean(SimulatorRun.Kernel(Prologue + right), input: input, checks: checks);
        SimulatorChecks others = checks with { Enabled = Check.Default & ~check };
        Assert.Empty(SimulatorRun.Run(SimulatorRun.Kernel(Prologue + wrong), input: input, checks: others).Report.Faults);
    }

    [Fact]
    public void Fault_NamesWhereItHappened()
    {
        string text = SimulatorRun.Kernel("""
            mov.u32 %r1, %ctaid.x;
            mul.lo.u32 %r1, %r1, 256;
            add.u32 %r1, %r1, %tx;
            // Sum.cs: y[i] = 1
            mad.wide.u32 %rd2, %r1, 4, %rd0;
            st.global.u32 [%rd2], 1;
            """);
        Fault fault = SimulatorRun.Run(text, groups: 5, threads: 256).Fault;
        Assert.Equal((Check.OutOfBounds, 4, 0, 256L), (fault.Kind, fault.Group, fault.Thread, fault.Count));
        Assert.Equal(0x7000_0000_1000ul, fault.Address);
        Assert.Equal("st.global.u32 [%rd2], 1", fault.Instruction);
        Assert.Equal("Sum.cs: y[i] = 1", fault.Comment);
        Assert.Equal(fault.Instruction, text.Split('\n')[fault.Line - 1].Trim(' ', ';'));
    }

    [Fact]
    public void OutOfBoundsReads_AreZero()
    {
        string text = SimulatorRun.Kernel("ld.global.u32 %r1, [%rd1+4096]; add.u32 %r1, %r1, 5; st.global.u32 [%rd0], %r1;");
        Assert.Equal(5u, SimulatorRun.Run(text).Read<uint>(1)[0]);
    }

    [Fact]
    public void SharedRaces_BetweenWarpsNeedTheBarrierOfTheGroup()
    {
        string Body(string order) => SimulatorRun.Kernel($"""
            .shared .align 4 .b32 a[64];
            mov.u32 %r1, a;
            mad.lo.u32 %r2, %tx, 4, %r1;
            st.shared.u32 [%r2], %tx;
            {order}
            and.b32 %r3, %r2, 127;
            ld.shared.u32 %r4, [%r3];
            """);
        Fault fault = SimulatorRun.Run(Body("bar.warp.sync 0xFFFFFFFF;"), threads: 64).Fault;
        Assert.Equal((Check.SharedRace, 32, 32L), (fault.Kind, fault.Thread, fault.Count));
        Assert.Contains("shared memory at 0 (4 bytes) is read without a barrier after thread 0 wrote it", fault.Message, StringComparison.Ordinal);
        SimulatorRun.RunClean(Body("bar.sync 0;"), threads: 64);
    }

    [Fact]
    public void SharedRaces_SeeWritesAfterReads()
    {
        string Body(string order) => SimulatorRun.Kernel($"""
            .shared .align 4 .b32 a[64];
            mov.u32 %r1, a;
            mad.lo.u32 %r2, %tx, 4, %r1;
            st.shared.u32 [%r2], %tx;
            bar.sync 0;
            ld.shared.u32 %r4, [a];
            {order}
            st.shared.u32 [%r2], 100;
            """);
        Fault fault = SimulatorRun.Run(Body(""), threads: 64).Fault;
        Assert.Contains("thread 0 (warp 0, lane 0): shared memory at 0 (4 bytes) is written without a barrier after several threads read it", fault.ToString(), StringComparison.Ordinal);
        SimulatorRun.RunClean(Body("bar.sync 0;"), threads: 64);
    }

    [Fact]
    public void SharedRaces_NeighbouringHalvesAreNone()
    {
        string text = SimulatorRun.Kernel("""
            .shared .align 4 .b16 a[64];
            mov.u32 %r1, a;
            mad.lo.u32 %r2, %tx, 2, %r1;
            cvt.u16.u32 %h1, %tx;
            st.shared.u16 [%r2], %h1;
            bar.sync 0;
            and.b32 %r3, %r2, 0xFFFFFFFC;
            ld.shared.u32 %r4, [%r3];
            """);
        SimulatorRun.RunClean(text, threads: 64);
    }

    [Fact]
    public void GroupConflict_FindsGroupsThatShareAWord()
    {
        SimulatorChecks checks = new() { Enabled = Check.All };
        string text = SimulatorRun.Kernel("mov.u32 %r1, %ctaid.x; mad.lo.u32 %r1, %r1, 31, %tx; mad.wide.u32 %rd2, %r1, 4, %rd0; st.global.u32 [%rd2], 1;");
        Fault fault = SimulatorRun.Run(text, groups: 2, checks: checks).Fault;
        Assert.Equal((Check.GroupConflict, 1, 0), (fault.Kind, fault.Group, fault.Thread));
        Assert.Contains("are written though group 0 wrote them", fault.Message, StringComparison.Ordinal);
        SimulatorRun.RunClean(text.Replace("%r1, 31,", "%r1, 32,", StringComparison.Ordinal), groups: 2, checks: checks);
    }

    [Fact]
    public void Barrier_ThatTheOtherWarpNeverReaches_EndsTheWait()
    {
        string text = SimulatorRun.Kernel("setp.ge.u32 %p1, %tx, 32; @%p1 bra.uni SECOND; bar.sync 1; ret; SECOND: bar.sync 2;");
        LaunchReport report = SimulatorRun.Run(text, threads: 64).Report;
        Assert.All(report.Faults, fault => Assert.Equal(Check.DivergentBarrier, fault.Kind));
        Assert.Contains("32 threads wait at the barrier for ever: warp 1 waits at another barrier", report.Faults[0].Message, StringComparison.Ordinal);

        text = SimulatorRun.Kernel("bar.sync 1, 96;");
        Fault fault = SimulatorRun.Run(text, threads: 64).Fault;
        Assert.Contains("64 threads wait at the barrier for ever: 96 threads are expected", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seed_BringsHiddenRacesToLight()
    {
        // Warp 1 reads what warp 0 writes, with no barrier: in order it works by luck.
        string text = SimulatorRun.Kernel("""
            .shared .align 4 .b32 a;
            setp.ge.u32 %p1, %tx, 32;
            @%p1 bra.uni SECOND;
            st.shared.u32 [a], 5;
            ret;
            SECOND:
            ld.shared.u32 %r1, [a];
            st.global.u32 [%rd0], %r1;
            """);
        SimulatorChecks unchecked_ = new() { Enabled = Check.None };
        Assert.Equal(5u, SimulatorRun.Run(text, threads: 64, checks: unchecked_).Read<uint>(1)[0]);
        IEnumerable<uint> values = Enumerable.Range(1, 20).Select(seed => SimulatorRun.Run(text, threads: 64, checks: unchecked_ with { Seed = seed }).Read<uint>(1)[0]);
        Assert.Contains(uint.MaxValue, values);                         // what unwritten memory holds
    }
}
