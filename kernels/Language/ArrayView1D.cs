namespace ILGPU.Runtime;

/// <summary>An <see cref="ArrayView{T}"/> that knows its stride; as an argument it is no larger.</summary>
public readonly struct ArrayView1D<T, TStride> where T : unmanaged where TStride : struct, IStride1D
{
    public static readonly ArrayView1D<T, TStride> Empty;

    internal ArrayView1D(ArrayView<T> view) => BaseView = view;

    public ArrayView<T> BaseView { get; }

    /// <summary>Elements.</summary>
    public long Length => BaseView.Length;

    public int IntLength => BaseView.IntLength;

    public bool IsValid => BaseView.IsValid;

    public ref T this[Index1D index] => throw DeviceCode.OnHost();
    public ref T this[LongIndex1D index] => throw DeviceCode.OnHost();

    public ArrayView1D<T, TStride> SubView(Index1D index, Index1D extent) => new(BaseView.SubView((int)index, extent));

    public ArrayView1D<T, TStride> SubView(LongIndex1D index, LongIndex1D extent) => new(BaseView.SubView((long)index, extent));

    public ArrayView<T> AsContiguous() => BaseView;
}
