namespace SmilesBert.Analysis.Charts;

/// <summary>How a training went: the loss of every step with its smoothed course, the validation loss, and the validation metric. curves.svg.</summary>
public sealed record LearningCurves
{
    private const double PanelWidth = 470, Height = 340;
    private const int MostPoints = 400;         // more cannot be told apart on such a width

    /// <summary>The loss of each step, from the first.</summary>
    public required IReadOnlyList<float> TrainLoss { get; init; }

    /// <summary>Steps of one epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>In the order of epochs; empty without a validation part.</summary>
    public required IReadOnlyList<EpochEvaluation> Evaluations { get; init; }

    /// <summary>What <see cref="EpochEvaluation.Metric"/> is: "macro F1".</summary>
    public required string MetricName { get; init; }

    /// <summary>The epoch whose weights were kept, where one was chosen.</summary>
    public double? BestEpoch { get; init; }

    /// <summary>An SVG of one panel, or of two where the metric was measured.</summary>
    public string Draw()
    {
        List<LineSeries> losses = [new("training, each step", Averaged(window: 1), "#9ecae1", 1), new("smoothed", Averaged(SmoothingWindow), Palette.Blue, 2)];
        ChartPoint[] validation = [.. Evaluations.Where(e => e.Loss is not null).Select(e => new ChartPoint(e.Epoch, e.Loss!.Value))];
        if (validation.Length > 0) losses.Add(new LineSeries("validation", validation, Palette.Vermillion, Markers: true));
        ChartPoint[] metric = [.. Evaluations.Where(e => e.Metric is not null).Select(e => new ChartPoint(e.Epoch, e.Metric!.Value))];

        double epochs = Math.Max((double)TrainLoss.Count / StepsPerEpoch, Evaluations.Select(e => e.Epoch).DefaultIfEmpty(0).Max());
        if (epochs == 0) epochs = 1;
        (double, string)? best = BestEpoch is double epoch ? (epoch, "kept") : null;

        SvgCanvas canvas = new(metric.Length > 0 ? 2 * PanelWidth : PanelWidth, Height, "Learning curves");
        new LineChart("Loss", "epoch", "loss", epochs, losses, best).Draw(canvas, new Box(0, 0, PanelWidth, Height));
        if (metric.Length > 0)
            new LineChart($"Validation {MetricName}", "epoch", MetricName, epochs, [new(MetricName, metric, Palette.Green, Markers: true)], best)
                .Draw(canvas, new Box(PanelWidth, 0, PanelWidth, Height));
        return canvas.ToString();
    }

    private int SmoothingWindow => Math.Max(1, TrainLoss.Count / 25);

    // Means over `window` steps around each of at most MostPoints places; with window 1 and many steps, over each place's own steps.
    private List<ChartPoint> Averaged(int window)
    {
        List<ChartPoint> points = [];
        int places = Math.Min(TrainLoss.Count, MostPoints);
        for (int place = 0; place < places; place++)
        {
            int from = (int)((long)place * TrainLoss.Count / places), to = (int)((long)(place + 1) * TrainLoss.Count / places);
            int middle = (from + to - 1) / 2;
            from = Math.Max(0, Math.Min(from, middle - (window / 2)));
            to = Math.Min(TrainLoss.Count, Math.Max(to, middle + (window / 2) + 1));
            double sum = 0;
            for (int step = from; step < to; step++) sum += TrainLoss[step];
            points.Add(new ChartPoint((middle + 0.5) / StepsPerEpoch, sum / (to - from)));
        }
        return points;
    }
}
