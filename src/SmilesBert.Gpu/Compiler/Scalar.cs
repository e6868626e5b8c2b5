namespace SmilesBert.Gpu.Compiler;

/// <summary>A primitive as it lies in memory.</summary>
/// <param name="Kind">The register that it is loaded into.</param>
/// <param name="Bytes">Its size in memory.</param>
/// <param name="Suffix">The type of PTX loads and stores.</param>
internal sealed record Scalar(ValueKind Kind, int Bytes, string Suffix)
{
    public static readonly Scalar Boolean = new(ValueKind.Predicate, 1, "u8");
    public static readonly Scalar Int64 = new(ValueKind.Int64, 8, "u64");

    /// <summary>The scalar of a primitive, an enum, a pointer or a reference; null for everything else.</summary>
    public static Scalar? Of(Type type)
    {
        if (type.IsByRef || type.IsPointer) return Int64;
        return Type.GetTypeCode(type) switch                            // enums answer as what lies beneath them
        {
            TypeCode.Boolean => Boolean,
            TypeCode.SByte => new Scalar(ValueKind.Int32, 1, "s8"),
            TypeCode.Byte => new Scalar(ValueKind.Int32, 1, "u8"),
            TypeCode.Int16 => new Scalar(ValueKind.Int32, 2, "s16"),
            TypeCode.UInt16 or TypeCode.Char => new Scalar(ValueKind.Int32, 2, "u16"),
            TypeCode.Int32 or TypeCode.UInt32 => new Scalar(ValueKind.Int32, 4, "u32"),
            TypeCode.Int64 or TypeCode.UInt64 => Int64,
            TypeCode.Single => new Scalar(ValueKind.Float32, 4, "f32"),
            TypeCode.Double => new Scalar(ValueKind.Float64, 8, "f64"),
            _ => type == typeof(nint) || type == typeof(nuint) ? Int64 : null,
        };
    }
}
