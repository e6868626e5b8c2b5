using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>The panels of a scatter plot: where they and their points stand, and the drawing of them. A legend is others' work.</summary>
internal sealed class ScatterPlots
{
    private const double PlotWidth = 380, PlotHeight = 360, Gap = 8, Between = 22, TitleHeight = 30, PanelTitleHeight = 22;

    private readonly ScatterContent _content;
    private readonly Box[] _boxes;
    private readonly (LinearScale X, LinearScale Y)[] _scales;

    /// <summary>Places panels and points.</summary>
    /// <exception cref="InputException">A point stands nowhere: its coordinates are not finite.</exception>
    public ScatterPlots(ScatterContent content)
    {
        _content = content;
        Groups = new ScatterGroups(content);
        Values = ValueScale(content);
        _boxes = new Box[content.Panels.Count];
        _scales = new (LinearScale, LinearScale)[content.Panels.Count];
        double x = Gap, y = TitleHeight + (content.Panels.Any(panel => panel.Title.Length > 0) ? PanelTitleHeight : 0);
        for (int p = 0; p < _boxes.Length; p++)
        {
            ScatterPanel panel = content.Panels[p];
            CheckPositions(panel, content.Points.Count);
            LinearScale vertical = LinearScale.Near(panel.Positions.Select(at => at.Y), y + PlotHeight, y, ticks: 8);
            Box box = new(x + PlotArea.LeftMargin(vertical), y, PlotWidth, PlotHeight);
            _boxes[p] = box;
            _scales[p] = (LinearScale.Near(panel.Positions.Select(at => at.X), box.X, box.Right, ticks: 8), vertical);
            x = box.Right + Between;
        }
        Right = x;
        Top = y;
        Bottom = y + PlotHeight + PlotArea.BottomMargin;
    }

    /// <summary>Colours, shapes and counts of the classes.</summary>
    public ScatterGroups Groups { get; }

    /// <summary>The values that have a colour, from the first to the last of the colour bar; null where points are coloured by class.</summary>
    public LinearScale? Values { get; }

    /// <summary>Where the last panel and the room after it end.</summary>
    public double Right { get; }

    /// <summary>The upper edge of the plots.</summary>
    public double Top { get; }

    /// <summary>Under the axes' labels.</summary>
    public double Bottom { get; }

    /// <summary>Whether some molecules were trained on and others held out, so that the two must be told apart.</summary>
    public bool HasBothParts => _content.Points.Any(point => point.HeldOut) && _content.Points.Any(point => !point.HeldOut);

    /// <summary>Of a mark, in pixels: the more points, the smaller.</summary>
    public double Radius => Math.Clamp(3.8 * Math.Pow(300.0 / Math.Max(1, _content.Points.Count), 0.17), 1.5, 3.8);

    // The more points, the more stand on each other, and where they are many it should show.
    private double Opacity => Math.Clamp(0.9 * Math.Pow(300.0 / Math.Max(1, _content.Points.Count), 0.15), 0.35, 0.9);

    /// <summary>A panel's plot, without its axes' labels.</summary>
    public Box Plot(int panel) => _boxes[panel];

    /// <summary>The pixel where a molecule stands in a panel.</summary>
    public ChartPoint Pixel(int panel, int point)
    {
        ChartPoint at = _content.Panels[panel].Positions[point];
        return new ChartPoint(_scales[panel].X.Map(at.X), _scales[panel].Y.Map(at.Y));
    }

    /// <summary>Titles, axes and points.</summary>
    /// <param name="canvas">As wide as <see cref="Right"/> at least.</param>
    /// <param name="everyLabel">
    /// Besides the mark that shows a molecule, one for each other label of it that the legend has, hidden: for a page that switches classes.
    /// </param>
    public void Draw(SvgCanvas canvas, bool everyLabel)
    {
        string title = TextWidth.Fit(_content.Title, TextStyle.Title, Right - _boxes[0].X - Between, bold: true);
        canvas.Text(_boxes[0].X, 18, title, new TextStyle(TextStyle.Title, Bold: true), _content.Title);
        for (int p = 0; p < _boxes.Length; p++)
        {
            ScatterPanel panel = _content.Panels[p];
            string name = TextWidth.Fit(panel.Title, TextStyle.Normal, PlotWidth, bold: true);
            canvas.Text(_boxes[p].X, Top - (PanelTitleHeight / 2) - 2, name, new TextStyle(Bold: true), panel.Title);
            new PlotArea(canvas, _boxes[p], _scales[p].X, _scales[p].Y).DrawAxes(panel.XLabel, panel.YLabel);
            // Held-out molecules are what the picture is about: they lie over the others.
            DrawPart(canvas, p, heldOut: false, everyLabel);
            DrawPart(canvas, p, heldOut: true, everyLabel);
        }
    }

    private void DrawPart(SvgCanvas canvas, int panel, bool heldOut, bool everyLabel)
    {
        int[] points = [.. Enumerable.Range(0, _content.Points.Count).Where(i => _content.Points[i].HeldOut == heldOut)];
        if (points.Length == 0) return;
        if (Values is LinearScale values)
        {
            // Molecules without a value first, under the others.
            IEnumerable<int> order = points.OrderBy(i => double.IsFinite(_content.Points[i].Value));
            foreach (IGrouping<string, int> alike in order.GroupBy(i => ColourOf(_content.Points[i].Value, values)))
                DrawMarks(canvas, panel, heldOut, 0, alike.Key, Marker.Circle, alike.Select(i => (i, false)));
            return;
        }
        ILookup<int, (int Point, bool Hidden)> marks = points
            .SelectMany(i => Groups.Of(i).Take(everyLabel ? int.MaxValue : 1).Select((group, rank) => (Group: group, Mark: (i, rank > 0))))
            .ToLookup(mark => mark.Group, mark => mark.Mark);
        foreach (int group in Groups.DrawingOrder.Where(marks.Contains))
            DrawMarks(canvas, panel, heldOut, group, Groups.Groups[group].Colour, Groups.Groups[group].Shape, marks[group]);
    }

    private void DrawMarks(
        SvgCanvas canvas, int panel, bool heldOut, int group, string colour, Marker shape, IEnumerable<(int Point, bool Hidden)> marks)
    {
        string attributes = string.Create(
            CultureInfo.InvariantCulture, $"class=\"marks\" data-panel=\"{panel}\" data-part=\"{PartName(heldOut)}\" data-group=\"{group}\"");
        canvas.OpenGroup(heldOut ? MarkStyle.Solid(colour, Opacity, Radius) : MarkStyle.Hollow(colour, Opacity, Radius), attributes);
        foreach ((int point, bool hidden) in marks)
            canvas.Mark(shape, Pixel(panel, point), Radius, string.Create(
                CultureInfo.InvariantCulture, $" data-point=\"{point}\"{(hidden ? " display=\"none\"" : "")}"));
        canvas.CloseGroup();
    }

    /// <summary>As the marks' data-part has it.</summary>
    public static string PartName(bool heldOut) => heldOut ? "held-out" : "training";

    // In 100 steps, finer than an eye tells: marks of a colour share a group.
    private static string ColourOf(double value, LinearScale values) =>
        double.IsFinite(value) ? Palette.Value(Math.Round((value - values.Min) / (values.Max - values.Min), 2)) : Palette.UnlabelledGrey;

    private static LinearScale? ValueScale(ScatterContent content)
    {
        if (content.ValueLabel is null) return null;
        double[] values = [.. content.Points.Select(point => point.Value).Where(double.IsFinite)];
        bool differ = values.Length > 0 && values.Min() < values.Max();
        return differ ? LinearScale.Exact(values.Min(), values.Max(), 0, 1, ticks: 5) : LinearScale.Around(values, 0, 1, ticks: 5);
    }

    private static void CheckPositions(ScatterPanel panel, int points)
    {
        if (panel.Positions.Count != points)
            throw new ArgumentException($"{panel.Positions.Count} positions of {points} molecules", nameof(panel));
        for (int i = 0; i < points; i++)
        {
            (double x, double y) = panel.Positions[i];
            if (!double.IsFinite(x) || !double.IsFinite(y))
                throw new InputException(string.Create(
                    CultureInfo.InvariantCulture, $"molecule {i + 1} cannot be drawn: its coordinates are ({x}, {y}), expected finite numbers"));
        }
    }
}
