using SmilesBert.Gpu.Compiler;
using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>Random methods on random numbers: C# against the compiled kernel in the simulator.</summary>
public sealed class CompilerRandomTests
{
    private const int Methods = 100, Inputs = 64;

    [Fact]
    public void RandomMethods_ComputeAsCSharp()
    {
        for (int seed = 1; seed <= Methods; seed++) Check(seed);
    }

    private static void Check(int seed)
    {
        Type type = RandomMethod.Build(seed);
        var method = type.GetMethod("Of")!.CreateDelegate<Func<int, int, float, long>>();
        CompiledKernel kernel = KernelCompiler.Compile(type.GetMethod("Kernel")!, Inputs);

        var random = new Random(seed);
        int[] a = Numbers(random), b = Numbers(random);
        float[] c = [.. Numbers(random).Select(n => random.Next(8) == 0 ? BitConverter.Int32BitsToSingle(n) : n / 16f)];
        long[] y = new long[Inputs];

        SimulatedMemory memory = new();
        RandomMethod.Args args = new()
        {
            Y = CompilerRun.View(memory, y, "y", out ulong result),
            A = CompilerRun.View(memory, a, "a", out _),
            B = CompilerRun.View(memory, b, "b", out _),
            C = CompilerRun.View(memory, c, "c", out _),
        };
        CompilerRun.Launch(kernel, memory, args, 1, Inputs);
        memory.Read<long>(result, y);
        for (int i = 0; i < Inputs; i++)
        {
            long expected = method(a[i], b[i], c[i]);
            Assert.True(expected == y[i], $"method {seed} of ({a[i]}, {b[i]}, {c[i]:R}) is {expected:X}, the kernel gives {y[i]:X}\n{kernel.Ptx}");
        }
    }

    private static int[] Numbers(Random random) => [.. Enumerable.Range(0, Inputs).Select(_ => random.Next(3) == 0 ? (int)random.NextInt64() : random.Next(-40, 40))];
}
