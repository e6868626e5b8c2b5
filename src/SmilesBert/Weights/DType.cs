namespace SmilesBert.Weights;

/// <summary>The element types of the safetensors format, under the names that its headers use.</summary>
public enum DType
{
    BOOL,
    F4,
    F6_E2M3,
    F6_E3M2,
    U8,
    I8,
    F8_E5M2,
    F8_E4M3,
    F8_E8M0,
    F8_E4M3FNUZ,
    F8_E5M2FNUZ,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64,
}

/// <summary>What a reader needs to know of each <see cref="DType"/>.</summary>
internal static class DTypes
{
    // Not Enum.TryParse: it also takes numbers, lists and spaces.
    private static readonly Dictionary<string, DType> ByName = Enum.GetValues<DType>().ToDictionary(type => type.ToString(), StringComparer.Ordinal);

    public static bool TryParse(string name, out DType type) => ByName.TryGetValue(name, out type);

    /// <summary>Bits of one element; not always a whole number of bytes.</summary>
    public static int Bits(this DType type) => type switch
    {
        DType.F4 => 4,
        DType.F6_E2M3 or DType.F6_E3M2 => 6,
        DType.BOOL or DType.U8 or DType.I8 => 8,
        DType.F8_E5M2 or DType.F8_E4M3 or DType.F8_E8M0 or DType.F8_E4M3FNUZ or DType.F8_E5M2FNUZ => 8,
        DType.I16 or DType.U16 or DType.F16 or DType.BF16 => 16,
        DType.I32 or DType.U32 or DType.F32 => 32,
        DType.C64 or DType.F64 or DType.I64 or DType.U64 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
