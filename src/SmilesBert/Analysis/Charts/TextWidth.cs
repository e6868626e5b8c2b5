namespace SmilesBert.Analysis.Charts;

/// <summary>
/// How wide a text is in DejaVu Sans, the widest of the usual sans-serif fonts: margins made for it hold every other. Nothing here renders
/// text, so this is what keeps labels from being cut.
/// </summary>
internal static class TextWidth
{
    // Advance widths of ASCII 32 to 126, in thousandths of the font size.
    private static readonly short[] Ascii =
    [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
        1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
        500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
    ];

    // Of bold text over regular, and of a character that is not ASCII.
    private const double BoldFactor = 1.15, Other = 0.85;

    /// <summary>In pixels.</summary>
    public static double Of(string text, double size, bool bold = false)
    {
        double width = 0;
        foreach (char c in text) width += c is >= ' ' and <= '~' ? Ascii[c - ' '] / 1000.0 : Other;
        return width * size * (bold ? BoldFactor : 1);
    }

    /// <summary>The widest of several texts.</summary>
    public static double Widest(IEnumerable<string> texts, double size) => texts.Select(text => Of(text, size)).DefaultIfEmpty(0).Max();

    /// <summary>The text, or as much of its beginning as fits, with an ellipsis.</summary>
    public static string Fit(string text, double size, double width, bool bold = false)
    {
        if (Of(text, size, bold) <= width) return text;
        int length = text.Length;
        while (length > 0 && Of(text[..length].TrimEnd() + "…", size, bold) > width) length--;
        // A pair of surrogates is one character.
        if (length > 0 && char.IsHighSurrogate(text[length - 1])) length--;
        return text[..length].TrimEnd() + "…";
    }
}
