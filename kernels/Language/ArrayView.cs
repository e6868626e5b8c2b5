using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>A stretch of a device's memory: 16 bytes, its address and its length in elements. The host can cut it but not open it.</summary>
public readonly struct ArrayView<T> where T : unmanaged
{
    public static readonly ArrayView<T> Empty;

    // In this order: so a kernel's arguments carry it.
    private readonly long address;
    private readonly long length;

    internal ArrayView(long address, long length)
    {
        this.address = address;
        this.length = length;
    }

    internal long Address => address;

    /// <summary>Elements.</summary>
    public long Length => length;

    public int IntLength => checked((int)length);

    public bool IsValid => address != 0 && length > 0;

    public ref T this[int index] => throw DeviceCode.OnHost();
    public ref T this[long index] => throw DeviceCode.OnHost();
    public ref T this[Index1D index] => throw DeviceCode.OnHost();
    public ref T this[LongIndex1D index] => throw DeviceCode.OnHost();

    public ArrayView<T> SubView(long index) => SubView(index, length - index);

    public ArrayView<T> SubView(int index, int subViewLength) => SubView((long)index, subViewLength);

    public ArrayView<T> SubView(long index, long subViewLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(subViewLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index + subViewLength, length);
        return new ArrayView<T>(address + (index * Unsafe.SizeOf<T>()), subViewLength);
    }

    /// <summary>The same bytes as elements of another type; what does not fill one is cut off.</summary>
    public ArrayView<TOther> Cast<TOther>() where TOther : unmanaged => new(address, length * Unsafe.SizeOf<T>() / Unsafe.SizeOf<TOther>());

    [SuppressMessage("Usage", "CA2225", Justification = "The language is ILGPU's.")]
    public static implicit operator ArrayView1D<T, Stride1D.Dense>(ArrayView<T> view) => new(view);

    [SuppressMessage("Usage", "CA2225", Justification = "The language is ILGPU's.")]
    public static implicit operator ArrayView<T>(ArrayView1D<T, Stride1D.Dense> view) => view.BaseView;
}
