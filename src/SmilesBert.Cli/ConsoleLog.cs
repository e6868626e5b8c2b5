using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Training;

namespace SmilesBert.Cli;

/// <summary>A training on the terminal: header, progress in place (or a plain line now and then in a file), results.</summary>
internal sealed class ConsoleLog : ITrainingLog
{
    private readonly ProgressLine line = new();
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
        (double seconds, long molecules, int first) = began ??= (progress.Seconds, progress.Molecules, progress.Step);
        bool isLast = step.Step == totalSteps;
        if (!line.IsDue && !isLast) return;
        string text = string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}  step {step.Step}/{totalSteps}  loss {step.Loss:0.0000}");
        if (progress.Step > first)
        {
            double rate = (progress.Molecules - molecules) / (progress.Seconds - seconds);
            double left = (progress.Seconds - seconds) / (progress.Step - first) * (totalSteps - step.Step);
            text += string.Create(CultureInfo.InvariantCulture, $"  {rate:0.0} molecules/s  {ProgressLine.Clock(left)} left");
        }
        line.Show(text);
    }

    public void Evaluated(int epoch, string split, IScored evaluation, bool isBest)
    {
        List<string> figures = [split == "test" ? $"test of epoch {epoch}" : $"epoch {epoch}  {split}"];
        if (evaluation.Loss is { } loss) figures.Add($"loss {Figure(loss)}");
        foreach (Metric metric in evaluation.Metrics)
            if (metric.Value is { } value) figures.Add($"{metric.Label} {Figure(value)}");
        if (isBest) figures.Add("(best)");
        line.Write(string.Join("  ", figures));
        foreach (Metric metric in evaluation.Metrics)
            if (metric.Value is null) line.Write($"  {metric.Label} is undefined: {metric.Undefined}");
    }

    /// <summary>A run's last words: where to look, and its results on standard output where they are asked for.</summary>
    /// <param name="folder">The run's folder, with report.html.</param>
    /// <param name="results">The JSON file of it to print, or null.</param>
    public void Finish(string folder, string? results)
    {
        line.Write($"report: {Path.Combine(folder, "report.html")}");
        if (results is not null) Console.Out.Write(File.ReadAllText(Path.Combine(folder, results)));
    }

    private static string Figure(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
