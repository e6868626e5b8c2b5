namespace SmilesBert.Gpu.Compiler;

/// <summary>Types of the kernel language that the compiler knows by name, whichever assembly declares them.</summary>
internal static class DeviceTypes
{
    public const string ArrayView = "ILGPU.ArrayView`1";
    public const string ArrayView1D = "ILGPU.Runtime.ArrayView1D`2";

    public static bool IsView(Type type) => Definition(type) is ArrayView or ArrayView1D;

    /// <summary>Bytes of one element of a view.</summary>
    public static int ElementSize(Type view) => TypeShape.Of(view.GetGenericArguments()[0]).Size;

    /// <summary>Full name of the type, of its generic definition where it is generic.</summary>
    public static string Definition(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;
}
