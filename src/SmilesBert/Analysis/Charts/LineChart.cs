namespace SmilesBert.Analysis.Charts;

/// <summary>Lines over a common x axis, with a legend between title and plot: one panel of a picture.</summary>
/// <param name="Title">Over the panel.</param>
/// <param name="XLabel">Under the x axis.</param>
/// <param name="YLabel">Beside the y axis.</param>
/// <param name="MaxX">Where the x axis ends; it begins at 0.</param>
/// <param name="Series">The lines, later ones on top.</param>
/// <param name="Mark">A value of x to be marked by a vertical line, and its name.</param>
internal sealed record LineChart(
    string Title, string XLabel, string YLabel, double MaxX, IReadOnlyList<LineSeries> Series, (double X, string Name)? Mark = null)
{
    private const double Top = 56, Right = 16, MarkerRadius = 3.5;

    /// <summary>Draws the panel, axes' labels and title included, into <paramref name="panel"/>.</summary>
    public void Draw(SvgCanvas canvas, Box panel)
    {
        LinearScale y = LinearScale.Around(
            Series.SelectMany(s => s.Points).Select(p => p.Y), panel.Bottom - PlotArea.BottomMargin, panel.Y + Top, ticks: 5);
        double left = PlotArea.LeftMargin(y);
        Box box = new(panel.X + left, panel.Y + Top, panel.Width - left - Right, panel.Height - Top - PlotArea.BottomMargin);
        LinearScale x = LinearScale.Exact(0, MaxX, box.X, box.Right, ticks: 6);
        PlotArea plot = new(canvas, box, x with { Step = MaxX >= 1 ? Math.Max(1, x.Step) : x.Step }, y);

        canvas.Text(box.X, panel.Y + 16, TextWidth.Fit(Title, TextStyle.Title, box.Width, bold: true), new TextStyle(TextStyle.Title, Bold: true), Title);
        DrawLegend(canvas, box.X, panel.Y + 38);
        plot.DrawAxes(XLabel, YLabel);
        if (Mark is (double at, string _)) canvas.Line(x.Map(at), box.Y, x.Map(at), box.Bottom, MarkStroke);
        foreach (LineSeries series in Series)
        {
            plot.Line(series.Points, new Stroke(series.Colour, series.Width));
            if (series.Markers) plot.Points(series.Points, MarkerRadius, series.Colour);
        }
    }

    private static Stroke MarkStroke => new(Palette.Muted, 1.2, "4 3");

    private void DrawLegend(SvgCanvas canvas, double x, double y)
    {
        foreach (LineSeries series in Series) Entry(series.Name, new Stroke(series.Colour, Math.Max(series.Width, 1.2)), series.Markers);
        if (Mark is (double _, string name)) Entry(name, MarkStroke, marker: false);

        void Entry(string name, Stroke stroke, bool marker)
        {
            const double sample = 22, gap = 6, next = 16;
            canvas.Line(x, y, x + sample, y, stroke);
            if (marker) canvas.Circle(x + (sample / 2), y, MarkerRadius, stroke.Colour);
            canvas.Text(x + sample + gap, y, name, new TextStyle(TextStyle.Small, Colour: Palette.Muted));
            x += sample + gap + TextWidth.Of(name, TextStyle.Small) + next;
        }
    }
}
