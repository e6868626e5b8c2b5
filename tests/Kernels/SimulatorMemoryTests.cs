using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>Loads and stores of every width in every state space.</summary>
public sealed class SimulatorMemoryTests
{
    [Theory]
    [InlineData("ld.global.u8 %r1, [%rd1+1]; cvt.u64.u32 %rd2, %r1;", 0xFEul)]
    [InlineData("ld.global.s8 %r1, [%rd1+1]; cvt.u64.u32 %rd2, %r1;", 0xFFFFFFFEul)]
    [InlineData("ld.global.s8 %h1, [%rd1+1]; cvt.u64.u16 %rd2, %h1;", 0xFFFEul)]
    [InlineData("ld.global.s8 %rd2, [%rd1+1];", 0xFFFFFFFFFFFFFFFEul)]
    [InlineData("ld.global.u16 %h1, [%rd1]; cvt.u64.u16 %rd2, %h1;", 0xFE01ul)]
    [InlineData("ld.global.s16 %r1, [%rd1]; cvt.u64.u32 %rd2, %r1;", 0xFFFFFE01ul)]
    [InlineData("ld.global.b16 %r1, [%rd1]; cvt.u64.u32 %rd2, %r1;", 0xFE01ul)]
    [InlineData("ld.global.s32 %rd2, [%rd1+4];", 0xFFFFFFFF80000000ul)]
    [InlineData("ld.global.u32 %rd2, [%rd1+4];", 0x80000000ul)]
    [InlineData("ld.global.u64 %rd2, [%rd1];", 0x800000000000FE01ul)]
    [InlineData("ld.global.nc.L1::no_allocate.L2::128B.u64 %rd2, [%rd1+8+-8];", 0x800000000000FE01ul)]
    [InlineData("ldu.global.u32 %rd2, [%rd1+4];", 0x80000000ul)]
    [InlineData("ld.u64 %rd2, [%rd1];", 0x800000000000FE01ul)]
    [InlineData("ld.global.v2.u32 {_, %r1}, [%rd1]; cvt.u64.u32 %rd2, %r1;", 0x80000000ul)]
    [InlineData("ld.global.v4.u8 {%r1, %r2, %r3, %r4}, [%rd1]; cvt.u64.u32 %rd2, %r2;", 0xFEul)]
    public void Load_WidensToTheRegister(string body, ulong expected)
    {
        string text = SimulatorRun.Kernel(body + " st.global.u64 [%rd0], %rd2;");
        byte[] input = SimulatorRun.Bytes(0x0000FE01u, 0x80000000u, 7u, 8u);
        Assert.Equal(expected, SimulatorRun.RunClean(text, threads: 1, input: input).Read<ulong>(1)[0]);
    }

    [Theory]
    [InlineData("fence.acq_rel.gpu;")]
    [InlineData("membar.gl;")]
    [InlineData("prefetch.global.L2 [%rd1];")]
    [InlineData("nanosleep.u32 100;")]
    public void WhatOnlyOrdersOrHints_ChangesNoValue(string instruction)
    {
        string text = SimulatorRun.Kernel($"ld.global.u32 %r1, [%rd1]; {instruction} st.global.u32 [%rd0], %r1;");
        Assert.Equal(7u, SimulatorRun.RunClean(text, threads: 1, input: SimulatorRun.Bytes(7u)).Read<uint>(1)[0]);
    }

    [Fact]
    public void Stores_WriteTheirBytesOnly()
    {
        string text = SimulatorRun.Kernel("""
            mov.b64 %rd2, 0x8877665544332211;
            mov.b32 %r1, 0xDDCCBBAA;
            st.global.u64 [%rd0], %rd2;
            st.global.u8 [%rd0+1], %r1;
            st.global.b16 [%rd0+2], %r1;
            st.global.u32 [%rd0+8], %rd2;
            mov.f32 %f1, 0f3F800000;
            st.global.v4.f32 [%rd0+16], {%f1, 0f40000000, %f1, %f1};
            st.global.v2.b64 [%rd0+32], {%rd2, 5};
            """);
        byte[] bytes = SimulatorRun.RunClean(text, threads: 1, isOutSet: true).Read<byte>(48);
        byte[] expected =
        [
            0x11, 0xAA, 0xAA, 0xBB, 0x55, 0x66, 0x77, 0x88, 0x11, 0x22, 0x33, 0x44, 0, 0, 0, 0,
            .. SimulatorRun.Bytes(1f, 2f, 1f, 1f), .. SimulatorRun.Bytes(0x8877665544332211ul, 5ul),
        ];
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void LocalMemory_IsEachThreadsOwn()
    {
        string text = SimulatorRun.Kernel("""
            .local .align 8 .b8 mine[16];
            mov.u64 %rd3, mine;
            cvta.local.u64 %rd4, %rd3;
            st.local.u32 [mine+4], %tx;
            st.u32 [%rd4+8], 5;
            add.u64 %rd3, %rd3, 4;
            ld.local.u32 %r1, [%rd3];
            ld.u32 %r2, [%rd4+8];
            add.u32 %r1, %r1, %r2;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r1;
            """);
        Assert.Equal(Enumerable.Range(0, 64).Select(thread => (uint)thread + 5), SimulatorRun.RunClean(text, threads: 64).Read<uint>(64));
    }

    [Fact]
    public void ConstantsAndGlobals_HoldTheirInitialValues()
    {
        string text = SimulatorRun.Kernel("""
            ld.const.f32 %f1, [table+8];
            mov.u64 %rd3, table;
            ld.const.f32 %f2, [%rd3+4];
            ld.global.u32 %r1, [counter];
            mov.u64 %rd4, counter;
            ld.global.u16 %h1, [%rd4+4];
            st.global.f32 [%rd0], %f1;
            st.global.f32 [%rd0+4], %f2;
            st.global.u32 [%rd0+8], %r1;
            st.global.u16 [%rd0+12], %h1;
            """, ".const .align 4 .f32 table[3] = {0f3F800000, 0f40000000, 0f40400000};\n.global .align 4 .b8 counter[8] = {1, 2, 0, 0, 9};");
        SimulatorRun.Result result = SimulatorRun.RunClean(text, threads: 1);
        Assert.Equal([3f, 2f], result.Read<float>(2));
        Assert.Equal([0x201, 9], result.Read<ushort>(7).AsSpan(4) is [ushort low, _, ushort nine] ? [low, nine] : []);
    }

    [Fact]
    public void DynamicSharedMemory_LiesBehindTheStatic()
    {
        string text = SimulatorRun.Kernel("""
            .shared .align 4 .b32 fixed[4];
            mov.u32 %r2, fixed;
            mov.u32 %r3, dynamic;
            mad.lo.u32 %r4, %tx, 4, %r3;
            st.shared.u32 [%r4], %tx;
            setp.lt.u32 %p1, %tx, 4;
            @%p1 mad.lo.u32 %r5, %tx, 4, %r2;
            @%p1 st.shared.u32 [%r5], 1000;
            bar.sync 0;
            xor.b32 %r6, %tx, 1;
            mad.lo.u32 %r4, %r6, 4, %r3;
            ld.shared.u32 %r1, [%r4];
            ld.shared.u32 %r7, [fixed+12];
            add.u32 %r1, %r1, %r7;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r1;
            """, ".extern .shared .align 16 .b8 dynamic[];");
        SimulatorRun.Result result = SimulatorRun.RunClean(text, sharedBytes: 128);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => (uint)(lane ^ 1) + 1000), result.Read<uint>(32));
        Assert.Equal((16, 128), (result.Report.StaticSharedBytes, result.Report.DynamicSharedBytes));
    }

    [Fact]
    public void GenericAddresses_FindTheirSpace()
    {
        // Even lanes point to shared, odd ones to global memory: one load serves both.
        string text = SimulatorRun.Kernel("""
            .shared .align 4 .b32 box;
            setp.eq.u32 %p1, %tx, 0;
            @%p1 st.shared.u32 [box], 11;
            bar.warp.sync 0xFFFFFFFF;
            mov.u64 %rd3, box;
            cvta.shared.u64 %rd3, %rd3;
            cvta.to.global.u64 %rd4, %rd1;
            and.b32 %r1, %tx, 1;
            setp.eq.u32 %p2, %r1, 0;
            selp.b64 %rd5, %rd3, %rd4, %p2;
            isspacep.shared %p3, %rd5;
            isspacep.global %p4, %rd5;
            ld.u32 %r2, [%rd5];
            @%p3 add.u32 %r2, %r2, 100;
            @%p4 add.u32 %r2, %r2, 200;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r2;
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => lane % 2 == 0 ? 111u : 222u), SimulatorRun.RunClean(text, input: SimulatorRun.Bytes(22)).Read<uint>(32));
    }

    [Fact]
    public void Parameters_LieAtTheirAlignment()
    {
        string text = SimulatorRun.Module("""
            .visible .entry test(.param .u64 out, .param .align 8 .b8 args[24], .param .u16 small)
            .maxntid 64, 1, 1
            .minnctapersm 2
            {
                .reg .b64 %rd<4>; .reg .b32 %r<4>; .reg .f32 %f<2>; .reg .b16 h;
                ld.param.u64 %rd0, [out];
                ld.param.v2.u32 {%r1, %r2}, [args+8];
                mov.b64 %rd1, args;
                ld.param.f32 %f1, [%rd1+16];
                ld.param.u16 h, [small];
                st.global.u32 [%rd0], %r2;
                st.global.f32 [%rd0+4], %f1;
                st.global.u16 [%rd0+8], h;
            }
            """);
        SimulatedMemory memory = new();
        ulong output = memory.Allocate(64);
        byte[] parameters = [.. SimulatorRun.Bytes(output, 0ul), .. SimulatorRun.Bytes(1, 2), .. SimulatorRun.Bytes(2.5f, 0f), .. SimulatorRun.Bytes((ushort)77)];
        PtxEntry entry = PtxModule.Parse(text).Entries[0];
        LaunchReport report = new PtxMachine().Run(entry, 1, 32, 0, parameters, memory, new SimulatorChecks());
        Assert.Empty(report.Faults);
        byte[] result = new byte[10];
        memory.Read<byte>(output, result);
        Assert.Equal([.. SimulatorRun.Bytes(2), .. SimulatorRun.Bytes(2.5f), .. SimulatorRun.Bytes((ushort)77)], result);
    }

    [Fact]
    public void HostCopies_StayInsideAnAllocation()
    {
        SimulatedMemory memory = new();
        ulong address = memory.AllocateUninitialised(16, "x");
        memory.Write(address + 8, [1f]);
        Assert.True(memory.IsInitialised(address + 8, 4));
        Assert.False(memory.IsInitialised(address, 16));
        float[] value = new float[1];
        memory.Read<float>(address + 8, value);
        Assert.Equal(1f, value[0]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => memory.Write(address + 12, [1f, 2f]));
        Assert.Contains("8 bytes at 0x", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => memory.Read<float>(address + 16, value));
    }
}
