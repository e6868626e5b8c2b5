namespace SmilesBert.Gpu.Compiler;

/// <summary>The names of PTX's comparisons. A trailing u of a float's means "or unordered": it holds where a NaN takes part.</summary>
internal static class Comparison
{
    /// <summary>The comparison that holds exactly where <paramref name="comparison"/> does not.</summary>
    public static string Opposite(string comparison, string type)
    {
        bool unordered = comparison.Length == 3;
        string opposite = comparison[..2] switch { "eq" => "ne", "ne" => "eq", "lt" => "ge", "ge" => "lt", "gt" => "le", _ => "gt" };
        return type[0] == 'f' && !unordered ? opposite + "u" : opposite;
    }

    /// <summary>Compares two integers.</summary>
    public static bool Holds(ReadOnlySpan<char> comparison, ReadOnlySpan<char> type, long a, long b)
    {
        int order = type switch { "u32" => ((uint)a).CompareTo((uint)b), "u64" => ((ulong)a).CompareTo((ulong)b), _ => a.CompareTo(b) };
        return comparison switch { "eq" => order == 0, "ne" => order != 0, "lt" => order < 0, "le" => order <= 0, "gt" => order > 0, _ => order >= 0 };
    }
}
