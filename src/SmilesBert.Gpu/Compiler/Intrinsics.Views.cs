using System.Numerics;

namespace SmilesBert.Gpu.Compiler;

// Views are an address and a length in elements; indices too are numbers.
internal static partial class Intrinsics
{
    private static void AddViews()
    {
        foreach (string view in (string[])[DeviceTypes.ArrayView, DeviceTypes.ArrayView1D])
        {
            Add(view, "get_Item", call => new Operand([Element(call, call.View().Address, call.Scalar(1))], IsReference: true));
            Add(view, "get_Length", call => new Operand(call.View().Length));
            Add(view, "get_IntLength", call => call.Pure("cvt.u32.u64", ValueKind.Int32, call.View().Length));
            Add(view, "get_IsValid", call => call.Pure("setp.gt.s64", ValueKind.Predicate, call.View().Length, Constant.Of(0L)));
            Add(view, "get_Empty", _ => new Operand([Constant.Of(0L), Constant.Of(0L)]));
            Add(view, "SubView", SubView);
            Add(view, "Cast", Cast);
            Add(view, "AsContiguous", Same);
            Add(view, "get_BaseView", Same);
            Add(view, "op_Implicit", Same);
        }
        Add("ILGPU.Runtime.ArrayViewExtensions", "Cast", Cast);
        Add("ILGPU.Runtime.ArrayViewExtensions", "LoadEffectiveAddressAsPtr", call => new Operand(call.View().Address));
        Add("ILGPU.Index1D", "op_Implicit", call => ConvertIndex(call));
        Add("ILGPU.LongIndex1D", "op_Implicit", call => ConvertIndex(call));
    }

    private static Operand? Same(IntrinsicCall call)
    {
        (Value address, Value length) = call.View();
        return new Operand([address, length]);
    }

    private static Operand? ConvertIndex(IntrinsicCall call)
    {
        bool wide = ((System.Reflection.MethodInfo)call.Method).ReturnType is { FullName: "ILGPU.LongIndex1D" or "System.Int64" };
        return new Operand(wide ? call.Wide(0) : call.Scalar(0));
    }

    // ILGPU widens 32-bit indices as unsigned numbers.
    private static Value Element(IntrinsicCall call, Value address, Value index)
    {
        int size = DeviceTypes.ElementSize(call.ViewType);
        Value bytes = index.Kind == ValueKind.Int32
            ? size == 1 ? call.Graph.Pure("cvt.u64.u32", ValueKind.Int64, index) : call.Graph.Pure("mul.wide.u32", ValueKind.Int64, index, Constant.Of(size))
            : call.Graph.Pure("mul.lo.s64", ValueKind.Int64, index, Constant.Of((long)size));
        return call.Graph.Pure("add.s64", ValueKind.Int64, address, bytes);
    }

    private static Operand? SubView(IntrinsicCall call)
    {
        (Value address, Value length) = call.View();
        Value start = Element(call, address, call.Scalar(1));
        return new Operand([start, call.Arguments.Length > 2 ? call.Wide(2) : call.Graph.Pure("sub.s64", ValueKind.Int64, length, call.Wide(1))]);
    }

    private static Operand? Cast(IntrinsicCall call)
    {
        (Value address, Value length) = call.View();
        int size = DeviceTypes.ElementSize(call.ViewType), other = call.Translator.Shape(call.TypeArguments[^1]).Size;
        int common = (int)BigInteger.GreatestCommonDivisor(size, other);
        length = call.Graph.Pure("mul.lo.s64", ValueKind.Int64, length, Constant.Of((long)(size / common)));
        return new Operand([address, call.Graph.Pure("div.u64", ValueKind.Int64, length, Constant.Of((long)(other / common)))]);
    }
}
