using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>A horizontal bar a class or label, its value and the rows behind it in columns at the right: F1 by class, ROC-AUC by label.</summary>
public static class BarChart
{
    private const double WidestName = 280, PlotWidth = 340, RowHeight = 22, BarHeight = 14, Gap = 8, Top = 56;

    /// <summary>An SVG.</summary>
    /// <param name="title">Over the bars.</param>
    /// <param name="valueLabel">What the bars measure: "F1".</param>
    /// <param name="countLabel">What the counts count: "rows".</param>
    /// <param name="bars">From the top down. Values from 0 to 1.</param>
    /// <param name="reference">A value worth comparing with, marked by a dashed line, and its name.</param>
    public static string Draw(
        string title, string valueLabel, string countLabel, IReadOnlyList<Bar> bars, (double Value, string Name)? reference = null)
    {
        string[] names = [.. bars.Select(bar => TextWidth.Fit(bar.Name, TextStyle.Normal, WidestName))];
        string[] counts = [.. bars.Select(bar => bar.Count.ToString(CultureInfo.InvariantCulture))];
        double left = Gap + TextWidth.Widest(names, TextStyle.Normal) + Gap;
        Box plot = new(left, Top, PlotWidth, Math.Max(1, bars.Count) * RowHeight);
        double values = plot.Right + (2 * Gap) + TextWidth.Widest([valueLabel, "undefined"], TextStyle.Small);
        double width = values + (2 * Gap) + TextWidth.Widest([.. counts, countLabel], TextStyle.Small) + Gap;
        SvgCanvas canvas = new(width, plot.Bottom + PlotArea.BottomMargin, title);

        canvas.Text(Gap, 18, TextWidth.Fit(title, TextStyle.Title, width - (2 * Gap), bold: true), new TextStyle(TextStyle.Title, Bold: true), title);
        LinearScale x = LinearScale.Exact(0, 1, plot.X, plot.Right, ticks: 5);
        DrawAxis(canvas, plot, x, valueLabel);
        TextStyle small = new(TextStyle.Small, "end", Palette.Muted);
        canvas.Text(values, Top - 14, valueLabel, small);
        canvas.Text(width - Gap, Top - 14, countLabel, small);
        for (int i = 0; i < bars.Count; i++)
        {
            double y = plot.Y + ((i + 0.5) * RowHeight);
            canvas.Text(plot.X - Gap, y, names[i], new TextStyle(Anchor: "end"), bars[i].Name);
            canvas.Text(width - Gap, y, counts[i], small);
            if (bars[i].Value is double value)
            {
                Box bar = new(plot.X, y - (BarHeight / 2), x.Map(Math.Clamp(value, 0, 1)) - plot.X, BarHeight);
                canvas.Rectangle(bar, bars[i].Seeds is null ? Palette.Blue : Palette.Faint, "bar");
                canvas.Text(values, y, value.ToString("0.00", CultureInfo.InvariantCulture), small with { Colour = Palette.Ink });
            }
            else canvas.Text(values, y, "undefined", small);
            if (bars[i].Seeds is { } seeds)
                DrawSeeds(canvas, y, seeds.Where(double.IsFinite).Select(seed => x.Map(Math.Clamp(seed, 0, 1))));
        }
        if (reference is (double at, string name))
        {
            Stroke dashed = new(Palette.Vermillion, 1.4, "4 3");
            canvas.Line(x.Map(at), plot.Y, x.Map(at), plot.Bottom, dashed);
            canvas.Line(plot.X, Top - 14, plot.X + 22, Top - 14, dashed);
            canvas.Text(plot.X + 28, Top - 14, string.Create(CultureInfo.InvariantCulture, $"{name} {at:0.00}"), small with { Anchor = "start" });
        }
        if (bars.Any(bar => bar.Seeds is not null))
        {
            DrawSeeds(canvas, Top - 14, [plot.Right - TextWidth.Of("each seed", TextStyle.Small) - Gap]);
            canvas.Text(plot.Right, Top - 14, "each seed", small);
        }
        return canvas.ToString();
    }

    private static void DrawSeeds(SvgCanvas canvas, double y, IEnumerable<double> places)
    {
        canvas.OpenGroup(MarkStyle.Solid(Palette.Blue), "class=\"seeds\"");
        foreach (double x in places) canvas.Mark(Marker.Circle, new ChartPoint(x, y), 3);
        canvas.CloseGroup();
    }

    private static void DrawAxis(SvgCanvas canvas, Box plot, LinearScale x, string label)
    {
        canvas.Rectangle(plot, Palette.Paper, "plot");
        foreach (double tick in x.Ticks())
        {
            canvas.Line(x.Map(tick), plot.Y, x.Map(tick), plot.Bottom, new Stroke(Palette.Grid));
            canvas.Text(x.Map(tick), plot.Bottom + 12, x.Label(tick), new TextStyle(TextStyle.Small, "middle", Palette.Muted));
        }
        canvas.Line(plot.X, plot.Y, plot.X, plot.Bottom, new Stroke(Palette.Muted));
        canvas.Text(plot.CentreX, plot.Bottom + PlotArea.BottomMargin - 14, label, new TextStyle(Anchor: "middle"));
    }
}
