namespace SmilesBert.Gpu.Simulator;

/// <summary>The fundamental types of PTX that registers and instructions have.</summary>
internal enum PtxType { Pred, B8, U8, S8, B16, U16, S16, F16, BF16, B32, U32, S32, F32, TF32, F16x2, BF16x2, B64, U64, S64, F64 }

internal static class PtxTypes
{
    private static readonly Dictionary<string, PtxType> Names =
        Enum.GetValues<PtxType>().ToDictionary(type => "." + type.ToString().ToLowerInvariant());

    public static bool TryParse(string dotted, out PtxType type) => Names.TryGetValue(dotted, out type);

    /// <summary>Bytes in memory; 0 for predicates.</summary>
    public static int Bytes(this PtxType type) => type switch
    {
        PtxType.Pred => 0,
        PtxType.B8 or PtxType.U8 or PtxType.S8 => 1,
        PtxType.B16 or PtxType.U16 or PtxType.S16 or PtxType.F16 or PtxType.BF16 => 2,
        PtxType.B64 or PtxType.U64 or PtxType.S64 or PtxType.F64 => 8,
        _ => 4,
    };

    public static bool IsSigned(this PtxType type) => type is PtxType.S8 or PtxType.S16 or PtxType.S32 or PtxType.S64;

    public static bool IsFloat(this PtxType type) => type is PtxType.F16 or PtxType.BF16 or PtxType.F32 or PtxType.TF32 or PtxType.F64;

    public static bool IsPacked(this PtxType type) => type is PtxType.F16x2 or PtxType.BF16x2;

    public static string Dotted(this PtxType type) => "." + type.ToString().ToLowerInvariant();
}
