using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace SmilesBert.Gpu.Compiler;

/// <summary>What a kernel is given of a view: its device address and its length. In either kernel language.</summary>
internal static class ViewParts
{
    /// <summary>0 of an empty view.</summary>
    public static long Address<T>(in ArrayView<T> view) where T : unmanaged => view.IsValid ? view.LoadEffectiveAddressAsPtr() : 0;

    /// <summary>0 of an empty view.</summary>
    public static long Address1D<T>(in ArrayView1D<T, Stride1D.Dense> view) where T : unmanaged => Address(view.BaseView);

    /// <summary>Elements.</summary>
    public static long Length<T>(in ArrayView<T> view) where T : unmanaged => view.Length;

    /// <summary>Elements.</summary>
    public static long Length1D<T>(in ArrayView1D<T, Stride1D.Dense> view) where T : unmanaged => view.Length;

    /// <summary>The method above that takes a type of view.</summary>
    public static MethodInfo Of(Type view, string name)
    {
        string dimensions = DeviceTypes.Definition(view) == DeviceTypes.ArrayView1D ? "1D" : "";
        return typeof(ViewParts).GetMethod(name + dimensions)!.MakeGenericMethod(view.GetGenericArguments()[0]);
    }
}
