using System.Globalization;

namespace SmilesBert.Gpu.Simulator;

/// <summary>A number as written: an integer, 0f with the bits of a float, or a double (0d or decimal).</summary>
internal readonly record struct Literal(Literal.Form Kind, ulong Bits)
{
    public enum Form { Integer, Single, Double }

    public static Literal Parse(string text, int line)
    {
        NumberStyles hex = NumberStyles.AllowHexSpecifier;
        CultureInfo culture = CultureInfo.InvariantCulture;
        string digits = text.TrimEnd('U', 'u');
        string prefix = text.Length > 2 ? text[..2] : "";
        if (prefix is "0f" or "0F" && text.Length == 10 && ulong.TryParse(text[2..], hex, culture, out ulong bits)) return new(Form.Single, bits);
        if (prefix is "0d" or "0D" && text.Length == 18 && ulong.TryParse(text[2..], hex, culture, out bits)) return new(Form.Double, bits);
        if (prefix is "0x" or "0X" && ulong.TryParse(digits[2..], hex, culture, out bits)) return new(Form.Integer, bits);
        if (prefix is "0b" or "0B" && ulong.TryParse(digits[2..], NumberStyles.AllowBinarySpecifier, culture, out bits)) return new(Form.Integer, bits);
        if (ulong.TryParse(digits, NumberStyles.None, culture, out bits) && (digits == "0" || digits[0] != '0')) return new(Form.Integer, bits);
        if (text.Contains('.') && double.TryParse(text, NumberStyles.Float, culture, out double value)) return Of(value);
        throw new PtxException(line, $"'{text}' is not a number");
    }

    public Literal Negated() => Kind switch
    {
        Form.Integer => this with { Bits = 0 - Bits },
        Form.Single => this with { Bits = Bits ^ 0x80000000u },
        _ => this with { Bits = Bits ^ 0x8000000000000000u },
    };

    /// <summary>The bits that a register of <paramref name="type"/> holds for it.</summary>
    public ulong As(PtxType type, int line)
    {
        bool fits = Kind switch
        {
            Form.Integer => !type.IsFloat(),
            Form.Single => type is PtxType.F32 or PtxType.B32 or PtxType.U32 or PtxType.S32,
            _ => type is PtxType.F64 or PtxType.B64 or PtxType.U64 or PtxType.S64 or PtxType.F32,
        };
        if (!fits) throw new PtxException(line, $"a literal of kind {Kind} does not fit {type.Dotted()}");
        if (Kind == Form.Double && type == PtxType.F32) return BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(Bits));
        return type.Bytes() switch { 1 => (byte)Bits, 2 => (ushort)Bits, 4 => (uint)Bits, _ => Bits };
    }

    private static Literal Of(double value) => new(Form.Double, BitConverter.DoubleToUInt64Bits(value));
}
