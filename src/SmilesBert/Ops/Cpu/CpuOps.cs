using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SmilesBert.Ops.Cpu;

/// <summary>
/// The ops page on the processor: managed SIMD on two or more threads, nothing native.
/// Each operation stands in the file of its kind, forward beside backward.
/// </summary>
public sealed partial class CpuOps : IOps
{
    private readonly ThreadTeam team;

    /// <param name="threads">Threads to share the work; the results are the same bits for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public CpuOps(int threads) => team = new ThreadTeam(threads);

    public Precision Precision => Precision.Fp32;

    public bool RunsBehind => false;

    public string Description
    {
        get
        {
            string width = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : Vector128.IsHardwareAccelerated ? "128" : "no";
            return $"cpu, {team.Count} {(team.Count == 1 ? "thread" : "threads")}, {width}-bit vectors";
        }
    }

    public Floats AllocateFloats(int length) => new(GC.AllocateArray<float>(length, pinned: true), 0, length);

    public Ints AllocateInts(int length) => new(GC.AllocateArray<int>(length, pinned: true), 0, length);

    public void Write(Floats y, ReadOnlySpan<float> source) => source.CopyTo(Open(y));

    public void Write(Ints y, ReadOnlySpan<int> source) => source.CopyTo(Open(y));

    public void Read(Span<float> destination, Floats x) => Open(x)[..destination.Length].CopyTo(destination);

    public IReadback Readback(int capacity) => new Copy(capacity);

    public void Fill(Floats y, float value) => Open(y).Fill(value);

    public void Dispose() => team.Dispose();

    /// <summary>The floats themselves. The allocation is pinned, so pointers into it stay good while it is reachable.</summary>
    private static Span<float> Open(Floats x) =>
        x.IsEmpty ? [] : MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.As<float[]>(x.Memory!)), (nint)x.Offset), x.Length);

    /// <summary>The integers themselves; see <see cref="Open(Floats)"/>.</summary>
    private static Span<int> Open(Ints x) =>
        x.IsEmpty ? [] : MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.As<int[]>(x.Memory!)), (nint)x.Offset), x.Length);

    // Operations are done when they return: what is copied is there.
    private sealed class Copy(int capacity) : IReadback
    {
        private readonly float[] memory = new float[capacity];
        private int count;

        public void Start(Floats x)
        {
            Open(x).CopyTo(memory);
            count = x.Length;
        }

        public ReadOnlySpan<float> Finish() => memory.AsSpan(0, count);
    }
}
