using ILGPU;
using ILGPU.Runtime;
using SmilesBert.Gpu;
using Device = SmilesBert.Gpu.Device;

namespace SmilesBert.Ops.Gpu;

/// <summary>
/// Copies of weights in bf16, for products on tensor cores. The optimizer writes a copy in the pass that changes the values; whatever else writes
/// where the values are makes it stale, and a stale copy is never given out.
/// </summary>
internal sealed class RoundedWeights(Device device)
{
    // By the allocation that the values lie in.
    private readonly Dictionary<object, Copy> copies = [];

    /// <summary>An allocation's copy, element by element, and the stretch of it that is as the values are.</summary>
    private sealed class Copy(DeviceBuffer<ushort> memory)
    {
        public DeviceBuffer<ushort> Memory => memory;

        public Floats Fresh { get; set; }
    }

    /// <summary>The copy of <paramref name="w"/>; empty where there is none, or not a fresh one.</summary>
    public ArrayView1D<ushort, Stride1D.Dense> Of(Floats w)
    {
        if (Find(w) is not { } copy || w.Offset < copy.Fresh.Offset || End(w) > End(copy.Fresh)) return default;
        return copy.Memory.View.SubView(w.Offset, (long)w.Length);
    }

    /// <summary>The copy of <paramref name="values"/> for the operation that writes both. The first call takes its memory.</summary>
    public ArrayView1D<ushort, Stride1D.Dense> Refreshed(Floats values)
    {
        if (values.IsEmpty) return default;
        Copy? copy = Find(values);
        if (copy is null) copies.Add(values.Memory!, copy = new Copy(device.Allocate<ushort>(((DeviceBuffer<float>)values.Memory!).Length)));
        copy.Fresh = values;
        return Of(values);
    }

    /// <summary>Something is about to write to <paramref name="y"/>.</summary>
    public void Changed(Floats y)
    {
        if (Find(y) is { } copy && y.Offset < End(copy.Fresh) && copy.Fresh.Offset < End(y)) copy.Fresh = default;
    }

    private Copy? Find(Floats x) => x.Memory is { } memory ? copies.GetValueOrDefault(memory) : null;

    private static long End(Floats x) => x.Offset + x.Length;
}
