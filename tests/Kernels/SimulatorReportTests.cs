using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>What a launch's report counts, and that it and the results are the same every time.</summary>
public sealed class SimulatorReportTests
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(8, 1)]
    [InlineData(12, 0)]
    [InlineData(16, 3)]
    [InlineData(128, 31)]
    [InlineData(132, 0)]
    [InlineData(0, 0)]
    public void BankConflicts_AreCountedByStride(int stride, int extra)
    {
        string text = SimulatorRun.Kernel($".shared .align 4 .b8 a[4352]; mov.u32 %r1, a; mad.lo.u32 %r2, %tx, {stride}, %r1; st.shared.u32 [%r2], 7;");
        Assert.Equal(extra, SimulatorRun.RunClean(text).Report.BankConflictCycles);
    }

    [Theory]
    [InlineData(16, 0)]
    [InlineData(32, 4)]
    [InlineData(80, 0)]
    public void BankConflicts_OfVectorsGoByQuarters(int stride, int extra)
    {
        string text = SimulatorRun.Kernel($$"""
            .shared .align 16 .b8 a[4096]; mov.u32 %r1, a; mad.lo.u32 %r2, %tx, {{stride}}, %r1; mov.u32 %r3, 7;
            st.shared.v4.u32 [%r2], {%r3, %r3, %r3, %r3};
            """);
        Assert.Equal(extra, SimulatorRun.RunClean(text).Report.BankConflictCycles);
    }

    [Theory]
    [InlineData(4, 0, 4, 4)]
    [InlineData(8, 0, 8, 4)]
    [InlineData(4, 16, 5, 4)]
    [InlineData(32, 0, 32, 4)]
    [InlineData(0, 0, 1, 4)]
    public void Sectors_AreCountedByStride(int stride, int offset, int sectors, int ideal)
    {
        string text = SimulatorRun.Kernel($"mad.wide.u32 %rd2, %tx, {stride}, %rd0; ld.global.u32 %r1, [%rd2+{offset}];");
        LaunchReport report = SimulatorRun.RunClean(text, isOutSet: true).Report;
        Assert.Equal((sectors, ideal), ((int)report.GlobalSectors, (int)report.IdealGlobalSectors));
        Assert.Equal(sectors > ideal ? 1 : 0, report.Uncoalesced.Count());
    }

    [Fact]
    public void Sectors_OfScatteredLanesAreCountedOnce()
    {
        string text = SimulatorRun.Kernel("mul.lo.u32 %r1, %tx, 5; and.b32 %r1, %r1, 31; mad.wide.u32 %rd2, %r1, 4, %rd0; ld.global.u32 %r2, [%rd2];");
        Assert.Equal(4, SimulatorRun.RunClean(text, isOutSet: true).Report.GlobalSectors);
    }

    [Fact]
    public void Instructions_AreCountedByClass()
    {
        string text = SimulatorRun.Kernel("""
            .shared .align 4 .b8 a[256];
            mov.u32 %r1, a;
            mad.lo.u32 %r1, %tx, 4, %r1;
            ld.global.f32 %f1, [%rd1];
            st.shared.f32 [%r1], %f1;
            bar.sync 0;
            ld.shared.f32 %f2, [%r1];
            fma.rn.f32 %f2, %f2, %f2, %f1;
            ex2.approx.f32 %f2, %f2;
            setp.lt.u32 %p1, %tx, 10;
            @%p1 st.global.f32 [%rd0], %f2;
            """);
        LaunchReport report = SimulatorRun.RunClean(text, groups: 3, threads: 64).Report;
        Assert.Equal((3, 64, 256), (report.Groups, report.Threads, report.StaticSharedBytes));
        foreach (OpcodeClass one in (OpcodeClass[])[OpcodeClass.GlobalLoad, OpcodeClass.GlobalStore, OpcodeClass.SharedLoad, OpcodeClass.SharedStore,
            OpcodeClass.FusedMultiplyAdd, OpcodeClass.SpecialFunction, OpcodeClass.Barrier, OpcodeClass.Compare, OpcodeClass.Integer, OpcodeClass.Branch])
        {
            Assert.Equal(6, report.Count(one));
        }
        Assert.Equal(6 * 14, report.WarpInstructions);
        Assert.Equal(3 * (13 * 64 + 10), report.LaneInstructions);
    }

    [Fact]
    public void Launches_GiveTheSameBitsAndCountsEveryTime()
    {
        string text = SimulatorRun.Kernel("""
            .shared .align 4 .f32 a[64];
            mov.u32 %r9, %ctaid.x;
            mad.lo.u32 %r8, %r9, 64, %tx;
            cvt.rn.f32.u32 %f1, %r8;
            sin.approx.f32 %f1, %f1;
            mov.u32 %r1, a;
            mad.lo.u32 %r2, %tx, 4, %r1;
            st.shared.f32 [%r2], %f1;
            bar.sync 0;
            mov.f32 %f2, 0f00000000;
            mov.u32 %r3, 0;
            LOOP:
            ld.shared.f32 %f3, [%r1];
            fma.rn.f32 %f2, %f3, %f1, %f2;
            add.u32 %r1, %r1, 4;
            add.u32 %r3, %r3, 1;
            setp.lt.u32 %p1, %r3, 64;
            @%p1 bra.uni LOOP;
            mad.wide.u32 %rd2, %r8, 4, %rd0;
            st.global.f32 [%rd2], %f2;
            """);
        SimulatorRun.Result first = SimulatorRun.RunClean(text, groups: 16, threads: 64);
        foreach (SimulatorChecks checks in (SimulatorChecks[])[new(), new() { HostThreads = 1 }, new() { Seed = 3 }, SimulatorChecks.None])
        {
            SimulatorRun.Result other = SimulatorRun.RunClean(text, groups: 16, threads: 64, checks: checks);
            Assert.Equal(first.Read<uint>(1024), other.Read<uint>(1024));
            Assert.Equal(first.Report.WarpInstructions, other.Report.WarpInstructions);
            if (checks.CountAccesses) Assert.Equal(first.Report.Instructions, other.Report.Instructions);
        }
    }

    [Fact]
    public void Faults_AreTheSameOnAnyNumberOfHostThreads()
    {
        string text = SimulatorRun.Kernel("mov.u32 %r1, %ctaid.x; mad.lo.u32 %r1, %r1, 32, %tx; mad.wide.u32 %rd2, %r1, 4, %rd0; st.global.u32 [%rd2], 1; ld.global.u32 %r2, [%rd1+64];");
        string[] faults = [.. new[] { 1, 2, 3 }.Select(threads =>
            string.Join('\n', SimulatorRun.Run(text, groups: 50, checks: new SimulatorChecks { HostThreads = threads }).Report.Faults))];
        Assert.Equal(faults[0], faults[1]);
        Assert.Equal(faults[0], faults[2]);
        Assert.Contains("(576 times)", faults[0], StringComparison.Ordinal);
    }
}
