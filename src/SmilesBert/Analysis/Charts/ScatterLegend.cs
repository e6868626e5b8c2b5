using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>What stands right of a scatter plot on paper: classes with their counts, or the colour bar; then how to read the points.</summary>
internal sealed class ScatterLegend
{
    private const double WidestName = 250, RowHeight = 17, Swatch = 18, Gap = 8, ColumnGap = 12, NoteWidth = 230;
    private const double BarWidth = 14, BarHeight = 200, BarLabels = 80;
    private const int BarSteps = 40;

    private readonly ScatterContent _content;
    private readonly ScatterPlots _plots;
    private readonly (string Head, string[] Texts)[] _counts;
    private readonly string[] _names;

    /// <summary>Measures; <see cref="Draw"/> draws.</summary>
    public ScatterLegend(ScatterContent content, ScatterPlots plots)
    {
        _content = content;
        _plots = plots;
        IReadOnlyList<ScatterGroup> groups = plots.Values is null ? plots.Groups.Groups : [];
        _names = [.. groups.Select(group => TextWidth.Fit(group.Name, TextStyle.Small, WidestName))];
        _counts = groups.Count == 0 ? []
            : plots.HasBothParts ? [Column("held-out", group => group.HeldOut), Column("training", group => group.Training)]
            : [Column("", group => group.HeldOut + group.Training)];
        double head = Math.Min(WidestName, TextWidth.Of(content.Legend, TextStyle.Small, bold: true));
        double names = Math.Max(head, TextWidth.Widest(_names, TextStyle.Small));
        double table = Swatch + names + _counts.Sum(column => ColumnGap + ColumnWidth(column));
        Notes = [.. NotesOf(content, plots).SelectMany(note => Wrapped(note, Math.Max(NoteWidth, table)))];
        double bar = plots.Values is null ? 0 : BarWidth + (2 * Gap) + BarLabels;
        Width = Math.Max(Math.Max(table, bar), TextWidth.Widest(Notes, TextStyle.Small)) + Gap;
        double rows = plots.Values is null ? RowHeight * (_names.Length + 1) : BarHeight + (2 * RowHeight);
        Height = rows + (RowHeight * (Notes.Count + 1.5));

        (string, string[]) Column(string head, Func<ScatterGroup, int> count) =>
            (head, [.. groups.Select(group => count(group).ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>In pixels.</summary>
    public double Width { get; }

    /// <summary>In pixels.</summary>
    public double Height { get; }

    private List<string> Notes { get; }

    /// <summary>Draws it with its upper left corner there.</summary>
    public void Draw(SvgCanvas canvas, double x, double y)
    {
        double after = _plots.Values is LinearScale values ? DrawColourBar(canvas, x, y, values) : DrawClasses(canvas, x, y);
        for (int i = 0; i < Notes.Count; i++)
            canvas.Text(x, after + ((i + 1) * RowHeight), Notes[i], new TextStyle(TextStyle.Small, Colour: Palette.Muted));
    }

    /// <summary>How to read the points, for a caption: a sentence each.</summary>
    public static IEnumerable<string> NotesOf(ScatterContent content, ScatterPlots plots)
    {
        if (plots.HasBothParts) yield return "Solid: held-out molecules; hollow: molecules trained on.";
        if (plots.Values is not null)
        {
            int unknown = content.Points.Count(point => !double.IsFinite(point.Value));
            if (unknown > 0) yield return string.Create(CultureInfo.InvariantCulture, $"Grey: {unknown} without a value.");
        }
        else if (plots.Groups.SeveralLabels > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{plots.Groups.SeveralLabels} of {content.Points.Count} molecules have several of these labels: "
                + $"each counts under all, and is drawn as its rarest.");
    }

    private double DrawClasses(SvgCanvas canvas, double x, double y)
    {
        TextStyle head = new(TextStyle.Small, Bold: true), count = new(TextStyle.Small, "end", Palette.Muted);
        double right = x + Width - Gap;
        canvas.Text(x, y, TextWidth.Fit(_content.Legend, TextStyle.Small, WidestName, bold: true), head, _content.Legend);
        for (int i = 0; i < _names.Length; i++)
        {
            ScatterGroup group = _plots.Groups.Groups[i];
            double row = y + ((i + 1) * RowHeight);
            canvas.OpenGroup(MarkStyle.Solid(group.Colour), "class=\"key\"");
            canvas.Mark(group.Shape, new ChartPoint(x + 6, row), 4.2);
            canvas.CloseGroup();
            canvas.Text(x + Swatch, row, _names[i], new TextStyle(TextStyle.Small), group.Name);
        }
        for (int c = _counts.Length - 1; c >= 0; c--)
        {
            canvas.Text(right, y, _counts[c].Head, count);
            for (int i = 0; i < _names.Length; i++) canvas.Text(right, y + ((i + 1) * RowHeight), _counts[c].Texts[i], count);
            right -= ColumnWidth(_counts[c]) + ColumnGap;
        }
        return y + (_names.Length * RowHeight) + (RowHeight / 2);
    }

    private double DrawColourBar(SvgCanvas canvas, double x, double y, LinearScale values)
    {
        string label = _content.ValueLabel!;
        canvas.Text(x, y, TextWidth.Fit(label, TextStyle.Small, Width - Gap, bold: true), new TextStyle(TextStyle.Small, Bold: true), label);
        Box bar = new(x, y + RowHeight, BarWidth, BarHeight);
        double step = BarHeight / BarSteps;
        // Each reaches down into the one before, so that no white shows between them.
        for (int i = 0; i < BarSteps; i++)
            canvas.Rectangle(
                new Box(bar.X, bar.Bottom - ((i + 1) * step), bar.Width, i == 0 ? step : 1.2 * step), Palette.Value((i + 0.5) / BarSteps));
        LinearScale place = values with { From = bar.Bottom, To = bar.Y };
        foreach (double tick in place.Ticks())
        {
            canvas.Line(bar.Right, place.Map(tick), bar.Right + 4, place.Map(tick), new Stroke(Palette.Muted));
            canvas.Text(bar.Right + Gap, place.Map(tick), place.Label(tick), new TextStyle(TextStyle.Small, Colour: Palette.Muted));
        }
        return bar.Bottom + (RowHeight / 2);
    }

    private static double ColumnWidth((string Head, string[] Texts) column) => TextWidth.Widest([column.Head, .. column.Texts], TextStyle.Small);

    private static IEnumerable<string> Wrapped(string text, double width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && TextWidth.Of(longer, TextStyle.Small) > width)
            {
                yield return line;
                line = word;
            }
            else line = longer;
        }
        yield return line;
    }
}
