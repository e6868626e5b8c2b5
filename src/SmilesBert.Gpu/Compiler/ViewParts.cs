using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace SmilesBert.Gpu.Compiler;

/// <summary>What a kernel is given of a view: its device address and its length. In either kernel language.</summary>
internal static class ViewParts
{
    /// <summary>0 of an empty view.</summary>
    public static long Address<T>(in ArrayView<T> view) where T : unmanaged => view.IsValid ? view.LoadEffectiveAddressAsPtr() : 0;

    /// <summary>Elements.</summary>
    public static long Length<T>(in ArrayView<T> view) where T : unmanaged => view.Length;

    /// <summary><see cref="Address"/> or <see cref="Length"/> for a type of view.</summary>
    public static MethodInfo Of(Type view, string name) => typeof(ViewParts).GetMethod(name)!.MakeGenericMethod(view.GetGenericArguments());
}
