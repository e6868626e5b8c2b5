using ILGPU;
using SmilesBert.Kernels;
using FloatView = ILGPU.Runtime.ArrayView1D<float, ILGPU.Stride1D.Dense>;

namespace SmilesBert.Benchmarks.Versions;

/// <summary>The ways to Linear.Forward (kernels/Linear.cs) on a GPU: Y[n,o] = sum over i of X[n,i] * W[o,i].</summary>
internal static class GemmKernels
{
    public readonly record struct Args(
        FloatView Y, FloatView X, FloatView W,              // (N,Out) out =   (N,In) (Out,In) in
        int N, int In, int Out);

    private const int Size = 16;                            // rows and columns of a tile
    private const int Threads = Size * Size;

    public static void Naive(IKernelDevice device, in Args a) =>
        device.Launch(NaiveKernel, groups: ((a.N * a.Out) + Threads - 1) / Threads, threads: Threads, a);

    public static void Tiles(IKernelDevice device, in Args a) => device.Launch(TilesKernel, groups: Count(a.N) * Count(a.Out), threads: Threads, a);

    public static void PaddedTiles(IKernelDevice device, in Args a) =>
        device.Launch(PaddedTilesKernel, groups: Count(a.N) * Count(a.Out), threads: Threads, a);

    private static int Count(int size) => (size + Size - 1) / Size;

    // Version 1: a thread an element of Y, all from global memory. Two loads for each multiply-add, and those of W lie a row apart.
    internal static void NaiveKernel(Args a)
    {
        int i = Grid.GlobalIndex.X;
        if (i >= a.N * a.Out) return;
        int x = i / a.Out * a.In, w = i % a.Out * a.In;
        float sum = 0f;
        for (int k = 0; k < a.In; k++) sum += a.X[x + k] * a.W[w + k];
        a.Y[i] = sum;
    }

    // Version 2: a group a tile of 16 x 16 elements, its operands staged in shared memory: each is read from global memory once a tile, side by side.
    internal static void TilesKernel(Args a) => Multiply(a, pitch: Size);

    // Version 3: the same with rows a float further apart, so that sixteen lanes read sixteen banks.
    internal static void PaddedTilesKernel(Args a) => Multiply(a, pitch: Size + 1);

    private static void Multiply(Args a, int pitch)
    {
        ArrayView<float> xs = SharedMemory.Allocate<float>(Size * (Size + 1)), ws = SharedMemory.Allocate<float>(Size * (Size + 1));
        int tiles = Count(a.Out), row = Group.IdxX / Size, column = Group.IdxX % Size;
        int n = (Grid.IdxX / tiles * Size) + row, o0 = Grid.IdxX % tiles * Size;
        float sum = 0f;
        for (int k = 0; k < a.In; k += Size)
        {
            float x = 0f, w = 0f;
            if (n < a.N && k + column < a.In) x = a.X[(n * a.In) + k + column];
            if (o0 + row < a.Out && k + column < a.In) w = a.W[((o0 + row) * a.In) + k + column];
            xs[(row * pitch) + column] = x;
            ws[(row * pitch) + column] = w;
            Group.Barrier();                                // the step is there, for all
            for (int depth = 0; depth < Size; depth++) sum += xs[(row * pitch) + depth] * ws[(column * pitch) + depth];
            Group.Barrier();                                // before it is overwritten
        }
        if (n < a.N && o0 + column < a.Out) a.Y[(n * a.Out) + o0 + column] = sum;
    }
}
