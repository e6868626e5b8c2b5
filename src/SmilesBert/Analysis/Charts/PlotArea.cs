namespace SmilesBert.Analysis.Charts;

/// <summary>
/// A rectangle with an x and a y axis, into which data are drawn in their own units: the base of every chart of points or lines.
/// </summary>
internal sealed class PlotArea
{
    private const double TickLength = 4, Gap = 6;

    private readonly SvgCanvas _canvas;

    /// <param name="canvas">Drawn on.</param>
    /// <param name="box">The data's rectangle, axes' labels outside it.</param>
    /// <param name="x">From values to the box's left and right.</param>
    /// <param name="y">From values to the box's bottom and top.</param>
    public PlotArea(SvgCanvas canvas, Box box, LinearScale x, LinearScale y)
    {
        _canvas = canvas;
        Box = box;
        X = x;
        Y = y;
    }

    public Box Box { get; }

    public LinearScale X { get; }

    public LinearScale Y { get; }

    /// <summary>Room that a y axis of this scale takes to the left of its plot, its label included.</summary>
    public static double LeftMargin(LinearScale y) => TickLength + Gap + TextWidth.Widest(y.Ticks().Select(y.Label), TextStyle.Small) + Gap + TextStyle.Normal + Gap;

    /// <summary>Room that an x axis takes under its plot, its label included.</summary>
    public const double BottomMargin = 46;

    /// <summary>Grid, axes, ticks and labels; to be called before the data are drawn.</summary>
    public void DrawAxes(string xLabel, string yLabel)
    {
        TextStyle ticks = new(TextStyle.Small, "middle", Palette.Muted);
        Stroke grid = new(Palette.Grid), axis = new(Palette.Muted);
        _canvas.Rectangle(Box, Palette.Paper, "plot");
        foreach (double tick in X.Ticks())
        {
            double x = X.Map(tick);
            _canvas.Line(x, Box.Y, x, Box.Bottom, grid);
            _canvas.Line(x, Box.Bottom, x, Box.Bottom + TickLength, axis);
            _canvas.Text(x, Box.Bottom + TickLength + Gap + 4, X.Label(tick), ticks);
        }
        foreach (double tick in Y.Ticks())
        {
            double y = Y.Map(tick);
            _canvas.Line(Box.X, y, Box.Right, y, grid);
            _canvas.Line(Box.X - TickLength, y, Box.X, y, axis);
            _canvas.Text(Box.X - TickLength - Gap, y, Y.Label(tick), ticks with { Anchor = "end" });
        }
        _canvas.Line(Box.X, Box.Y, Box.X, Box.Bottom, axis);
        _canvas.Line(Box.X, Box.Bottom, Box.Right, Box.Bottom, axis);

        TextStyle label = new(TextStyle.Normal, "middle");
        _canvas.Text(Box.CentreX, Box.Bottom + BottomMargin - 12, Fitted(xLabel, Box.Width), label, xLabel);
        _canvas.Text(
            Box.X - LeftMargin(Y) + Gap + (TextStyle.Normal / 2), Box.CentreY, Fitted(yLabel, Box.Height), label with { Rotation = -90 }, yLabel);
    }

    /// <summary>A line through points in their order, broken where a value is not finite.</summary>
    public void Line(IReadOnlyList<ChartPoint> points, Stroke stroke)
    {
        List<ChartPoint> unbroken = [];
        foreach (ChartPoint point in points)
        {
            if (double.IsFinite(point.Y)) unbroken.Add(Pixel(point));
            else Flush();
        }
        Flush();

        void Flush()
        {
            if (unbroken.Count > 1) _canvas.Polyline(unbroken, stroke);
            unbroken.Clear();
        }
    }

    /// <summary>A dot for each finite point.</summary>
    public void Points(IReadOnlyList<ChartPoint> points, double radius, string colour, double opacity = 1)
    {
        foreach (ChartPoint point in points)
        {
            if (!double.IsFinite(point.X) || !double.IsFinite(point.Y)) continue;
            ChartPoint at = Pixel(point);
            _canvas.Circle(at.X, at.Y, radius, colour, opacity);
        }
    }

    private ChartPoint Pixel(ChartPoint point) => new(X.Map(point.X), Y.Map(point.Y));

    private static string Fitted(string label, double width) => TextWidth.Fit(label, TextStyle.Normal, width);
}
