using System.Globalization;
using System.Text;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// An SVG being written: the few shapes that the charts are made of. Attributes rather than a style sheet, so that every reader of SVG
/// (a browser, a word processor, LaTeX) shows the same; the same calls give the same bytes.
/// </summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _svg = new();

    /// <summary>A white page.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="title">What a screen reader says of the whole picture.</param>
    public SvgCanvas(double width, double height, string title)
    {
        string wide = Number(width), high = Number(height);
        _svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img"
             font-family="'DejaVu Sans', Verdana, sans-serif">
            <title>{Escape(title)}</title>

            """);
        Rectangle(new Box(0, 0, width, height), Palette.Paper);
    }

    /// <summary>The whole picture.</summary>
    public override string ToString() => _svg.ToString() + "</svg>\n";

    public void Line(double x1, double y1, double x2, double y2, Stroke stroke) =>
        _svg.Append(CultureInfo.InvariantCulture, $"""
            <line x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}"{Attributes(stroke)}/>

            """);

    /// <param name="points">In pixels, two or more.</param>
    /// <param name="stroke">Of the line.</param>
    public void Polyline(IEnumerable<ChartPoint> points, Stroke stroke)
    {
        string path = string.Join(' ', points.Select(p => Number(p.X) + "," + Number(p.Y)));
        _svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke-linejoin=\"round\"{Attributes(stroke)}/>\n");
    }

    /// <param name="box">Where.</param>
    /// <param name="fill">Colour.</param>
    /// <param name="name">Its class attribute, for whoever restyles or tests the picture.</param>
    /// <param name="tooltip">Shown by browsers under the pointer.</param>
    public void Rectangle(Box box, string fill, string? name = null, string? tooltip = null)
    {
        string @class = name is null ? "" : $" class=\"{Escape(name)}\"";
        string end = tooltip is null ? "/>" : $"><title>{Escape(tooltip)}</title></rect>";
        _svg.Append(CultureInfo.InvariantCulture, $"""
            <rect{@class} x="{Number(box.X)}" y="{Number(box.Y)}" width="{Number(box.Width)}" height="{Number(box.Height)}" fill="{fill}"{end}

            """);
    }

    public void Circle(double x, double y, double radius, string fill, double opacity = 1)
    {
        string faint = opacity < 1 ? $" fill-opacity=\"{Number(opacity)}\"" : "";
        _svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\" fill=\"{fill}\"{faint}/>\n");
    }

    /// <summary>A group of marks painted alike, until <see cref="CloseGroup"/>.</summary>
    /// <param name="style">How each is painted.</param>
    /// <param name="attributes">More attributes, as XML has them.</param>
    public void OpenGroup(MarkStyle style, string attributes)
    {
        string fill = style.FillOpacity < 1 ? $" fill-opacity=\"{Number(style.FillOpacity)}\"" : "";
        string outline = style.OutlineOpacity < 1 ? $" stroke-opacity=\"{Number(style.OutlineOpacity)}\"" : "";
        _svg.Append(CultureInfo.InvariantCulture, $"<g {attributes} fill=\"{style.Fill}\"{fill}{Attributes(style.Outline)}{outline}>\n");
    }

    /// <summary>Ends what <see cref="OpenGroup"/> began.</summary>
    public void CloseGroup() => _svg.Append("</g>\n");

    /// <summary>A point in the style of its group.</summary>
    /// <param name="shape">All shapes have about the area of the circle.</param>
    /// <param name="at">Its middle.</param>
    /// <param name="radius">Of the circle.</param>
    /// <param name="attributes">More attributes, as XML has them, each after a blank; empty for none.</param>
    public void Mark(Marker shape, ChartPoint at, double radius, string attributes = "") =>
        _svg.Append(MarkText(shape, at, radius, attributes)).Append('\n');

    /// <summary>A mark as a picture of its own, for a legend in a page.</summary>
    public static string Swatch(MarkStyle style, Marker shape) =>
        $"<svg viewBox=\"-6 -6 12 12\" aria-hidden=\"true\" fill=\"{style.Fill}\"{Attributes(style.Outline)}>{MarkText(shape, default, 4.2, "")}</svg>";

    private static string MarkText(Marker shape, ChartPoint at, double radius, string attributes)
    {
        // A path that begins so many radii from the middle.
        string Path(double dx, double dy, string lines) =>
            $"<path{attributes} d=\"M{Number(at.X + (dx * radius))} {Number(at.Y + (dy * radius))}{lines}\"/>";

        return shape switch
        {
            Marker.Circle => $"<circle{attributes} cx=\"{Number(at.X)}\" cy=\"{Number(at.Y)}\" r=\"{Number(radius)}\"/>",
            // From the tip down; the centroid stands a third of the height above the base.
            Marker.Triangle => Path(0, -1.4, $"l{Number(1.25 * radius)} {Number(2.1 * radius)}h{Number(-2.5 * radius)}z"),
            Marker.Square => Path(-0.9, -0.9, $"h{Number(1.8 * radius)}v{Number(1.8 * radius)}h{Number(-1.8 * radius)}z"),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
    }

    /// <param name="x">Where the style's anchor stands.</param>
    /// <param name="y">The middle of the letters' height.</param>
    /// <param name="text">Escaped here.</param>
    /// <param name="style">How.</param>
    /// <param name="tooltip">The whole of a text that is shortened.</param>
    public void Text(double x, double y, string text, TextStyle style, string? tooltip = null)
    {
        // Half a capital's height below the middle. "dominant-baseline" would say it better, but not every reader knows it.
        const double halfCapital = 0.36;
        string rotated = style.Rotation == 0 ? "" : $" transform=\"rotate({Number(style.Rotation)} {Number(x)} {Number(y)})\"";
        string anchor = style.Anchor == "start" ? "" : $" text-anchor=\"{style.Anchor}\"";
        string bold = style.Bold ? " font-weight=\"bold\"" : "";
        string whole = tooltip is null || tooltip == text ? "" : $"<title>{Escape(tooltip)}</title>";
        string place = $"x=\"{Number(x)}\" y=\"{Number(y + (halfCapital * style.Size))}\"{anchor}{rotated}";
        _svg.Append(CultureInfo.InvariantCulture, $"""
            <text {place} font-size="{Number(style.Size)}" fill="{style.Colour}"{bold}>{whole}{Escape(text)}</text>

            """);
    }

    /// <summary>Text as XML holds it; what XML cannot hold at all (control characters, lone surrogates) becomes U+FFFD.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) escaped.Append(c).Append(text[++i]);
            else _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < ' ' or '\uFFFE' or '\uFFFF' => escaped.Append('\uFFFD'),
                _ => escaped.Append(char.IsSurrogate(c) ? '\uFFFD' : c),
            };
        }
        return escaped.ToString();
    }

    // Hundredths of a pixel are finer than any screen or print.
    private static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Attributes(Stroke stroke) =>
        $" stroke=\"{stroke.Colour}\" stroke-width=\"{Number(stroke.Width)}\"" + (stroke.Dashes is null ? "" : $" stroke-dasharray=\"{stroke.Dashes}\"");
}
