using System.Reflection;

namespace SmilesBert.Gpu.Compiler;

/// <summary>Types of the kernel language that the compiler knows by name, whichever assembly declares them.</summary>
internal static class DeviceTypes
{
    public const string ArrayView = "ILGPU.ArrayView`1";
    public const string ArrayView1D = "ILGPU.Runtime.ArrayView1D`2";

    public static bool IsView(Type type) => Definition(type) is ArrayView or ArrayView1D;

    /// <summary>Bytes of one element of a view.</summary>
    public static int ElementSize(Type view) => TypeShape.Of(view.GetGenericArguments()[0]).Size;

    /// <summary>Whether a type is a struct of the kernel language of which only the numbers X (and Y, Z) matter.</summary>
    public static bool IsIndex(Type type) => type.FullName is "ILGPU.Index1D" or "ILGPU.LongIndex1D" or "ILGPU.Index3D" or "ILGPU.LongIndex3D";

    /// <summary>The getter of a view's device address, on the host.</summary>
    public static MethodInfo AddressOf(Type view) => Getter(view, "Address");

    /// <summary>The getter of a view's length in elements.</summary>
    public static MethodInfo LengthOf(Type view) => Getter(view, "Length");

    private static MethodInfo Getter(Type view, string name) =>
        view.GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetMethod
        ?? throw new NotSupportedException($"{view} shows no {name}: it belongs to another kernel language");

    /// <summary>Full name of the type, of its generic definition where it is generic.</summary>
    public static string Definition(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;
}
