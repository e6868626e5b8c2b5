using System.Diagnostics;
using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>A training on the terminal: the header, a progress line that is rewritten in place (or a plain line now and then in a file), results.</summary>
internal sealed class ConsoleLog(string output) : ITrainingLog
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10), StatusEvery = TimeSpan.FromMilliseconds(200);

    private readonly ProgressLine line = new();
    private readonly Stopwatch sinceShown = Stopwatch.StartNew();
    private (double Seconds, long Molecules, int Step)? began;

    public void Header(IReadOnlyList<ReportFacts> facts)
    {
        foreach (ReportFacts block in facts)
        {
            line.Write(block.Heading);
            foreach ((string name, string value) in block.Facts) line.Write($"  {name,-14} {value}");
        }
    }

    public void Warning(string text) => line.Write($"warning: {text}");

    public void Message(string text) => line.Write(text);

    public void Step(StepRecord step, int totalSteps, TrainingProgress progress)
    {
        // Rates are of this session's steps: a resumed run may go on with other threads.
        (double seconds, long molecules, int first) = began ??= (progress.Seconds - 1e-9, progress.Molecules, progress.Step);
        bool isLast = step.Step == totalSteps;
        if (sinceShown.Elapsed < (line.IsTerminal ? StatusEvery : LineEvery) && !isLast) return;
        sinceShown.Restart();
        double rate = (progress.Molecules - molecules) / (progress.Seconds - seconds);
        double left = progress.Step > first ? (progress.Seconds - seconds) / (progress.Step - first) * (totalSteps - step.Step) : 0;
        line.Show(string.Create(CultureInfo.InvariantCulture,
            $"epoch {step.Epoch}  step {step.Step}/{totalSteps}  loss {step.Loss:0.0000}  {rate:0.0} molecules/s  {TimeSpan.FromSeconds(Math.Ceiling(left)):h\\:mm\\:ss} left"));
    }

    public void Evaluated(int epoch, string split, Evaluation evaluation, bool isBest)
    {
        string figures = string.Join("  ", evaluation.Metrics.Where(static metric => metric.Value is not null)
            .Select(static metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value:0.0000}")));
        string loss = evaluation.Loss is { } value ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "none";
        line.Write($"epoch {epoch}  {split}  loss {loss}  {figures}{(isBest ? "  (best)" : "")}");
        foreach (Metric metric in evaluation.Metrics.Where(static metric => metric.Value is null)) line.Write($"  {metric.Name} is undefined: {metric.Undefined}");
        if (split == "test") line.Write($"report: {Path.Combine(output, "report.html")}");
    }
}
