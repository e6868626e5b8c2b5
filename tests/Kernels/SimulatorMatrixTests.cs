using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>Tensor-core instructions against plain matrix products; the places of elements in registers are the PTX manual's.</summary>
public sealed class SimulatorMatrixTests
{
    private const int Rows = 16, Columns = 8;

    [Theory]
    [InlineData("m16n8k16", "bf16", 16)]
    [InlineData("m16n8k8", "bf16", 8)]
    [InlineData("m16n8k16", "f16", 16)]
    [InlineData("m16n8k8", "f16", 8)]
    [InlineData("m16n8k8", "tf32", 8)]
    [InlineData("m16n8k4", "tf32", 4)]
    public void Mma_IsTheMatrixProduct(string shape, string type, int depth)
    {
        // Small integers: exact in every format and order.
        float[] a = Integers(Rows * depth, 1), b = Integers(depth * Columns, 2), c = Integers(Rows * Columns, 3);
        int packed = type == "tf32" ? 1 : 2, leftRegisters = Rows * depth / 32 / packed, rightRegisters = leftRegisters / 2;

        // Each lane's registers, put together by the manual's formulas, lie side by side in the input.
        List<uint> input = [];
        for (int lane = 0; lane < 32; lane++)
        {
            int group = lane >> 2, inGroup = lane % 4;
            for (int register = 0; register < leftRegisters; register++)
            {
                uint bits = 0;
                for (int i = register * packed; i < (register + 1) * packed; i++)
                {
                    (int row, int column) = packed == 2
                        ? (i is 0 or 1 or 4 or 5 ? group : group + 8, inGroup * 2 + (i & 1) + (i >= 4 ? 8 : 0))
                        : (i is 0 or 2 ? group : group + 8, inGroup + (i >= 2 ? 4 : 0));
                    bits |= Encode(a[row * depth + column], type) << (16 * (i % packed));
                }
                input.Add(bits);
            }
            for (int register = 0; register < rightRegisters; register++)
            {
                uint bits = 0;
                for (int i = register * packed; i < (register + 1) * packed; i++)
                {
                    int row = packed == 2 ? inGroup * 2 + (i & 1) + (i >= 2 ? 8 : 0) : inGroup + (i >= 1 ? 4 : 0);
                    bits |= Encode(b[row * Columns + group], type) << (16 * (i % packed));
                }
                input.Add(bits);
            }
            for (int i = 0; i < 4; i++) input.Add(BitConverter.SingleToUInt32Bits(c[(i < 2 ? group : group + 8) * Columns + inGroup * 2 + (i & 1)]));
        }

        int words = leftRegisters + rightRegisters + 4;
        string loads = string.Concat(Enumerable.Range(0, words).Select(i => $"ld.global.b32 %r{i}, [%rd2+{i * 4}];\n"));
        string text = SimulatorRun.Kernel($$"""
            mad.wide.u32 %rd2, %tx, {{words * 4}}, %rd1;
            {{loads}}
            mma.sync.aligned.{{shape}}.row.col.f32.{{type}}.{{type}}.f32 {%f0, %f1, %f2, %f3}, {{Registers(0, leftRegisters)}}, {{Registers(leftRegisters, rightRegisters)}}, {{Registers(words - 4, 4)}};
            mad.wide.u32 %rd3, %tx, 16, %rd0;
            st.global.v4.f32 [%rd3], {%f0, %f1, %f2, %f3};
            """);
        SimulatorRun.Result result = SimulatorRun.RunClean(text, input: SimulatorRun.Bytes<uint>([.. input]));
        float[] fragments = result.Read<float>(128);
        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (i < 2 ? 0 : 8) + (lane >> 2), column = lane % 4 * 2 + (i & 1);
                float expected = c[row * Columns + column];
                for (int k = 0; k < depth; k++) expected += a[row * depth + k] * b[k * Columns + column];
                Assert.Equal(expected, fragments[lane * 4 + i]);
            }
        }
        Assert.Equal(1, result.Report.Count(OpcodeClass.Matrix));
    }

    [Fact]
    public void Mma_CutsTensorFloatsAsHardwareDoes()
    {
        // 1 + 2^-11 is not a tf32: unrounded, its low bits fall away.
        string text = SimulatorRun.Kernel("""
            mov.b32 %r1, 0x3F801000; mov.b32 %r2, 0x3F800000; mov.f32 %f0, 0f00000000;
            mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32 {%f1, %f2, %f3, %f4}, {%r1, %r1}, {%r2}, {%f0, %f0, %f0, %f0};
            st.global.f32 [%rd0], %f1;
            """);
        Assert.Equal(4f, SimulatorRun.RunClean(text).Read<float>(1)[0]);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(4, "")]
    [InlineData(1, ".trans")]
    [InlineData(2, ".trans")]
    [InlineData(4, ".trans")]
    public void LdMatrix_GivesEachLaneItsElements(int matrices, string transposed)
    {
        // Element value = its place in shared memory; rows of matrix i are given by lanes 8i to 8i+7, here rows in reverse.
        string text = SimulatorRun.Kernel($$"""
            .shared .align 16 .b8 tile[512];
            mov.u32 %r1, tile;
            mad.lo.u32 %r2, %tx, 16, %r1;
            mov.u32 %r3, 0;
            LOOP:
            mad.lo.u32 %r4, %tx, 8, %r3;
            cvt.u16.u32 %h1, %r4;
            mad.lo.u32 %r5, %r3, 2, %r2;
            st.shared.u16 [%r5], %h1;
            add.u32 %r3, %r3, 1;
            setp.lt.u32 %p1, %r3, 8;
            @%p1 bra.uni LOOP;
            bar.sync 0;
            xor.b32 %r6, %tx, 7;
            mad.lo.u32 %r6, %r6, 16, %r1;
            mov.u32 %r10, 0; mov.u32 %r11, 0; mov.u32 %r12, 0; mov.u32 %r13, 0;
            ldmatrix.sync.aligned.m8n8.x{{matrices}}{{transposed}}.shared.b16 {{Registers(10, matrices)}}, [%r6];
            mad.wide.u32 %rd2, %tx, 16, %rd0;
            st.global.v4.u32 [%rd2], {%r10, %r11, %r12, %r13};
            """);
        ushort[] values = SimulatorRun.RunClean(text).Read<ushort>(256);
        for (int lane = 0; lane < 32; lane++)
        {
            for (int matrix = 0; matrix < matrices; matrix++)
            {
                for (int i = 0; i < 2; i++)
                {
                    (int row, int column) = (lane / 4, lane % 4 * 2 + i);
                    if (transposed.Length > 0) (row, column) = (column, row);
                    Assert.Equal(matrix * 64 + (7 - row) * 8 + column, values[lane * 8 + matrix * 2 + i]);
                }
            }
        }
    }

    [Fact]
    public void LdMatrix_OfPaddedRowsHasNoBankConflicts()
    {
        foreach ((int rowBytes, int conflicts) in (ReadOnlySpan<(int, int)>)[(80, 0), (128, 4 * 7), (64, 4 * 3)])
        {
            string text = SimulatorRun.Kernel($$"""
                .shared .align 16 .b8 tile[4096];
                mov.u32 %r1, tile;
                mov.u32 %r2, 0;
                mad.lo.u32 %r3, %tx, {{rowBytes}}, %r1;
                st.shared.v4.u32 [%r3], {%r2, %r2, %r2, %r2};
                ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r4, %r5, %r6, %r7}, [%r3];
                """);
            LaunchReport report = SimulatorRun.Run(text, checks: new SimulatorChecks { Enabled = Check.Default & ~Check.SharedRace }).Report;
            Assert.Equal(conflicts, report.Instructions.Single(instruction => instruction.Text.StartsWith("ldmatrix", StringComparison.Ordinal)).BankConflictCycles);
        }
    }

    [Fact]
    public void AsyncCopies_ArriveGroupByGroup()
    {
        // Two groups; after wait_group 1 the first is there, after wait_group 0 both; what lies behind the source's size is zeros.
        string text = SimulatorRun.Kernel("""
            .shared .align 16 .b8 tile[1024];
            mov.u32 %r1, tile;
            mad.lo.u32 %r2, %tx, 16, %r1;
            mad.wide.u32 %rd2, %tx, 16, %rd1;
            cp.async.cg.shared.global [%r2], [%rd2], 16;
            cp.async.commit_group;
            mov.u32 %r8, 8;
            cp.async.ca.shared.global [%r2+512], [%rd2], 16, %r8;
            cp.async.commit_group;
            cp.async.wait_group 1;
            ld.shared.u32 %r3, [%r2+4];
            cp.async.wait_group 0;
            ld.shared.v4.u32 {%r4, %r5, %r6, %r7}, [%r2+512];
            add.u32 %r3, %r3, %r5;
            add.u32 %r3, %r3, %r6;
            mad.wide.u32 %rd3, %tx, 4, %rd0;
            st.global.u32 [%rd3], %r3;
            """);
        byte[] input = SimulatorRun.Bytes<uint>([.. Enumerable.Range(0, 128).Select(i => (uint)i)]);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => 2 * (uint)(lane * 4 + 1)), SimulatorRun.RunClean(text, input: input).Read<uint>(32));
    }

    [Fact]
    public void AsyncCopies_OfNoBytesReadNothing()
    {
        string text = SimulatorRun.Kernel("""
            .shared .align 16 .b8 tile[512];
            mov.u32 %r1, tile;
            mad.lo.u32 %r2, %tx, 16, %r1;
            mov.u64 %rd2, 0;
            mov.u32 %r3, 0;
            cp.async.cg.shared.global.L2::128B [%r2], [%rd2], 16, %r3;
            cp.async.wait_all;
            ld.shared.u32 %r4, [%r2+12];
            st.global.u32 [%rd0], %r4;
            """);
        Assert.Equal(0u, SimulatorRun.RunClean(text).Read<uint>(1)[0]);
    }

    [Fact]
    public void AsyncCopies_ReachOtherThreadsThroughABarrier()
    {
        string Body(string order) => SimulatorRun.Kernel($$"""
            .shared .align 16 .b8 tile[1024];
            mov.u32 %r1, tile;
            mad.lo.u32 %r2, %tx, 16, %r1;
            cp.async.cg.shared.global [%r2], [%rd1], 16;
            cp.async.wait_all;
            {{order}}
            xor.b32 %r3, %r2, 512;
            ld.shared.u32 %r4, [%r3];
            """);
        LaunchReport report = SimulatorRun.Run(Body(""), threads: 64, input: new byte[16]).Report;
        Assert.Contains(report.Faults, fault => fault.Kind == Check.SharedRace);
        SimulatorRun.RunClean(Body("bar.sync 0;"), threads: 64, input: new byte[16]);
    }

    private static string Registers(int first, int count) => "{" + string.Join(", ", Enumerable.Range(first, count).Select(i => $"%r{i}")) + "}";

    private static float[] Integers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-8, 9))];
    }

    private static uint Encode(float value, string type) => type switch
    {
        "bf16" => BitConverter.SingleToUInt32Bits(value) >> 16,
        "f16" => BitConverter.HalfToUInt16Bits((Half)value),
        _ => BitConverter.SingleToUInt32Bits(value),
    };
}
