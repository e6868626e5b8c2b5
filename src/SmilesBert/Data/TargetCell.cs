using System.Globalization;

namespace SmilesBert.Data;

/// <summary>Reads one field of a target column.</summary>
internal static class TargetCell
{
    /// <summary>Ways in which exports write that a value is not known, beside leaving the field empty (\N is MySQL's).</summary>
    private static readonly string[] Unknown = ["NA", "N/A", "NaN", "NULL", "\\N"];

    /// <summary>The trimmed field; null where it says that nothing is known.</summary>
    public static string? Read(string field)
    {
        string value = field.Trim();
        return value.Length == 0 || Unknown.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : value;
    }

    /// <summary>A finite number with a decimal point.</summary>
    public static bool TryNumber(string cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite((float)value);

    public static bool TryInteger(string cell, out long value)
    {
        value = 0;
        if (!TryNumber(cell, out double number) || number != Math.Floor(number) || Math.Abs(number) > 1e15) return false;
        value = (long)number;
        return true;
    }

    /// <summary>0 or 1, also written 0.0 and 1.0.</summary>
    public static bool TryFlag(string cell, out float value)
    {
        value = 0;
        if (!TryInteger(cell, out long number) || number is not (0 or 1)) return false;
        value = number;
        return true;
    }
}
