using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>A horizontal bar a class or label, its value at the bar's end and the rows behind it in a column at the right: F1 by class, ROC-AUC by label.</summary>
public static class BarChart
{
    private const double WidestName = 260, PlotWidth = 340, RowHeight = 22, BarHeight = 14, Gap = 8, Top = 56;

    /// <summary>An SVG.</summary>
    /// <param name="title">Over the bars.</param>
    /// <param name="valueLabel">What the bars measure: "F1".</param>
    /// <param name="countLabel">What the counts count: "rows".</param>
    /// <param name="bars">From the top down. Values from 0 to 1.</param>
    /// <param name="reference">A value worth comparing with, marked by a dashed line, and its name.</param>
    public static string Draw(string title, string valueLabel, string countLabel, IReadOnlyList<Bar> bars, (double Value, string Name)? reference = null)
    {
        string[] names = [.. bars.Select(bar => TextWidth.Fit(bar.Name, TextStyle.Normal, WidestName))];
        string[] counts = [.. bars.Select(bar => bar.Count.ToString(CultureInfo.InvariantCulture))];
        double left = Gap + TextWidth.Widest(names, TextStyle.Normal) + Gap;
        double countWidth = TextWidth.Widest([.. counts, countLabel], TextStyle.Small) + (3 * Gap);
        Box plot = new(left, Top, PlotWidth, Math.Max(1, bars.Count) * RowHeight);
        double width = plot.Right + TextWidth.Of("0.000", TextStyle.Small) + countWidth;
        SvgCanvas canvas = new(width, plot.Bottom + PlotArea.BottomMargin, title);

        canvas.Text(Gap, 18, TextWidth.Fit(title, TextStyle.Title, width - (2 * Gap), bold: true), new TextStyle(TextStyle.Title, Bold: true), title);
        LinearScale x = LinearScale.Exact(0, 1, plot.X, plot.Right, ticks: 5);
        DrawAxis(canvas, plot, x, valueLabel);
        TextStyle small = new(TextStyle.Small, Colour: Palette.Muted);
        canvas.Text(width - Gap, Top - 10, countLabel, small with { Anchor = "end" });
        for (int i = 0; i < bars.Count; i++)
        {
            double y = plot.Y + ((i + 0.5) * RowHeight);
            canvas.Text(plot.X - Gap, y, names[i], new TextStyle(Anchor: "end"), bars[i].Name);
            canvas.Text(width - Gap, y, counts[i], small with { Anchor = "end" });
            double end = x.Map(Math.Clamp(bars[i].Value ?? 0, 0, 1));
            if (bars[i].Value is double value)
            {
                canvas.Rectangle(new Box(plot.X, y - (BarHeight / 2), end - plot.X, BarHeight), Palette.Blue, "bar");
                canvas.Text(end + 5, y, value.ToString("0.00", CultureInfo.InvariantCulture), new TextStyle(TextStyle.Small));
            }
            else canvas.Text(end + 5, y, "undefined", small);
        }
        if (reference is (double at, string name))
        {
            Stroke dashed = new(Palette.Vermillion, 1.4, "4 3");
            canvas.Line(x.Map(at), plot.Y, x.Map(at), plot.Bottom, dashed);
            canvas.Line(plot.X, Top - 14, plot.X + 22, Top - 14, dashed);
            canvas.Text(plot.X + 28, Top - 14, string.Create(CultureInfo.InvariantCulture, $"{name} {at:0.00}"), small);
        }
        return canvas.ToString();
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
