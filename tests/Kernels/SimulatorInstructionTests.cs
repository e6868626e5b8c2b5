using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using Decoder = SmilesBert.Gpu.Simulator.Decoder;

namespace SmilesBert.Tests.Kernels;

/// <summary>
/// Every instruction on values worked out by hand. The first operand is the result; its register is as wide as <c>result</c> says, those of the
/// sources as <c>sources</c> say (h: 16 bits, r: 32, d: 64, p: predicate). Odd lanes must keep what was there: the instruction runs under a guard.
/// </summary>
public sealed class SimulatorInstructionTests
{
    // instruction, kinds of the registers (result first), values of the sources, expected value
    public static TheoryData<string, string, string, string> Arithmetic => Table("""
        add.u32              | rrr  | 4294967295 2            | 1
        add.s32              | rrr  | -5 3                    | 0xFFFFFFFE
        add.s32.sat          | rrr  | 2147483647 1            | 2147483647
        add.u64              | ddd  | 0xFFFFFFFFFFFFFFFF 3    | 2
        add.s16              | hhh  | 0xFFFF 3                | 2
        add.f32              | rrr  | 1.5f 2.25f              | 3.75f
        add.rn.ftz.f32       | rrr  | 0x00400000 0x00000000   | 0x00000000
        add.f32              | rrr  | 0x00400000 0x00000000   | 0x00400000
        add.sat.f32          | rrr  | 0.75f 0.75f             | 1f
        add.sat.f32          | rrr  | 0.75f -2f               | 0f
        add.f64              | ddd  | 1.5d 2.25d              | 3.75d
        add.rn.f16           | hhh  | 0x3C00 0x4000           | 0x4200
        sub.u32              | rrr  | 3 5                     | 0xFFFFFFFE
        sub.s64              | ddd  | 3 5                     | -2
        sub.f32              | rrr  | 1f 3.5f                 | -2.5f
        mul.lo.u32           | rrr  | 0x10001 0x10001         | 0x20001
        mul.lo.s32           | rrr  | -3 7                    | 0xFFFFFFEB
        mul.lo.s64           | ddd  | -3 7                    | -21
        mul.lo.u16           | hhh  | 300 300                 | 24464
        mul.hi.u32           | rrr  | 0xD2511F53 0x12345678   | 0x0EF4B3B8
        mul.hi.s32           | rrr  | -2 3                    | 0xFFFFFFFF
        mul.hi.u64           | ddd  | 0xFFFFFFFFFFFFFFFF 2    | 1
        mul.hi.s64           | ddd  | -1 5                    | -1
        mul.hi.s16           | hhh  | 0xFFFE 3                | 0xFFFF
        mul.wide.u32         | drr  | 0xFFFFFFFF 0xFFFFFFFF   | 0xFFFFFFFE00000001
        mul.wide.s32         | drr  | -2 3                    | -6
        mul.wide.u16         | rhh  | 0xFFFF 0xFFFF           | 0xFFFE0001
        mul.wide.s16         | rhh  | 0xFFFF 5                | 0xFFFFFFFB
        mul.f32              | rrr  | 1.5f -2f                | -3f
        mul.f64              | ddd  | 1.5d -2d                | -3d
        mad.lo.s32           | rrrr | 3 -4 5                  | 0xFFFFFFF9
        mad.lo.u64           | dddd | 3 4 5                   | 17
        mad.hi.u32           | rrrr | 0x80000000 6 5          | 8
        mad.hi.s32           | rrrr | -1 1 5                  | 4
        mad.wide.u32         | drrd | 0xFFFFFFFF 2 1          | 0x1FFFFFFFF
        mad.wide.s32         | drrd | -3 5 100                | 85
        mad.wide.u16         | rhhr | 0xFFFF 2 1              | 0x1FFFF
        fma.rn.f32           | rrrr | 0x3F800001 0x3F7FFFFE -1f | 0xA8800000
        fma.rn.f32           | rrrr | 2f 3f 4f                | 10f
        fma.rn.sat.f32       | rrrr | 2f 3f 4f                | 1f
        fma.rn.f64           | dddd | 2d 3d 4d                | 10d
        div.rn.f32           | rrr  | 1f 3f                   | 0x3EAAAAAB
        div.approx.f32       | rrr  | 6f 3f                   | 2f
        div.full.f32         | rrr  | 6f 3f                   | 2f
        div.rn.f32           | rrr  | 1f 0f                   | 0x7F800000
        div.rn.f64           | ddd  | 1d 4d                   | 0.25d
        div.u32              | rrr  | 4294967295 10           | 429496729
        div.s32              | rrr  | -7 2                    | 0xFFFFFFFD
        div.s32              | rrr  | 0x80000000 -1           | 0x80000000
        div.u32              | rrr  | 5 0                     | 0xFFFFFFFF
        div.s64              | ddd  | -7 2                    | -3
        rem.u32              | rrr  | 17 5                    | 2
        rem.s32              | rrr  | -17 5                   | 0xFFFFFFFE
        rem.s32              | rrr  | 0x80000000 -1           | 0
        rem.u64              | ddd  | 17 5                    | 2
        sad.u32              | rrrr | 3 7 100                 | 104
        sad.s32              | rrrr | 7 -3 100                | 110
        neg.s32              | rr   | 5                       | 0xFFFFFFFB
        neg.f32              | rr   | 0f                      | 0x80000000
        neg.f64              | dd   | 1.5d                    | -1.5d
        abs.s32              | rr   | -5                      | 5
        abs.f32              | rr   | -1.5f                   | 1.5f
        abs.s64              | dd   | -5                      | 5
        min.s32              | rrr  | -5 3                    | 0xFFFFFFFB
        min.u32              | rrr  | 0xFFFFFFFB 3            | 3
        max.s32              | rrr  | -5 3                    | 3
        max.u64              | ddd  | 0xFFFFFFFFFFFFFFFF 3    | 0xFFFFFFFFFFFFFFFF
        max.s16              | hhh  | 0xFFFB 3                | 3
        min.f32              | rrr  | 0x7FC00000 3f           | 3f
        max.f32              | rrr  | 3f 0x7FC00000           | 3f
        max.f32              | rrr  | 0x80000000 0f           | 0f
        min.f64              | ddd  | -1d 3d                  | -1d
        copysign.f32         | rrr  | -1f 3f                  | -3f
        """);

    public static TheoryData<string, string, string, string> Functions => Table("""
        sqrt.rn.f32          | rr   | 2f                      | 0x3FB504F3
        sqrt.approx.f32      | rr   | 9f                      | 3f
        sqrt.rn.f64          | dd   | 2.25d                   | 1.5d
        rsqrt.approx.f32     | rr   | 4f                      | 0.5f
        rcp.rn.f32           | rr   | 3f                      | 0x3EAAAAAB
        rcp.approx.ftz.f32   | rr   | 4f                      | 0.25f
        ex2.approx.f32       | rr   | 3f                      | 8f
        ex2.approx.f32       | rr   | 0.5f                    | 0x3FB504F3
        ex2.approx.ftz.f32   | rr   | -140f                   | 0f
        ex2.approx.f32       | rr   | -149f                   | 0x00000001
        lg2.approx.f32       | rr   | 8f                      | 3f
        lg2.approx.f32       | rr   | 0f                      | 0xFF800000
        sin.approx.f32       | rr   | 0f                      | 0f
        cos.approx.f32       | rr   | 0f                      | 1f
        tanh.approx.f32      | rr   | 40f                     | 1f
        """);

    public static TheoryData<string, string, string, string> Bits => Table("""
        and.b32              | rrr  | 0xF0F0 0xFF00           | 0xF000
        or.b64               | ddd  | 0xF000000000 0xF        | 0xF00000000F
        xor.b16              | hhh  | 0xFF00 0x0FF0           | 0xF0F0
        not.b32              | rr   | 0x0F0F0F0F              | 0xF0F0F0F0
        not.b16              | hh   | 0x0F0F                  | 0xF0F0
        not.b64              | dd   | 0                       | 0xFFFFFFFFFFFFFFFF
        cnot.b32             | rr   | 0                       | 1
        cnot.b32             | rr   | 7                       | 0
        shl.b32              | rrr  | 1 31                    | 0x80000000
        shl.b32              | rrr  | 1 32                    | 0
        shl.b64              | ddr  | 1 40                    | 0x10000000000
        shr.u32              | rrr  | 0x80000000 31           | 1
        shr.u32              | rrr  | 0x80000000 40           | 0
        shr.s32              | rrr  | 0x80000000 40           | 0xFFFFFFFF
        shr.s64              | ddr  | -16 2                   | -4
        shr.b64              | ddr  | 0x8000000000000000 63   | 1
        shr.s16              | hhr  | 0x8000 15               | 0xFFFF
        shf.l.wrap.b32       | rrrr | 0x80000001 0x00000002 1 | 0x00000005
        shf.r.wrap.b32       | rrrr | 0x80000001 0x00000002 33 | 0x40000000
        shf.r.clamp.b32      | rrrr | 0x80000001 0x00000002 40 | 0x00000002
        shf.l.clamp.b32      | rrrr | 0x80000001 0x00000002 32 | 0x80000001
        bfe.u32              | rrrr | 0xABCD1234 8 12         | 0xD12
        bfe.s32              | rrrr | 0xABCD1234 20 8         | 0xFFFFFFBC
        bfe.s32              | rrrr | 0x80000000 31 4         | 0xFFFFFFFF
        bfe.u32              | rrrr | 0xFFFFFFFF 4 0          | 0
        bfe.u64              | ddrr | 0xABCD123400000000 36 8 | 0x23
        bfi.b32              | rrrrr| 0xFF 0 4 8              | 0x00000FF0
        bfi.b32              | rrrrr| 0 0xFFFFFFFF 28 8       | 0x0FFFFFFF
        bfi.b64              | dddrr| 0x5 0 60 4              | 0x5000000000000000
        bfind.u32            | rr   | 0x00010000              | 16
        bfind.u32            | rr   | 0                       | 0xFFFFFFFF
        bfind.shiftamt.u32   | rr   | 0x00010000              | 15
        bfind.s32            | rr   | -2                      | 0
        popc.b32             | rr   | 0xF0F0F0F1              | 17
        popc.b64             | rd   | 0xFFFFFFFFFFFFFFFF      | 64
        clz.b32              | rr   | 0x00010000              | 15
        clz.b64              | rd   | 1                       | 63
        brev.b32             | rr   | 1                       | 0x80000000
        brev.b64             | dd   | 2                       | 0x4000000000000000
        prmt.b32             | rrrr | 0x33221100 0x77665544 0x7520 | 0x77552200
        prmt.b32             | rrrr | 0x00008000 0 0x0099     | 0x0000FFFF
        selp.b32             | rrrp | 7 9 true                | 7
        selp.f32             | rrrp | 7f 9f false             | 9f
        selp.b64             | dddp | 7 9 false               | 9
        slct.u32.s32         | rrrr | 7 9 -1                  | 9
        slct.f32.f32         | rrrr | 7f 9f 0f                | 7f
        """);

    public static TheoryData<string, string, string, string> Conversions => Table("""
        cvt.u32.u16          | rh   | 0xFFFF                  | 0xFFFF
        cvt.s32.s16          | rh   | 0xFFFE                  | 0xFFFFFFFE
        cvt.s64.s32          | dr   | -2                      | -2
        cvt.u64.u32          | dr   | 0xFFFFFFFE              | 0xFFFFFFFE
        cvt.u32.u64          | rd   | 0x123456789             | 0x23456789
        cvt.s32.s8           | rr   | 0x1FF                   | 0xFFFFFFFF
        cvt.u32.u8           | rr   | 0x1FF                   | 0xFF
        cvt.sat.s8.s32       | rr   | 1000                    | 127
        cvt.sat.u8.s32       | rr   | -5                      | 0
        cvt.sat.s32.u32      | rr   | 0xFFFFFFFF              | 0x7FFFFFFF
        cvt.rn.f32.s32       | rr   | -16777217               | -16777216f
        cvt.rz.f32.u32       | rr   | 0xFFFFFFFF              | 0x4F7FFFFF
        cvt.rn.f32.u32       | rr   | 0xFFFFFFFF              | 0x4F800000
        cvt.rn.f32.u64       | rd   | 0x8000008000000001      | 0x5F000001
        cvt.rn.f32.s64       | rd   | -3                      | -3f
        cvt.rn.f64.s32       | dr   | -3                      | -3d
        cvt.rn.f64.u64       | dd   | 0xFFFFFFFFFFFFFFFF      | 18446744073709551615d
        cvt.rzi.s32.f32      | rr   | -2.75f                  | 0xFFFFFFFE
        cvt.rni.s32.f32      | rr   | 2.5f                    | 2
        cvt.rmi.s32.f32      | rr   | -2.25f                  | 0xFFFFFFFD
        cvt.rpi.s32.f32      | rr   | 2.25f                   | 3
        cvt.rzi.s32.f32      | rr   | 3e9f                    | 0x7FFFFFFF
        cvt.rzi.u32.f32      | rr   | -1f                     | 0
        cvt.rzi.s32.f32      | rr   | 0x7FC00000              | 0
        cvt.rzi.s64.f32      | dr   | 0x7FC00000              | 0x8000000000000000
        cvt.rzi.u64.f64      | dd   | 1e19d                   | 10000000000000000000
        cvt.f64.f32          | dr   | 1.5f                    | 1.5d
        cvt.rn.f32.f64       | rd   | 0.1d                    | 0.1f
        cvt.rz.f32.f64       | rd   | 0.1d                    | 0x3DCCCCCC
        cvt.rp.f32.f64       | rd   | 0.1d                    | 0x3DCCCCCD
        cvt.rm.f32.f64       | rd   | -0.1d                   | 0xBDCCCCCD
        cvt.rni.f32.f32      | rr   | 3.5f                    | 4f
        cvt.rzi.f32.f32      | rr   | -3.5f                   | -3f
        cvt.sat.f32.f32      | rr   | 1.5f                    | 1f
        cvt.rn.f16.f32       | hr   | 1.5f                    | 0x3E00
        cvt.rz.f16.f32       | hr   | 65535f                  | 0x7BFF
        cvt.f32.f16          | rh   | 0xC000                  | -2f
        cvt.rn.bf16.f32      | hr   | 0x3F808000              | 0x3F80
        cvt.rn.bf16.f32      | hr   | 0x3F818000              | 0x3F82
        cvt.rz.bf16.f32      | hr   | 0x3F81FFFF              | 0x3F81
        cvt.rn.bf16x2.f32    | rrr  | 1f -2f                  | 0x3F80C000
        cvt.rn.f16x2.f32     | rrr  | 1f -2f                  | 0x3C00C000
        cvt.rn.relu.bf16x2.f32 | rrr | 1f -2f                 | 0x3F800000
        cvt.rna.tf32.f32     | rr   | 0x3F801000              | 0x3F802000
        cvt.rna.tf32.f32     | rr   | 0x3F800FFF              | 0x3F800000
        """);

    public static TheoryData<string, string, string, string> Comparisons => Table("""
        setp.lt.s32          | prr  | -1 1                    | true
        setp.lt.u32          | prr  | -1 1                    | false
        setp.lo.u32          | prr  | 1 2                     | true
        setp.hs.u32          | prr  | 2 2                     | true
        setp.eq.b64          | pdd  | 5 5                     | true
        setp.ne.s64          | pdd  | 5 5                     | false
        setp.gt.s64          | pdd  | 5 -5                    | true
        setp.ge.u16          | phh  | 0xFFFF 1                | true
        setp.ge.s16          | phh  | 0xFFFF 1                | false
        setp.lt.f32          | prr  | 1f 0x7FC00000           | false
        setp.ltu.f32         | prr  | 1f 0x7FC00000           | true
        setp.ne.f32          | prr  | 1f 0x7FC00000           | false
        setp.neu.f32         | prr  | 1f 0x7FC00000           | true
        setp.equ.f32         | prr  | 1f 0x7FC00000           | true
        setp.equ.f32         | prr  | 1f 2f                   | false
        setp.eq.f32          | prr  | 0f 0x80000000           | true
        setp.geu.f32         | prr  | 1f 2f                   | false
        setp.gtu.f32         | prr  | 1f 0x7FC00000           | true
        setp.leu.f32         | prr  | 2f 2f                   | true
        setp.num.f32         | prr  | 1f 2f                   | true
        setp.nan.f32         | prr  | 1f 0x7FC00000           | true
        setp.ge.f64          | pdd  | 2d 2d                   | true
        setp.lt.and.s32      | prrp | 1 2 true                | true
        setp.lt.and.s32      | prrp | 1 2 false               | false
        setp.lt.or.s32       | prrp | 2 1 true                | true
        setp.lt.xor.s32      | prrp | 1 2 true                | false
        set.lt.u32.s32       | rrr  | 1 2                     | 0xFFFFFFFF
        set.lt.f32.s32       | rrr  | 1 2                     | 1f
        set.gt.u32.f32       | rrr  | 1f 2f                   | 0
        testp.finite.f32     | pr   | 1f                      | true
        testp.infinite.f32   | pr   | 0x7F800000              | true
        testp.notanumber.f32 | pr   | 0x7FC00000              | true
        testp.number.f32     | pr   | 0x7FC00000              | false
        testp.normal.f32     | pr   | 0x00400000              | false
        testp.subnormal.f32  | pr   | 0x00400000              | true
        and.pred             | ppp  | true false              | false
        or.pred              | ppp  | true false              | true
        xor.pred             | ppp  | true true               | false
        not.pred             | pp   | false                   | true
        mov.pred             | pp   | true                    | true
        """);

    [Theory]
    [MemberData(nameof(Arithmetic))]
    [MemberData(nameof(Functions))]
    [MemberData(nameof(Bits))]
    [MemberData(nameof(Conversions))]
    [MemberData(nameof(Comparisons))]
    public void Instruction_GivesTheValueWorkedOutByHand(string instruction, string kinds, string sources, string expected)
    {
        string[] values = sources.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        List<string> lines = [], operands = [Register(kinds[0], 0)];
        for (int i = 1; i < kinds.Length; i++)
        {
            operands.Add(Register(kinds[i], i));
            lines.Add(Assign(kinds[i], i, SimulatorRun.Bits(values[i - 1])));
        }
        lines.Add(Assign(kinds[0], 0, 0));
        lines.Add("and.b32 %r40, %tx, 1;\nsetp.eq.u32 %p15, %r40, 0;");
        lines.Add($"@%p15 {instruction} {string.Join(", ", operands)};");
        lines.Add(Store(kinds[0]));

        ulong[] results = SimulatorRun.RunClean(SimulatorRun.Kernel(string.Join('\n', lines))).Read<ulong>(32);
        ulong wanted = SimulatorRun.Bits(expected);
        if (kinds[0] == 'r') wanted &= uint.MaxValue;
        for (int lane = 0; lane < results.Length; lane++) Assert.Equal(lane % 2 == 0 ? wanted : 0, results[lane]);
    }

    // Of every opcode that is known, some test's text has an instruction: in a literal, which the assembly's metadata lists, or in an attribute.
    [Fact]
    public void EveryOpcode_IsInATestsText()
    {
        using FileStream file = File.OpenRead(typeof(SimulatorInstructionTests).Assembly.Location);
        using PEReader image = new(file);
        MetadataReader metadata = image.GetMetadataReader();
        StringBuilder texts = new();
        for (UserStringHandle at = metadata.GetNextHandle(MetadataTokens.UserStringHandle(0)); !at.IsNil; at = metadata.GetNextHandle(at))
            texts.AppendLine(metadata.GetUserString(at));
        IEnumerable<MethodInfo> tests = typeof(SimulatorInstructionTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods());
        foreach (InlineDataAttribute row in tests.SelectMany(static test => test.GetCustomAttributes<InlineDataAttribute>()))
            foreach (string text in row.Data.OfType<string>()) texts.AppendLine(text);
        string all = texts.ToString();
        IEnumerable<string> missing = Decoder.Known.Where(opcode => !Regex.IsMatch(all, $@"(^|[\s;]){opcode}(\.[a-z]\w*|;| [A-Z$]\w*;)", RegexOptions.Multiline));
        Assert.Equal("", string.Join(' ', missing));
    }

    [Fact]
    public void Lop3_ComputesEveryTable()
    {
        for (int table = 0; table < 256; table += 7)
        {
            string text = SimulatorRun.Kernel($"mov.b32 %r1, 0xF0; mov.b32 %r2, 0xCC; mov.b32 %r3, 0xAA; lop3.b32 %r0, %r1, %r2, %r3, {table}; st.global.u32 [%rd0], %r0;");
            uint result = SimulatorRun.RunClean(text, threads: 1).Read<uint>(1)[0];
            Assert.Equal((uint)table, result & 0xFF);                   // the inputs are the table's own columns
        }
    }

    [Fact]
    public void Sine_IsRightOnEveryLane()
    {
        string text = SimulatorRun.Kernel("""
            cvt.rn.f32.u32 %f1, %tx;
            sin.approx.f32 %f2, %f1;
            mul.wide.u32 %rd2, %tx, 4;
            add.u64 %rd2, %rd2, %rd0;
            st.global.f32 [%rd2], %f2;
            """);
        float[] results = SimulatorRun.RunClean(text).Read<float>(32);
        for (int lane = 0; lane < 32; lane++) Assert.Equal((float)Math.Sin(lane), results[lane]);
    }

    [Theory]
    [InlineData("mov.b64 %rd2, {%r1, %r2};", "0x2222222211111111")]
    [InlineData("mov.b64 {%r3, %r4}, %rd3; mov.b64 %rd2, {%r4, %r3};", "0x89ABCDEF01234567")]
    [InlineData("mov.b64 {_, %r4}, %rd3; cvt.u64.u32 %rd2, %r4;", "0x01234567")]
    [InlineData("mov.b32 {%h1, %h2}, %r5; mov.b32 %r6, {%h2, %h1}; cvt.u64.u32 %rd2, %r6;", "0x56781234")]
    [InlineData("mov.b64 %rd2, {%h3, %h4, %h3, %h4};", "0x000B000A000B000A")]
    [InlineData("mov.b64 {%h5, %h6, %h7, %h8}, %rd3; cvt.u64.u16 %rd2, %h7;", "0x4567")]
    public void Mov_PacksAndUnpacks(string body, string expected)
    {
        string text = SimulatorRun.Kernel($"""
            mov.b32 %r1, 0x11111111; mov.b32 %r2, 0x22222222; mov.b64 %rd3, 0x0123456789ABCDEF; mov.b32 %r5, 0x12345678;
            mov.b16 %h3, 10; mov.b16 %h4, 11;
            {body}
            st.global.u64 [%rd0], %rd2;
            """);
        Assert.Equal(SimulatorRun.Bits(expected), SimulatorRun.RunClean(text, threads: 1).Read<ulong>(1)[0]);
    }

    [Fact]
    public void Setp_WritesBothPredicates()
    {
        string text = SimulatorRun.Kernel("""
            setp.lt.u32 %p1|%p2, %tx, 10;
            selp.u32 %r1, 1, 0, %p1;
            selp.u32 %r2, 2, 0, %p2;
            add.u32 %r1, %r1, %r2;
            mad.wide.u32 %rd2, %tx, 4, %rd0;
            st.global.u32 [%rd2], %r1;
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => lane < 10 ? 1u : 2u), SimulatorRun.RunClean(text).Read<uint>(32));
    }

    [Theory]
    [InlineData("%laneid", 33, 1)]
    [InlineData("%warpid", 33, 1)]
    [InlineData("%tid.x", 33, 33)]
    [InlineData("%tid.y", 33, 0)]
    [InlineData("%ntid.x", 33, 64)]
    [InlineData("%ntid.y", 33, 1)]
    [InlineData("%ctaid.x", 33, 0)]
    [InlineData("%nctaid.x", 33, 1)]
    [InlineData("%lanemask_lt", 35, 7)]
    [InlineData("%lanemask_ge", 35, 0xFFFFFFF8)]
    [InlineData("WARP_SZ", 33, 32)]
    public void SpecialRegisters_HoldTheThreadsPlace(string register, int thread, uint expected)
    {
        string text = SimulatorRun.Kernel($"mov.u32 %r1, {register}; mad.wide.u32 %rd2, %tx, 4, %rd0; st.global.u32 [%rd2], %r1;");
        Assert.Equal(expected, SimulatorRun.RunClean(text, threads: 64).Read<uint>(64)[thread]);
    }

    private static string Register(char kind, int number) => kind switch { 'h' => "%h", 'r' => "%r", 'd' => "%rd", _ => "%p" } + (number + 8).ToString(CultureInfo.InvariantCulture);

    private static string Assign(char kind, int number, ulong bits)
    {
        string register = Register(kind, number);
        return kind switch
        {
            'h' => $"mov.b16 {register}, 0x{(ushort)bits:x};",
            'r' => $"mov.b32 {register}, 0x{(uint)bits:x};",
            'd' => $"mov.b64 {register}, 0x{bits:x};",
            _ => $"setp.ne.u32 {register}, {bits}, 0;",
        };
    }

    private static string Store(char kind) => kind switch
    {
        'h' => "cvt.u64.u16 %rd2, %h8;",
        'r' => "cvt.u64.u32 %rd2, %r8;",
        'd' => "mov.b64 %rd2, %rd8;",
        _ => "selp.b64 %rd2, 1, 0, %p8;",
    } + "\nmad.wide.u32 %rd3, %tx, 8, %rd0;\nst.global.u64 [%rd3], %rd2;";

    private static TheoryData<string, string, string, string> Table(string text)
    {
        TheoryData<string, string, string, string> data = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            if (cells.Length == 4) data.Add(cells[0], cells[1], cells[2], cells[3]);
        }
        return data;
    }
}
