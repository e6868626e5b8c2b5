using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime.Cuda;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Kernels;
using Group = ILGPU.Group;

namespace SmilesBert.Tests.Kernels;

/// <summary>What the text looks like: instructions that a kernel is to become, and those that it is not.</summary>
public sealed class CompilerTextTests
{
    private static string Ptx(string kernel) => CompilerRun.Ptx(typeof(Samples), kernel);

    /// <summary>Kernels that are compiled here and never run.</summary>
    private static class Samples
    {
        public readonly record struct Args(ArrayView<float> Y, ArrayView<float> X, ArrayView<int> I, int N, float Scale);

        public static void Copy128(Args a) => a.Y.Cast<Float4>()[Group.IdxX] = a.X.Cast<Float4>()[Group.IdxX];

        public static void OneField(Args a) => a.Y[Group.IdxX] = a.X.Cast<Float4>()[Group.IdxX].Z;

        public static void FusedSum(Args a)
        {
            Float4 sum = default;
            for (int n = 0; n < a.N; n++) sum = sum.MulAdd(a.Scale, a.X.Cast<Float4>()[n]);
            a.Y.Cast<Float4>()[Group.IdxX] = sum;
        }

        public static void Shared(Args a)
        {
            ArrayView<float> tile = SharedMemory.Allocate<float>(64), other = SharedMemory.Allocate<float>(32);
            tile[Group.IdxX + 4] = a.X[Group.IdxX];
            other[3] = 1f;
            Group.Barrier();
            a.Y[Group.IdxX] = tile[Group.IdxX] + other[3];
        }

        public static void Dynamic(Args a)
        {
            ArrayView<Float4> shared = SharedMemory.GetDynamic<Float4>();
            shared[Group.IdxX] = a.X.Cast<Float4>()[Group.IdxX];
            Group.Barrier();
            a.Y.Cast<Float4>()[Group.IdxX] = shared[shared.IntLength - 1 - Group.IdxX];
        }

        public static void WarpSum(Args a)
        {
            float value = a.X[Group.IdxX];
            for (int mask = Warp.WarpSize / 2; mask > 0; mask /= 2) value += Warp.ShuffleXor(value, mask);
            a.Y[Group.IdxX] = value;
        }

        public static void Loop16(Args a)
        {
            float sum = 0f;
            for (int i = 0; i < 16; i++) sum += a.X[i];
            a.Y[0] = sum;
        }

        public static void Loop17(Args a)
        {
            float sum = 0f;
            for (int i = 0; i < 17; i++) sum += a.X[i];
            a.Y[0] = sum;
        }

        [Unroll(32)]
        public static void Loop32(Args a)
        {
            float sum = 0f;
            for (int i = 0; i < 32; i++) sum += a.X[i];
            a.Y[0] = sum;
        }

        [Unroll(1)]
        public static void LoopKept(Args a)
        {
            float sum = 0f;
            for (int i = 0; i < 4; i++) sum += a.X[i];
            a.Y[0] = sum;
        }

        public static void UniformLoop(Args a)
        {
            for (int i = 0; i < a.N; i++)
            {
                if (a.X[i] > 0f) a.Y[i] = 1f;                   // what parts the threads here, meets before the loop goes on
            }
        }

        public static void DivergentLoop(Args a)
        {
            int i = 0;
            while (i < Group.IdxX) i++;
            if (i < a.N) a.Y[i] = 1f;
        }

        public static void ThreadDivision(Args a) => a.I[Group.IdxX / 16] = (Group.IdxX % 16) + (a.N / 16);

        public static void Functions(Args a)
        {
            float x = a.X[0];
            a.Y[0] = XMath.Exp(x) + XMath.Exp2(x) + XMath.Log(x) + XMath.Rsqrt(x) + XMath.Max(x, a.Scale) + XMath.Abs(x);
        }

        private const string Square = "mul.f32 %0, %1, %1; // 100%%";

        public static void Text(Args a)
        {
            CudaAsm.Emit(Square, out float y, a.X[0]);
            CudaAsm.Emit("st.global.f32 [%0], %1;", 4096L, 2.5f);
            CudaAsm.Emit(".shared .align 16 .b8 stage[64];\n.reg .u32 at;\nmov.u32 at, stage;\ncp.async.ca.shared.global [at], [%0], 16;", 8192L);
            a.Y[0] = y;
        }

        private readonly record struct Pair(float X, float Y);

        public static void TextOnStructs(Args a)
        {
            CudaAsm.Emit("ld.global.v2.f32 %0, [%1];", out Pair pair, 4096L);
            CudaAsm.Emit("st.global.v2.f32 [%0], %1; // %2", 8192L, new Pair(pair.Y, a.X[0]), 7);
        }

        public static void Atomics(Args a)
        {
            Atomic.Add(ref a.I[0], 1);
            Atomic.Add(ref a.Y[0], 2f);
            a.I[1] = Atomic.CompareExchange(ref a.I[2], 3, 4);
            Atomic.Max(ref a.I[3], 5);
        }

        public static void Barriers(Args a)
        {
            int count = Group.BarrierPopCount(a.X[Group.IdxX] > 0f);
            bool all = Group.BarrierAnd(count > 3), any = Group.BarrierOr(count > 5);
            Warp.Barrier();
            MemoryFence.GroupLevel();
            MemoryFence.DeviceLevel();
            a.I[0] = all || any ? count : 0;
        }

        public static void Local(Args a)
        {
            ArrayView<float> mine = LocalMemory.Allocate<float>(8);
            for (int i = 0; i < a.N; i++) mine[i] = a.X[i];
            a.Y[0] = mine[a.N - 1];
        }
    }

    [Fact]
    public void Float4_TravelsAs128Bits()
    {
        string ptx = Ptx(nameof(Samples.Copy128));
        Assert.Contains("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [", ptx);
        Assert.Contains("st.global.v4.f32 [", ptx);
        Assert.Contains("+8];", Regex.Match(Ptx(nameof(Samples.OneField)), @"ld\.global\.f32.*").Value);
    }

    [Fact]
    public void Structs_StayInRegisters()
    {
        string ptx = Ptx(nameof(Samples.FusedSum));
        Assert.Equal(4, Regex.Count(ptx, @"mul\.f32"));
        Assert.Equal(4, Regex.Count(ptx, @"add\.f32 (%f\d+), \1,|add\.f32 (%f\d+), \2"));          // added in place
        Assert.DoesNotContain(".local", ptx);
        Assert.DoesNotContain("add.rn", ptx);                  // or ptxas would not fuse
    }

    [Fact]
    public void SharedMemory_IsAddressedIn32BitsWithOffsets()
    {
        string ptx = Ptx(nameof(Samples.Shared));
        Assert.Contains(".shared .align 16 .b8 shared0[256];", ptx);
        Assert.Contains(".shared .align 16 .b8 shared1[128];", ptx);
        Assert.Matches(@"st\.shared\.f32 \[%r\d+\+16\], %f", ptx);
        Assert.Contains("[shared1+12], 0f3F800000;", ptx);
        Assert.Contains("bar.sync 0;", ptx);
        Assert.Equal(384, KernelCompiler.Compile(CompilerRun.Method(typeof(Samples), nameof(Samples.Shared))).StaticSharedBytes);
    }

    [Fact]
    public void DynamicSharedMemory_IsDeclaredOutside()
    {
        string ptx = Ptx(nameof(Samples.Dynamic));
        Assert.Contains(".extern .shared .align 16 .b8 dynamicShared[];", ptx);
        Assert.Contains("%dynamic_smem_size", ptx);
        Assert.Contains("st.shared.v4.f32 [", ptx);
    }

    [Theory]
    [InlineData(nameof(Samples.WarpSum), "shfl.sync.bfly.b32", 5)]
    [InlineData(nameof(Samples.Loop16), "ld.global", 16)]
    [InlineData(nameof(Samples.Loop17), "ld.global", 1)]
    [InlineData(nameof(Samples.Loop32), "ld.global", 32)]
    [InlineData(nameof(Samples.LoopKept), "ld.global", 1)]
    public void Loops_AreUnrolledWhereAsked(string kernel, string instruction, int count) => Assert.Equal(count, Regex.Count(Ptx(kernel), Regex.Escape(instruction)));

    [Fact]
    public void UniformBranches_AreOnlyTheProvenOnes()
    {
        string uniform = Ptx(nameof(Samples.UniformLoop));
        Assert.Single(Regex.Matches(uniform, @"bra\.uni"));
        Assert.Matches(@"setp.*\n.*bra L", uniform);
        Assert.DoesNotContain("bra.uni", Ptx(nameof(Samples.DivergentLoop)));
    }

    [Fact]
    public void ThreadNumbers_AreDividedByShifting()
    {
        string ptx = Ptx(nameof(Samples.ThreadDivision));
        Assert.Matches(@"shr\.u32 %r\d+, %r\d+, 4;", ptx);
        Assert.Matches(@"and\.b32 %r\d+, %r\d+, 15;", ptx);
        Assert.Matches(@"div\.s32 %r\d+, %r\d+, 16;", ptx);    // N may be negative
    }

    [Fact]
    public void Functions_AreThoseOfILGPU()
    {
        string ptx = Ptx(nameof(Samples.Functions));
        Assert.Matches(@"mul\.f32 (%f\d+), %f\d+, 0f3FB8AA3B;\s+ex2\.approx\.f32 %f\d+, \1;", ptx);
        Assert.Matches(@"lg2\.approx\.f32 (%f\d+), %f\d+;\s+mul\.f32 %f\d+, \1, 0f3F317218;", ptx);
        Assert.Matches(@"sqrt\.rn\.f32 (%f\d+), %f\d+;\s+rcp\.rn\.f32 %f\d+, \1;", ptx);
        Assert.Contains("max.f32", ptx);
        Assert.Contains("abs.f32", ptx);
    }

    [Fact]
    public void Text_IsPastedWithItsOperands()
    {
        CompiledKernel kernel = KernelCompiler.Compile(CompilerRun.Method(typeof(Samples), nameof(Samples.Text)));
        Assert.Matches(@"mul\.f32 (%f\d+), (%f\d+), \2; // 100%\n", kernel.Ptx);
        Assert.Contains("st.global.f32 [4096], 0f40200000;", kernel.Ptx);
        Assert.Contains(".shared .align 16 .b8 stage[64];\n    .reg .u32 at;\n    mov.u32 at, stage;", kernel.Ptx);
        Assert.Equal(80, kernel.TargetSm);
        Assert.Contains(".target sm_80", kernel.Ptx);
        Assert.Contains(".target sm_70", Ptx(nameof(Samples.Copy128)));
    }

    [Fact]
    public void Text_TakesAndGivesStructs_InBraces()
    {
        string ptx = Ptx(nameof(Samples.TextOnStructs));
        Assert.Matches(@"ld\.global\.v2\.f32 \{(%f\d+), (%f\d+)\}, \[4096\];(?s:.*)st\.global\.v2\.f32 \[8192\], \{\2, %f\d+\}; // 7\n", ptx);
        Assert.DoesNotContain(".local", ptx);
    }

    [Fact]
    public void Atomics_NameTheirMemoryAndType()
    {
        string ptx = Ptx(nameof(Samples.Atomics));
        Assert.Contains("atom.global.add.u32", ptx);
        Assert.Contains("atom.global.add.f32", ptx);
        Assert.Matches(@"atom\.global\.cas\.b32 %r\d+, \[%rd\d+\+8\], 3, 4;", ptx);
        Assert.Contains("atom.global.max.s32", ptx);
    }

    [Fact]
    public void Barriers_AreOneInstructionEach()
    {
        string ptx = Ptx(nameof(Samples.Barriers));
        foreach (string instruction in (string[])["bar.red.popc.u32 %r", "bar.red.and.pred %p", "bar.red.or.pred %p", "bar.warp.sync -1;", "membar.cta;", "membar.gl;"])
            Assert.Contains(instruction, ptx);
    }

    [Fact]
    public void LocalMemory_IsUsedWhereIndicesVary()
    {
        string ptx = Ptx(nameof(Samples.Local));
        Assert.Contains(".local .align 16 .b8 local0[32];", ptx);
        Assert.Contains("st.local.f32", ptx);
    }

    [Fact]
    public void Head_NamesTheMethodAndTheLimits()
    {
        string ptx = KernelCompiler.Compile(CompilerRun.Method(typeof(Samples), nameof(Samples.Copy128)), 128).Ptx;
        Assert.StartsWith("// SmilesBert.Tests.Kernels.CompilerTextTests+Samples.Copy128(Samples.Args)\n.version 7.8\n", ptx);
        Assert.Contains(".visible .entry Samples_Copy128(.param .align 8 .b8 args[56])\n.maxntid 128, 1, 1\n{", ptx);
    }
}
