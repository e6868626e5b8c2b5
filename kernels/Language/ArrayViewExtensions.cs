namespace ILGPU.Runtime;

public static class ArrayViewExtensions
{
    /// <summary>The same bytes as elements of another type; what does not fill one is cut off.</summary>
    public static ArrayView1D<TOther, Stride1D.Dense> Cast<T, TOther>(this ArrayView1D<T, Stride1D.Dense> view)
        where T : unmanaged where TOther : unmanaged =>
        view.BaseView.Cast<TOther>();

    /// <summary>
    /// Where the view begins on its device; of shared memory, within the group's. In kernels of our compiler for <see cref="Cuda.CudaAsm"/>'s texts;
    /// ILGPU's has it for the host alone.
    /// </summary>
    public static IntPtr LoadEffectiveAddressAsPtr<T>(this ArrayView<T> view) where T : unmanaged => (IntPtr)view.Address;
}
