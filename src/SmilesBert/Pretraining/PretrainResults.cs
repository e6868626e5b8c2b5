using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Training;
using SmilesBert.Weights;

namespace SmilesBert.Pretraining;

/// <summary>A finished pretraining's figures and pictures: metrics.json, curves.svg, report.html.</summary>
/// <param name="run">What was run.</param>
/// <param name="progress">Its end.</param>
/// <param name="recovery">The kept model's recovery of held-out tokens; null where none are held out.</param>
/// <param name="flopsPerMolecule">Operations that a molecule takes in training (<see cref="Model.ModelFlops"/>).</param>
/// <param name="peak">Operations per second of a large matrix product on the device.</param>
internal sealed class PretrainResults(
    PretrainDescription run, TrainingProgress progress, RecoveryScore? recovery, double flopsPerMolecule, double peak)
{
    private const double Giga = 1e9;

    /// <summary>The result in a sentence or two.</summary>
    public string Summary => recovery is not { } score ? "No molecules were held out: no result to report."
        : Text($"Of {score.Tokens:N0} masked tokens of {run.Data.HeldOut.Length:N0} held-out molecules {score.Top1:P1} are recovered (loss {score.Loss:0.000});")
            + Text($" always naming the commonest token would recover {score.Baseline:P1}.");

    /// <summary>How fast it went, and beside what.</summary>
    public string Speed => Rate is not { } rate ? "No step was taken."
        : Text($"{rate:0.0} molecules/s, {progress.Tokens / progress.Seconds:0} tokens/s, {rate * flopsPerMolecule / Giga:0.0} GFLOP/s in matrix products,")
            + Text($" {rate * flopsPerMolecule / peak:P0} of the {peak / Giga:0.0} GFLOP/s that a large matrix product alone reaches here.");

    private double? Rate => progress.Seconds > 0 ? progress.Molecules / progress.Seconds : null;

    /// <summary>Writes all of them; metrics.json last, for it says that the run has ended.</summary>
    public void Write(RunFolder folder)
    {
        int stepsPerEpoch = new BatchPlan(run.Data.Train, run.Options.Training).StepsPerEpoch;
        string curves = RunCurves.Draw(folder, stepsPerEpoch, "top1_recovery", "top-1 recovery", recovery is null ? null : progress.BestEpoch);
        AtomicFile.WriteText(folder.File("curves.svg"), curves);
        AtomicFile.WriteText(folder.File("report.html"), RunReport.Render(Report(curves)));
        AtomicFile.WriteText(folder.File("metrics.json"), ReadableJson.Text(Metrics()));
    }

    private JsonObject Metrics()
    {
        JsonObject json = new()
        {
            ["task"] = "masked_recovery",
            ["device"] = run.Model.Ops.Description,
            ["seed"] = run.Options.Training.Seed,
            ["parameters"] = run.Model.Parameters.Count,
            ["vocabulary"] = run.Tokenizer.VocabularySize,
            ["epochs"] = progress.Epoch,
            ["steps"] = progress.Step,
            ["best_epoch"] = progress.BestEpoch,
            ["train"] = new JsonObject { ["molecules"] = run.Data.Train.Length, ["loss"] = progress.TrainLoss },
        };
        if (recovery is { } score) json["validation"] = score.ToJson(run.Data.HeldOut.Length);
        json["flop_per_molecule"] = flopsPerMolecule;
        json["molecules_per_second"] = Rate;
        json["tokens_per_second"] = progress.Seconds > 0 ? progress.Tokens / progress.Seconds : null;
        json["gflop_per_second"] = Rate * flopsPerMolecule / Giga;
        json["peak_gflop_per_second"] = peak / Giga;
        return json;
    }

    private RunReportContent Report(string curves) => new()
    {
        Title = $"Pretraining on {string.Join(", ", run.Options.Data.Select(static path => Path.GetFileName(path)))}",
        Summary = $"{Summary} {Speed}",
        Warnings = run.Warnings,
        Scores = recovery is { } score
            ? [new ReportScores($"held out, epoch {progress.BestEpoch}", run.Data.HeldOut.Length, [new("loss", score.Loss, null), .. score.Metrics])] : [],
        Figures = [new ReportFigure("curves.svg", "Learning curves", curves, RunCurves.Caption)],
        Facts = run.Facts,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
