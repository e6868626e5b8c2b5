using ILGPU;
using SmilesBert.Gpu.Compiler;
using SmilesBert.Gpu.Simulator;
using static SmilesBert.Tests.Kernels.CompilerRun;

namespace SmilesBert.Tests.Kernels;

/// <summary>Constructs of C#: structs, references, generics, control flow. The compiled kernel, simulated, gives what C# gives.</summary>
public sealed class CompilerLanguageTests
{
    // ---- Structs ---------------------------------------------------------------------------------------------------

    private readonly record struct Pair(int First, int Second)
    {
        public int Sum => First + Second;
        public Pair Swapped() => new(Second, First);
        public static Pair operator +(Pair a, Pair b) => new(a.First + b.First, a.Second + b.Second);
    }

    private struct Counter
    {
        public int Count;
        public Pair Last;

        public void Add(int value)
        {
            Count++;
            Last = Last with { First = value };
        }
    }

    private enum Mode : byte { Off, On = 3 }

    private struct StructValues : IFunction<int, int>
    {
        private const int Base = 7;
        private static readonly int Offset = 11;
        private static readonly Mode Start = Mode.On;

        public static int Of(int a, int b)
        {
            Pair pair = new Pair(a, b) + new Pair(1, 2).Swapped();
            Counter counter = default;
            for (int i = 0; i < (b & 3); i++) counter.Add(pair.Sum + i);
            (int x, int y) = pair;
            (x, y) = (y, x);
            Pair chosen = a > b ? pair : counter.Last;
            return (counter.Count * Base) + (x - y) + chosen.Sum + Offset + (int)Start;
        }
    }

    private struct NullableValues : IFunction<int, int>
    {
        public static int Of(int a, int b)
        {
            int? found = Find(a, b);
            return found.HasValue ? found.GetValueOrDefault() : -1;
        }

        private static int? Find(int a, int b) => (a & b) != 0 ? a : null;
    }

    [Fact]
    public void Structs_ComputeAsCSharp()
    {
        Check<StructValues, int, int>(Integers<int>());
        Check<NullableValues, int, int>(Integers<int>());
    }

    // ---- References ------------------------------------------------------------------------------------------------

    private struct References : IFunction<int, int>
    {
        public static int Of(int a, int b)
        {
            int x = a, y = b;
            ref int target = ref x;
            for (int i = 0; i < (a & 7); i++) target += i;
            Bump(ref y, x);
            Split(a ^ b, out int low, out int high);
            Counter counter = default;
            Grow(ref counter, in b);
            return x + y + low - high + counter.Count + counter.Last.First;
        }

        private static void Bump(ref int value, int by)
        {
            while (value > 0 && value < 100) value += (by & 15) + 1;
        }

        private static void Split(int value, out int low, out int high)
        {
            low = value & 0xFFFF;
            high = value >> 16;
        }

        private static void Grow(ref Counter counter, in int value)
        {
            for (int i = 0; i < 3; i++) counter.Add(value);
        }
    }

    [Fact]
    public void References_ComputeAsCSharp() => Check<References, int, int>(Integers<int>());

    // ---- Generics --------------------------------------------------------------------------------------------------

    private interface IShape
    {
        int Area { get; }
        static abstract int Sides { get; }
    }

    private readonly struct Square(int side) : IShape
    {
        public int Area => side * side;
        public static int Sides => 4;
    }

    private readonly struct Triangle(int width, int height) : IShape
    {
        public int Area => width * height / 2;
        public static int Sides => 3;
    }

    private struct Generics : IFunction<int, int>
    {
        public static int Of(int a, int b)
        {
            a &= 0xFFF;
            b &= 0xFFF;
            return Measure(new Square(a)) + Measure(new Triangle(a, b)) + Twice(a) + (int)Twice((long)b);
        }

        private static int Measure<T>(T shape) where T : IShape => shape.Area + T.Sides;

        private static T Twice<T>(T value) where T : System.Numerics.IAdditionOperators<T, T, T> => value + value;
    }

    [Fact]
    public void Generics_ComputeAsCSharp() => Check<Generics, int, int>(Integers<int>());

    // ---- Control ---------------------------------------------------------------------------------------------------

    private struct Control : IFunction<int, int>
    {
        public static int Of(int a, int b)
        {
            int result = 0;
            for (int i = 0; ; i++)
            {
                if (i == (b & 7)) continue;
                if (i > 9 || (i > 5 && a < 0)) break;
                result = (result * 3) + Weight((a >> i) & 7) + (i % 2 == 0 ? (a > b ? i : -i) : b & i);
            }
            do
            {
                result -= a is 1 or 2 or > 1000 ? 5 : 1;
            }
            while (result > 1000 && (result & 3) != 0);
            if (a == b) goto done;
            result ^= 0x55;
        done:
            return result;
        }

        private static int Weight(int kind)
        {
            switch (kind)
            {
                case 0: return 1;
                case 1:
                case 2: return 20;
                case 3: break;
                case 5: return Of2(kind);
                default: return kind switch { 4 => 7, 6 => 8, _ => 9 };
            }
            return 4;
        }

        private static int Of2(int x) => x > 3 ? x * 2 : x;
    }

    [Fact]
    public void Control_FlowsAsInCSharp() => Check<Control, int, int>(Integers<int>());

    // ---- Arguments -------------------------------------------------------------------------------------------------

    private record struct Inner(short Small, double Large);

    private readonly record struct Mixed(ArrayView<double> Y, byte Tiny, Inner Inner, Mode Mode, float Scale, ArrayView<int> None, long Big);

    private static class Arguments
    {
        public static void Kernel(Mixed a)
        {
            if (Group.IdxX > 0) return;
            a.Y[0] = a.Tiny + a.Inner.Small + a.Inner.Large + (int)a.Mode + a.Scale + a.Big;
            a.Y[1] = a.None.IsValid ? 1 : a.None.Length;
            a.Y[2] = a.Y.Length;
        }
    }

    [Fact]
    public void Arguments_AreReadAsWritten()
    {
        CompiledKernel kernel = KernelCompiler.Compile(Method(typeof(Arguments), "Kernel"));
        SimulatedMemory memory = new();
        ulong y = memory.Allocate(3 * sizeof(double));
        var args = new Mixed(DeviceView.At<double>((long)y, 3), 200, new Inner(-3, 0.125), Mode.On, 0.5f, default, 1L << 40);
        Assert.Equal(64, kernel.Parameters.Size);
        Launch(kernel, memory, args, 1, 32);
        double[] values = new double[3];
        memory.Read<double>(y, values);
        Assert.Equal([200 - 3 + 0.125 + 3 + 0.5 + (1L << 40), 0, 3], values);

        Assert.Throws<ArgumentException>(() => kernel.Parameters.Write(new Inner(1, 2), new byte[64]));
        Assert.Throws<ArgumentException>(() => kernel.Parameters.Write(args, new byte[63]));
    }

    [Fact]
    public void Arguments_AreWrittenWithoutAllocating()
    {
        CompiledKernel kernel = KernelCompiler.Compile(Method(typeof(Arguments), "Kernel"));
        byte[] destination = new byte[kernel.Parameters.Size];
        var args = new Mixed(default, 1, default, Mode.Off, 1f, default, 2);
        kernel.Parameters.Write(args, destination);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) kernel.Parameters.Write(args, destination);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // ---- Groups ----------------------------------------------------------------------------------------------------

    private readonly record struct GroupArgs(ArrayView<int> Y, ArrayView<int> X);

    private static class Groups
    {
        // A sum over the group through shared memory, a broadcast, shuffles of struct values, a conditional part of a warp.
        public static void Kernel(GroupArgs a)
        {
            ArrayView<int> sums = SharedMemory.Allocate<int>(32);
            int value = a.X[Group.IdxX];
            for (int mask = Warp.WarpSize / 2; mask > 0; mask /= 2) value += Warp.ShuffleXor(value, mask);
            if (Warp.LaneIdx == 0) sums[Warp.WarpIdx] = value;
            Group.Barrier();
            int total = 0;
            for (int w = 0; w < Group.DimX / Warp.WarpSize; w++) total += sums[w];
            int third = Group.Broadcast(a.X[Group.IdxX], 3);
            Pair neighbour = Warp.ShuffleDown(new Pair(Group.IdxX, a.X[Group.IdxX]), 1);
            long wide = Warp.Shuffle(((long)Group.IdxX << 33) + 5, 2);
            a.Y[Group.IdxX] = total + (third * 3) + neighbour.Second + (int)(wide >> 33);
        }
    }

    [Fact]
    public void Groups_ExchangeValues()
    {
        const int Threads = 96;
        CompiledKernel kernel = KernelCompiler.Compile(Method(typeof(Groups), "Kernel"), Threads);
        SimulatedMemory memory = new();
        int[] x = [.. Enumerable.Range(0, Threads).Select(i => (i * i) - 7)], y = new int[Threads];
        ulong at = memory.Allocate(Threads * sizeof(int), "x"), to = memory.Allocate(Threads * sizeof(int), "y");
        memory.Write<int>(at, x);
        Launch(kernel, memory, new GroupArgs(DeviceView.At<int>((long)to, Threads), DeviceView.At<int>((long)at, Threads)), 1, Threads);
        memory.Read<int>(to, y);
        for (int i = 0; i < Threads; i++)
            Assert.Equal(x.Sum() + (x[3] * 3) + x[i % 32 == 31 ? i : i + 1] + (i / 32 * 32) + 2, y[i]);
    }
}
