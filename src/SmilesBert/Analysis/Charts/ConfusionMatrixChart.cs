using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// A confusion matrix as shaded cells with counts: a row for each true class, a column for each predicted one; the shade is the share of the
/// row, so that rare classes are as readable as common ones.
/// </summary>
public static class ConfusionMatrixChart
{
    private const double WidestLabel = 240, Gap = 8, TitleHeight = 34, AxisLabel = 22, ColourBar = 14;

    /// <summary>An SVG.</summary>
    /// <param name="title">Over the matrix.</param>
    /// <param name="matrix">Counts.</param>
    /// <param name="classes">A name for each class.</param>
    public static string Draw(string title, ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        if (classes.Count != matrix.Classes) throw new ArgumentException($"{classes.Count} names for {matrix.Classes} classes", nameof(classes));
        double cell = Math.Clamp(Math.Round(480.0 / classes.Count), 14, 84);
        double labelSize = Math.Min(TextStyle.Normal, cell * 0.7);
        string[] rowLabels = [.. classes.Select((name, k) => RowLabel(name, matrix.Support(k), labelSize))];
        string[] columnLabels = [.. classes.Select(name => TextWidth.Fit(name, labelSize, WidestLabel))];

        // Slanted names below the matrix need their width's share downward; short ones stand upright.
        bool upright = TextWidth.Widest(columnLabels, labelSize) <= cell - Gap;
        double below = Gap + (upright ? labelSize : (TextWidth.Widest(columnLabels, labelSize) + labelSize) * Slant);
        double left = AxisLabel + TextWidth.Widest(rowLabels, labelSize) + (2 * Gap);
        // A slanted name reaches left of its column.
        for (int k = 0; !upright && k < columnLabels.Length; k++)
            left = Math.Max(left, (TextWidth.Of(columnLabels[k], labelSize) * Slant) + Gap - ((k + 0.5) * cell));

        double side = cell * classes.Count;
        double widthOfTitle = TextWidth.Of(title, TextStyle.Title, bold: true) + (2 * Gap);
        double right = left + side + (3 * Gap) + ColourBar + Gap + TextWidth.Of("100 %", TextStyle.Small) + Gap;
        Box plot = new(left, TitleHeight, side, side);
        SvgCanvas canvas = new(Math.Max(right, Math.Min(widthOfTitle, 900)), plot.Bottom + below + AxisLabel, title);

        canvas.Text(Gap, 18, TextWidth.Fit(title, TextStyle.Title, 900 - (2 * Gap), bold: true), new TextStyle(TextStyle.Title, Bold: true), title);
        DrawCells(canvas, plot, cell, matrix, classes);
        for (int k = 0; k < classes.Count; k++)
        {
            double middle = (k + 0.5) * cell;
            canvas.Text(plot.X - Gap, plot.Y + middle, rowLabels[k], new TextStyle(labelSize, "end"), classes[k]);
            TextStyle style = upright ? new(labelSize, "middle") : new(labelSize, "end", Rotation: -45);
            canvas.Text(plot.X + middle, plot.Bottom + Gap + (labelSize / 2), columnLabels[k], style, classes[k]);
        }
        TextStyle axis = new(TextStyle.Normal, "middle", Palette.Muted);
        canvas.Text(plot.CentreX, plot.Bottom + below + (AxisLabel / 2), "predicted class", axis);
        canvas.Text(AxisLabel / 2, plot.CentreY, TextWidth.Fit("true class (rows)", TextStyle.Normal, side), axis with { Rotation = -90 });
        DrawColourBar(canvas, new Box(plot.Right + (3 * Gap), plot.Y, ColourBar, Math.Min(side, 160)));
        return canvas.ToString();
    }

    // The sine and cosine of 45 degrees.
    private static double Slant => Math.Sqrt(0.5);

    private static string RowLabel(string name, int support, double size)
    {
        string count = string.Create(CultureInfo.InvariantCulture, $" ({support})");
        return TextWidth.Fit(name, size, WidestLabel) + count;
    }

    private static void DrawCells(SvgCanvas canvas, Box plot, double cell, ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        canvas.Rectangle(plot, Palette.Grid, "plot");
        double countSize = CountSize(matrix, cell);
        bool showZeros = matrix.Classes <= 7;       // in a large matrix they would hide the rest
        for (int target = 0; target < matrix.Classes; target++)
        {
            int support = matrix.Support(target);
            for (int predicted = 0; predicted < matrix.Classes; predicted++)
            {
                int count = matrix[target, predicted];
                double share = support == 0 ? 0 : (double)count / support;
                string? tooltip = count == 0 ? null : string.Create(
                    CultureInfo.InvariantCulture, $"{classes[target]} predicted as {classes[predicted]}: {count} of {support} ({100 * share:0.#} %)");
                Box box = new(plot.X + (predicted * cell) + 0.5, plot.Y + (target * cell) + 0.5, cell - 1, cell - 1);
                canvas.Rectangle(box, Palette.Shade(share), "cell", tooltip);
                if (countSize > 0 && (count > 0 || showZeros))
                    canvas.Text(box.CentreX, box.CentreY, count.ToString(CultureInfo.InvariantCulture), new TextStyle(countSize, "middle", Palette.InkOn(share)));
            }
        }
    }

    // The largest size at which every count fits its cell; 0 where none would be readable.
    private static double CountSize(ConfusionMatrix matrix, double cell)
    {
        const double smallest = 6.5, largest = 14, margin = 3;
        int most = 0;
        for (int target = 0; target < matrix.Classes; target++)
            for (int predicted = 0; predicted < matrix.Classes; predicted++) most = Math.Max(most, matrix[target, predicted]);
        double size = Math.Min(largest, (cell - margin) / TextWidth.Of(most.ToString(CultureInfo.InvariantCulture), 1));
        return size < smallest ? 0 : Math.Min(size, cell * 0.5);
    }

    private static void DrawColourBar(SvgCanvas canvas, Box bar)
    {
        const int steps = 20;
        double step = bar.Height / steps;
        for (int i = 0; i < steps; i++)
            canvas.Rectangle(new Box(bar.X, bar.Bottom - ((i + 1) * step), bar.Width, step), Palette.Shade((double)i / (steps - 1)));
        foreach (double end in (double[])[0, 0.5, 1])
            canvas.Text(
                bar.Right + Gap, bar.Bottom - 5 - (end * (bar.Height - 10)), string.Create(CultureInfo.InvariantCulture, $"{100 * end:0} %"),
                new TextStyle(TextStyle.Small, Colour: Palette.Muted));
        Stroke outline = new(Palette.Muted, 0.5);
        canvas.Polyline([new(bar.X, bar.Y), new(bar.Right, bar.Y), new(bar.Right, bar.Bottom), new(bar.X, bar.Bottom), new(bar.X, bar.Y)], outline);
    }
}
