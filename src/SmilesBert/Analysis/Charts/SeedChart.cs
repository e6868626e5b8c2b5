using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// The same measurement under several conditions ("split by molecule", "split by row"), repeated with several seeds: a dot for each, a bar
/// across them at their mean, and mean ± standard deviation in figures. What differs by more than its spread is seen at a glance.
/// </summary>
public static class SeedChart
{
    private const double WidestName = 240, PlotWidth = 340, LineHeight = 20, RowGap = 12, Gap = 8, Top = 58, Radius = 4, MeanHeight = 15;

    /// <summary>An SVG.</summary>
    /// <param name="title">Over the dots.</param>
    /// <param name="valueLabel">What is measured: "macro F1 on held-out molecules".</param>
    /// <param name="conditions">In the legend, in the order of each row's values.</param>
    /// <param name="rows">From the top down.</param>
    public static string Draw(string title, string valueLabel, IReadOnlyList<string> conditions, IReadOnlyList<SeedRow> rows)
    {
        string[] names = [.. rows.Select(row => TextWidth.Fit(row.Name, TextStyle.Normal, WidestName))];
        const string figuresHead = "mean ± s.d.";
        double left = (2 * Gap) + TextWidth.Widest(names, TextStyle.Normal), rowHeight = (conditions.Count * LineHeight) + RowGap;
        Box plot = new(left, Top, PlotWidth, Math.Max(1, rows.Count) * rowHeight);
        LinearScale x = LinearScale.Near(rows.SelectMany(row => row.Values).SelectMany(values => values), plot.X, plot.Right, ticks: 6);
        double figures = plot.Right + (2 * Gap) + TextWidth.Widest([figuresHead, "0.000 ± 0.000 "], TextStyle.Small);
        double legend = plot.X + conditions.Sum(condition => LegendWidth(condition));
        SvgCanvas canvas = new(Math.Max(figures, legend) + Gap, plot.Bottom + PlotArea.BottomMargin, title);

        canvas.Text(Gap, 18, TextWidth.Fit(title, TextStyle.Title, figures - Gap, bold: true), new TextStyle(TextStyle.Title, Bold: true), title);
        DrawLegend(canvas, plot.X, 40, conditions);
        DrawAxis(canvas, plot, x, valueLabel);
        TextStyle small = new(TextStyle.Small, "end", Palette.Muted);
        canvas.Text(figures, Top - 8, figuresHead, small);
        for (int r = 0; r < rows.Count; r++)
        {
            double top = plot.Y + (r * rowHeight);
            if (r > 0) canvas.Line(plot.X, top, plot.Right, top, new Stroke(Palette.Grid));
            canvas.Text(plot.X - Gap, top + (rowHeight / 2), names[r], new TextStyle(Anchor: "end"), rows[r].Name);
            for (int c = 0; c < conditions.Count; c++)
            {
                double y = top + (RowGap / 2) + ((c + 0.5) * LineHeight);
                double[] values = [.. rows[r].Values[c].Where(double.IsFinite)];
                DrawSeeds(canvas, x, y, values, Palette.Category(c));
                canvas.Text(figures, y, Figures(values), small with { Colour = Palette.Ink });
            }
        }
        return canvas.ToString();
    }

    private static void DrawSeeds(SvgCanvas canvas, LinearScale x, double y, double[] values, string colour)
    {
        if (values.Length == 0) return;
        double mean = x.Map(values.Average());
        canvas.Line(x.Map(values.Min()), y, x.Map(values.Max()), y, new Stroke(colour));
        canvas.OpenGroup(MarkStyle.Solid(colour, opacity: 0.65), "class=\"seeds\"");
        foreach (double value in values) canvas.Mark(Marker.Circle, new ChartPoint(x.Map(value), y), Radius);
        canvas.CloseGroup();
        canvas.Line(mean, y - (MeanHeight / 2), mean, y + (MeanHeight / 2), new Stroke(colour, 2.4));
    }

    // The sample's standard deviation (n - 1), which one value does not have.
    private static string Figures(double[] values)
    {
        if (values.Length == 0) return "undefined";
        double mean = values.Average();
        if (values.Length == 1) return string.Create(CultureInfo.InvariantCulture, $"{mean:0.000}");
        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ± {deviation:0.000}");
    }

    private static double LegendWidth(string condition) => (2 * Radius) + Gap + TextWidth.Of(condition, TextStyle.Small) + (2 * Gap);

    private static void DrawLegend(SvgCanvas canvas, double x, double y, IReadOnlyList<string> conditions)
    {
        for (int c = 0; c < conditions.Count; c++)
        {
            canvas.OpenGroup(MarkStyle.Solid(Palette.Category(c)), "class=\"key\"");
            canvas.Mark(Marker.Circle, new ChartPoint(x + Radius, y), Radius);
            canvas.CloseGroup();
            canvas.Text(x + (2 * Radius) + Gap, y, conditions[c], new TextStyle(TextStyle.Small, Colour: Palette.Muted));
            x += LegendWidth(conditions[c]);
        }
    }

    private static void DrawAxis(SvgCanvas canvas, Box plot, LinearScale x, string label)
    {
        canvas.Rectangle(plot, Palette.Paper, "plot");
        foreach (double tick in x.Ticks())
        {
            canvas.Line(x.Map(tick), plot.Y, x.Map(tick), plot.Bottom, new Stroke(Palette.Grid));
            canvas.Text(x.Map(tick), plot.Bottom + 12, x.Label(tick), new TextStyle(TextStyle.Small, "middle", Palette.Muted));
        }
        canvas.Line(plot.X, plot.Bottom, plot.Right, plot.Bottom, new Stroke(Palette.Muted));
        string fitted = TextWidth.Fit(label, TextStyle.Normal, plot.Width);
        canvas.Text(plot.CentreX, plot.Bottom + PlotArea.BottomMargin - 14, fitted, new TextStyle(Anchor: "middle"), label);
    }
}
