using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// A scatter plot for a page: the picture as it is on paper, buttons in place of its legend, and the molecules as JSON; scatter.js joins them.
/// </summary>
internal static class InteractiveScatter
{
    /// <summary>Appends the plot as HTML.</summary>
    public static void Append(StringBuilder html, ScatterContent content)
    {
        ScatterPlots plots = new(content);
        ScatterLegend? bar = plots.Values is null ? null : new ScatterLegend(content, plots);
        double height = bar is null ? plots.Bottom : Math.Max(plots.Bottom, plots.Top + bar.Height);
        SvgCanvas canvas = new(plots.Right + (bar?.Width ?? 0), height, content.Title);
        plots.Draw(canvas, everyLabel: true);
        bar?.Draw(canvas, plots.Right, plots.Top + 6);

        html.Append("<div class=\"scatter\">\n").Append(canvas);
        if (bar is null) AppendClasses(html, content, plots);
        if (plots.HasBothParts) AppendParts(html, content);
        // The colour bar is drawn with its notes.
        string notes = bar is null ? string.Join(' ', ScatterLegend.NotesOf(content, plots)) : "";
        if (notes.Length > 0) html.Append(CultureInfo.InvariantCulture, $"<p class=\"caption\">{SvgCanvas.Escape(notes)}</p>\n");
        html.Append("<div class=\"tip\" hidden></div>\n");
        html.Append("<script type=\"application/json\">").Append(Data(content, plots)).Append("</script>\n</div>\n");
    }

    private static void AppendClasses(StringBuilder html, ScatterContent content, ScatterPlots plots)
    {
        IReadOnlyList<ScatterGroup> groups = plots.Groups.Groups;
        string counted = plots.HasBothParts ? $"{content.Legend} (held-out + training)" : content.Legend;
        html.Append(CultureInfo.InvariantCulture, $"<fieldset class=\"keys\"><legend>{SvgCanvas.Escape(counted)}</legend>\n");
        for (int i = 0; i < groups.Count; i++)
        {
            string count = plots.HasBothParts
                ? string.Create(CultureInfo.InvariantCulture, $"{groups[i].HeldOut} + {groups[i].Training}")
                : (groups[i].HeldOut + groups[i].Training).ToString(CultureInfo.InvariantCulture);
            AppendButton(html, $"data-group=\"{i}\"", MarkStyle.Solid(groups[i].Colour), groups[i].Shape, groups[i].Name, count);
        }
        foreach ((string every, string name) in ((string, string)[])[("on", "all"), ("off", "none")])
            html.Append(CultureInfo.InvariantCulture, $"<button type=\"button\" data-every=\"{every}\">{name}</button>\n");
        html.Append("</fieldset>\n");
    }

    private static void AppendParts(StringBuilder html, ScatterContent content)
    {
        html.Append("<fieldset class=\"keys\"><legend>molecules</legend>\n");
        foreach (bool heldOut in (bool[])[true, false])
        {
            string name = ScatterPlots.PartName(heldOut);
            string count = content.Points.Count(point => point.HeldOut == heldOut).ToString(CultureInfo.InvariantCulture);
            MarkStyle style = heldOut ? MarkStyle.Solid(Palette.Muted) : MarkStyle.Hollow(Palette.Muted);
            AppendButton(html, $"data-part=\"{name}\"", style, Marker.Circle, name, count);
        }
        html.Append("</fieldset>\n");
    }

    private static void AppendButton(StringBuilder html, string attribute, MarkStyle style, Marker shape, string name, string count)
    {
        string shown = SvgCanvas.Escape(name);
        html.Append(CultureInfo.InvariantCulture, $"""
            <button type="button" aria-pressed="true" {attribute} title="{shown}">{SvgCanvas.Swatch(style, shape)}
            <span class="name">{shown}</span> <span class="count">{count}</span></button>

            """);
    }

    // Molecules by place: their texts, labels and, for each panel, the pixels where they stand. The writer's default encoder writes every
    // '<' as \u003C, so that no text can end the script element.
    private static string Data(ScatterContent content, ScatterPlots plots)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        Strings("classes", content.Classes);
        Strings("names", content.Points.Select(point => point.Name));
        Strings("smiles", content.Points.Select(point => point.Smiles));
        json.WriteStartArray("labels");
        foreach (ScatterPoint point in content.Points)
        {
            json.WriteStartArray();
            foreach (int label in point.Classes) json.WriteNumberValue(label);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        if (content.ValueLabel is not null)
        {
            json.WriteString("valueLabel", content.ValueLabel);
            json.WriteStartArray("values");
            foreach (ScatterPoint point in content.Points)
                if (double.IsFinite(point.Value)) json.WriteStringValue(point.Value.ToString("G6", CultureInfo.InvariantCulture));
                else json.WriteNullValue();
            json.WriteEndArray();
        }
        if (plots.HasBothParts) Strings("parts", content.Points.Select(point => ScatterPlots.PartName(point.HeldOut)));
        json.WriteStartArray("panels");
        for (int panel = 0; panel < content.Panels.Count; panel++)
        {
            Box box = plots.Plot(panel);
            json.WriteStartObject();
            json.WriteNumber("left", Math.Round(box.X, 1));
            json.WriteNumber("right", Math.Round(box.Right, 1));
            Pixels("x", at => at.X, panel);
            Pixels("y", at => at.Y, panel);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);

        void Strings(string name, IEnumerable<string> texts)
        {
            json.WriteStartArray(name);
            foreach (string text in texts) json.WriteStringValue(text);
            json.WriteEndArray();
        }

        void Pixels(string name, Func<ChartPoint, double> coordinate, int panel)
        {
            json.WriteStartArray(name);
            for (int i = 0; i < content.Points.Count; i++) json.WriteNumberValue(Math.Round(coordinate(plots.Pixel(panel, i)), 1));
            json.WriteEndArray();
        }
    }
}
