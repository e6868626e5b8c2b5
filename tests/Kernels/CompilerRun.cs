using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Gpu.Simulator;

namespace SmilesBert.Tests.Kernels;

/// <summary>A function that the host computes and a kernel computes too.</summary>
internal interface IFunction<TIn, TOut>
{
    static abstract TOut Of(TIn a, TIn b);
}

/// <summary>Compiles small methods, and runs what comes out on the simulator beside C#.</summary>
internal static class CompilerRun
{
    private const int Threads = 64;

    public struct Args<TIn, TOut> where TIn : unmanaged where TOut : unmanaged
    {
        public ArrayView<TOut> Y;
        public ArrayView<TIn> A, B;
        public int Count;
    }

    private static class Apply<TFunction, TIn, TOut> where TFunction : IFunction<TIn, TOut> where TIn : unmanaged where TOut : unmanaged
    {
        public static void Kernel(Args<TIn, TOut> a)
        {
            int i = Grid.GlobalIndex.X;
            if (i < a.Count) a.Y[i] = TFunction.Of(a.A[i], a.B[i]);
        }
    }

    /// <summary>The PTX of a method of <paramref name="type"/>.</summary>
    public static string Ptx(Type type, string method) => KernelCompiler.Compile(Method(type, method)).Ptx;

    public static MethodInfo Method(Type type, string method) =>
        type.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)!;

    /// <summary>Holds a function on all pairs of inputs, compiled and simulated, to what C# computes.</summary>
    public static void Check<TFunction, TIn, TOut>(TIn[] inputs) where TFunction : IFunction<TIn, TOut> where TIn : unmanaged where TOut : unmanaged
    {
        TIn[] a = [.. inputs.SelectMany(x => inputs.Select(_ => x))], b = [.. inputs.SelectMany(_ => inputs)];
        CompiledKernel kernel = KernelCompiler.Compile(typeof(Apply<TFunction, TIn, TOut>).GetMethod("Kernel")!, Threads);
        TOut[] actual = Run<TIn, TOut>(kernel, a, b);
        for (int i = 0; i < a.Length; i++)
        {
            TOut expected = TFunction.Of(a[i], b[i]);
            Assert.True(expected.Equals(actual[i]), $"{typeof(TFunction).Name}({a[i]}, {b[i]}) is {expected}, the kernel gives {actual[i]}\n{kernel.Ptx}");
        }
    }

    /// <summary>Runs a kernel that takes <see cref="Args{TIn, TOut}"/>, a thread for each pair of inputs; nothing may be wrong.</summary>
    public static TOut[] Run<TIn, TOut>(CompiledKernel kernel, TIn[] a, TIn[] b) where TIn : unmanaged where TOut : unmanaged
    {
        SimulatedMemory memory = new();
        var y = new TOut[a.Length];
        Args<TIn, TOut> args = new()
        {
            Y = DeviceView.At<TOut>((long)memory.AllocateUninitialised(MemoryMarshal.AsBytes(y.AsSpan()).Length, "y"), y.Length),
            A = View(memory, a, "a", out _),
            B = View(memory, b, "b", out _),
            Count = a.Length,
        };
        Launch(kernel, memory, args, (a.Length + Threads - 1) / Threads, Threads);
        memory.Read<TOut>(Address(args, kernel), y);
        return y;
    }

    /// <summary>Launches a kernel; no check may fire.</summary>
    public static LaunchReport Launch<TArgs>(CompiledKernel kernel, SimulatedMemory memory, in TArgs args, int groups, int threads) where TArgs : struct
    {
        byte[] parameters = new byte[kernel.Parameters.Size];
        kernel.Parameters.Write(args, parameters);
        LaunchReport report = new PtxMachine().Run(PtxModule.Parse(kernel.Ptx).Entry(kernel.Name), groups, threads, 0, parameters, memory, new SimulatorChecks());
        Assert.True(report.Faults.Count == 0, $"{string.Join('\n', report.Faults)}\n{kernel.Ptx}");
        return report;
    }

    /// <summary>Numbers at which integer arithmetic goes wrong.</summary>
    public static T[] Integers<T>() where T : IBinaryInteger<T>, IMinMaxValue<T> =>
    [
        T.Zero, T.One, T.One + T.One, T.CreateTruncating(3), T.CreateTruncating(7), T.CreateTruncating(31), T.CreateTruncating(32), T.CreateTruncating(33),
        T.CreateTruncating(100), T.CreateTruncating(255), T.CreateTruncating(256), T.CreateTruncating(65535), T.CreateTruncating(0x12345678),
        T.CreateTruncating(-1), T.CreateTruncating(-2), T.CreateTruncating(-5), T.CreateTruncating(-128), T.CreateTruncating(-32769),
        T.CreateTruncating(0x80000000u), T.CreateTruncating(0x123456789ABCDEFL), T.MinValue, T.MaxValue,
    ];

    /// <summary>Numbers at which floating-point arithmetic goes wrong.</summary>
    public static readonly float[] Floats =
    [
        0f, -0f, 1f, -1f, 0.5f, 1.5f, -2.5f, 3.14159f, 1e-20f, -7e10f, 2147483648f, 4294967296f, 1e30f, float.MaxValue, float.Epsilon,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    /// <summary>A view of a copy of values in the simulator's memory.</summary>
    public static ArrayView<T> View<T>(SimulatedMemory memory, T[] values, string name, out ulong address) where T : unmanaged
    {
        address = memory.Allocate(MemoryMarshal.AsBytes(values.AsSpan()).Length, name);
        memory.Write<T>(address, values);
        return DeviceView.At<T>((long)address, values.Length);
    }

    // The first field's address, as the kernel sees it.
    private static ulong Address<TArgs>(in TArgs args, CompiledKernel kernel) where TArgs : struct
    {
        byte[] parameters = new byte[kernel.Parameters.Size];
        kernel.Parameters.Write(args, parameters);
        return BitConverter.ToUInt64(parameters);
    }
}
