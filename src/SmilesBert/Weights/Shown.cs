using System.Text;

namespace SmilesBert.Weights;

/// <summary>What a file says, made fit to stand in a one-line message, whoever wrote the file.</summary>
internal static class Shown
{
    private const int Longest = 120;

    /// <summary>Quoted, control characters and lone surrogates replaced, cut where it is very long.</summary>
    public static string Text(string text)
    {
        StringBuilder shown = new("'");
        foreach (Rune rune in text.AsSpan(0, Math.Min(text.Length, Longest)).EnumerateRunes())
            shown.Append(Rune.IsControl(rune) ? Rune.ReplacementChar.ToString() : rune.ToString());
        return shown.Append(text.Length > Longest ? "...'" : "'").ToString();
    }

    /// <summary>(591, 128), or () for a scalar.</summary>
    public static string Shape<T>(IReadOnlyList<T> shape) => $"({string.Join(", ", shape.Take(8))}{(shape.Count > 8 ? ", ..." : "")})";
}
