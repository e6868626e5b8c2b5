using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>Predicted against true values on equal axes, with the diagonal on which a perfect model's points would lie.</summary>
public static class ParityChart
{
    private const double Side = 400, Top = 38, Right = 24;
    private const int MostPoints = 5000;

    /// <summary>An SVG. Of more than 5,000 rows, evenly chosen ones are shown, which the title says.</summary>
    /// <param name="title">Over the plot.</param>
    /// <param name="target">What is predicted, with its unit if known.</param>
    /// <param name="truth">True values; NaN where missing.</param>
    /// <param name="predictions">As many.</param>
    public static string Draw(string title, string target, IReadOnlyList<float> truth, IReadOnlyList<float> predictions)
    {
        if (truth.Count != predictions.Count) throw new ArgumentException($"{truth.Count} true values but {predictions.Count} predictions");
        ChartPoint[] all = [.. truth.Zip(predictions, (t, p) => new ChartPoint(t, p)).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        ChartPoint[] shown = all.Length <= MostPoints
            ? all
            : [.. Enumerable.Range(0, MostPoints).Select(i => all[(int)((long)i * all.Length / MostPoints)])];
        if (shown.Length < all.Length) title = string.Create(CultureInfo.InvariantCulture, $"{title} ({shown.Length} of {all.Length} rows shown)");

        LinearScale y = LinearScale.Around(shown.SelectMany(point => (double[])[point.X, point.Y]), Top + Side, Top, ticks: 7);
        double left = PlotArea.LeftMargin(y);
        Box box = new(left, Top, Side, Side);
        SvgCanvas canvas = new(left + Side + Right, box.Bottom + PlotArea.BottomMargin, title);
        PlotArea plot = new(canvas, box, y with { From = box.X, To = box.Right }, y);
        canvas.Text(box.X, 18, TextWidth.Fit(title, TextStyle.Title, Side, bold: true), new TextStyle(TextStyle.Title, Bold: true), title);
        plot.DrawAxes($"true {target}", $"predicted {target}");
        plot.Line([new ChartPoint(y.Min, y.Min), new ChartPoint(y.Max, y.Max)], new Stroke(Palette.Muted, 1.2, "5 4"));
        plot.Points(shown, radius: 3, Palette.Blue, opacity: shown.Length > 500 ? 0.35 : 0.55);
        return canvas.ToString();
    }
}
