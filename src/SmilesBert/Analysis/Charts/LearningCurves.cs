using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>How a training went: the loss of every step, its smoothed course, the validation loss, and the validation metric. curves.svg.</summary>
public sealed record LearningCurves
{
    private const double PanelWidth = 470, Height = 340;
    private const int MostPoints = 400;         // more cannot be told apart on such a width

    /// <summary>The loss of each step, from the first; of very many, the chart shows means of a few steps each.</summary>
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
        int perPoint = (TrainLoss.Count + MostPoints - 1) / MostPoints;
        string each = perPoint <= 1 ? "each step" : string.Create(CultureInfo.InvariantCulture, $"each {perPoint} steps");
        int smoothing = Math.Max(Math.Max(5, perPoint), TrainLoss.Count / 25);
        List<LineSeries> losses =
        [
            new(each, Averaged(perPoint, perPoint), Palette.Faint, 1),
            new("smoothed", Averaged(perPoint, smoothing), Palette.Blue, 2),
        ];
        ChartPoint[] validation = [.. Evaluations.Where(e => e.Loss is not null).Select(e => new ChartPoint(e.Epoch, e.Loss!.Value))];
        if (validation.Length > 0) losses.Add(new LineSeries("validation", validation, Palette.Vermillion, Markers: true));
        ChartPoint[] metric = [.. Evaluations.Where(e => e.Metric is not null).Select(e => new ChartPoint(e.Epoch, e.Metric!.Value))];

        double epochs = Math.Max((double)TrainLoss.Count / StepsPerEpoch, Evaluations.Select(e => e.Epoch).DefaultIfEmpty(0).Max());
        if (epochs == 0) epochs = 1;
        (double, string)? best = BestEpoch is double epoch ? (epoch, "kept") : null;

        SvgCanvas canvas = new(metric.Length > 0 ? 2 * PanelWidth : PanelWidth, Height, "Learning curves");
        new LineChart(validation.Length > 0 ? "Training and validation loss" : "Training loss", "epoch", "loss", epochs, losses, best).Draw(canvas, new Box(0, 0, PanelWidth, Height));
        if (metric.Length > 0)
            new LineChart($"Validation {MetricName}", "epoch", MetricName, epochs, [new(MetricName, metric, Palette.Green, Markers: true)], best)
                .Draw(canvas, new Box(PanelWidth, 0, PanelWidth, Height));
        return canvas.ToString();
    }

    // A point in the middle of every `stride` steps: the mean of the `window` steps around it, fewer at the ends.
    private List<ChartPoint> Averaged(int stride, int window)
    {
        List<ChartPoint> points = [];
        for (int start = 0; start < TrainLoss.Count; start += stride)
        {
            int from = Math.Max(0, start + ((stride - window) / 2)), to = Math.Min(TrainLoss.Count, start + ((stride - window) / 2) + window);
            double sum = 0;
            for (int step = from; step < to; step++) sum += TrainLoss[step];
            points.Add(new ChartPoint((start + (Math.Min(stride, TrainLoss.Count - start) / 2.0)) / StepsPerEpoch, sum / (to - from)));
        }
        return points;
    }
}
