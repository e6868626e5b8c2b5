using System.Globalization;
using System.Text.Json.Nodes;
using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;
using SmilesBert.Data;
using SmilesBert.Weights;

namespace SmilesBert.Training;

/// <summary>A finished run's figures and pictures: metrics.json, predictions.csv, report.html and each of its pictures (curves.svg and others).</summary>
internal sealed class RunResults(RunDescription run, TrainingProgress progress, Evaluation? validation, Evaluation? test)
{
    private const int WorstShown = 25;

    private Dataset Data => run.Data;

    /// <summary>Writes all of them; metrics.json last, for it says that the run has ended.</summary>
    public void Write(RunFolder folder)
    {
        if (test is not null) WritePredictions(folder.File("predictions.csv"), test);
        RunReportContent report = Report(Curves(folder));
        foreach (ReportFigure figure in report.Figures) AtomicFile.WriteText(folder.File(figure.File), figure.Svg);
        AtomicFile.WriteText(folder.File("report.html"), RunReport.Render(report));
        AtomicFile.WriteText(folder.File("metrics.json"), ReadableJson.Text(Metrics()));
    }

    private JsonObject Metrics()
    {
        JsonObject json = new()
        {
            ["task"] = Model.ModelConfig.ProblemTypeOf(Data.Task),
            ["device"] = run.Model.Ops.Description,
            ["seed"] = run.Options.Training.Seed,
            ["parameters"] = run.Model.Parameters.Count,
            ["epochs"] = progress.Epoch,
            ["best_epoch"] = progress.BestEpoch,
            ["train"] = new JsonObject { ["rows"] = run.Split.Train.Length, ["loss"] = progress.TrainLoss },
        };
        if (validation is not null) json["validation"] = EvaluationJson.Of(validation, Data);
        if (test is not null) json["test"] = EvaluationJson.Of(test, Data);
        json["molecules_per_second"] = progress.Seconds > 0 ? progress.Molecules / progress.Seconds : null;
        json["tokens_per_second"] = progress.Seconds > 0 ? progress.Tokens / progress.Seconds : null;
        return json;
    }

    private void WritePredictions(string path, Evaluation evaluation)
    {
        PredictionColumns columns = new(Data.Task, Data.Labels);
        int k = Data.Labels.Count;
        CsvFile.Write(path, Lines());

        IEnumerable<IEnumerable<string>> Lines()
        {
            yield return ["row", "smiles", .. columns.TargetNames, .. columns.Names];
            for (int i = 0; i < evaluation.Rows.Count; i++)
            {
                int row = evaluation.Rows[i];
                IEnumerable<string> outputs = columns.Fields(evaluation.Outputs.AsSpan(i * k, k));
                yield return [Text($"{Data.Rows[row]}"), Data.Smiles[row], .. columns.TargetFields(Data, row), .. outputs];
            }
        }
    }

    private string Curves(RunFolder folder)
    {
        (string key, string name) = Data.Task switch
        {
            TaskKind.SingleLabel => ("accuracy", "accuracy"),
            TaskKind.MultiLabel => ("macro_roc_auc", "macro ROC-AUC"),
            _ => ("rmse", "RMSE"),
        };
        int stepsPerEpoch = new BatchPlan(run.Split.Train, run.Options.Training).StepsPerEpoch;
        return RunCurves.Draw(folder, stepsPerEpoch, key, name, validation is null ? null : progress.BestEpoch);
    }

    private RunReportContent Report(string curves)
    {
        List<ReportScores> scores = [];
        if (validation is not null)
            scores.Add(new ReportScores($"validation, epoch {progress.BestEpoch}", validation.Rows.Count, validation.Metrics));
        if (test is not null) scores.Add(new ReportScores("test", test.Rows.Count, test.Metrics));
        List<ReportFigure> figures = [new("curves.svg", "Learning curves", curves, RunCurves.Caption)];
        if (test is not null) figures.AddRange(Figures(test));
        return new RunReportContent
        {
            Title = $"{string.Join(", ", run.Options.Targets.Columns)} from {Path.GetFileName(Data.Source)}",
            Summary = Summary(),
            Warnings = run.Warnings,
            Scores = scores,
            Figures = figures,
            Tables = test is null ? [] : [Worst(test)],
            Facts = run.Facts,
        };
    }

    private string Summary()
    {
        if (test is null) return "There is no test part: no result to report.";
        string figures = string.Join(", ", test.Metrics.Where(static metric => metric.Value is not null && metric.Name != "majority_rate").Take(4)
            .Select(static metric => Text($"{metric.Label} {metric.Value:0.000}")));
        double? majority = test.Metrics.FirstOrDefault(static metric => metric.Name == "majority_rate").Value;
        string baseline = majority is null ? "" : Text($" Always naming the commonest class would get accuracy {majority:0.000}.");
        return Text($"On {test.Rows.Count:N0} test molecules: {figures}.{baseline}");
    }

    private IEnumerable<ReportFigure> Figures(Evaluation evaluation)
    {
        if (evaluation.SingleLabel is { } single)
        {
            Bar[] classes = [.. single.PerClass.Select((c, k) => new Bar(Data.Labels[k], c.F1, c.Support)).OrderByDescending(bar => bar.Value)];
            yield return new ReportFigure(
                "confusion.svg", "Confusion matrix", ConfusionMatrixChart.Draw("Test", single.Confusion, Data.Labels),
                "Rows are what is true, columns what was predicted.");
            yield return new ReportFigure(
                "classes.svg", "Each class", BarChart.Draw("F1 by class, test", "F1", "rows", classes),
                "F1 of each class, with the number of its test molecules.");
        }
        else if (evaluation.MultiLabel is { } multi)
        {
            Bar[] labels = [.. multi.PerLabel.Select((l, k) => new Bar(Data.Labels[k], l.RocAuc, l.Positives)).OrderByDescending(bar => bar.Value)];
            yield return new ReportFigure(
                "labels.svg", "Each label", BarChart.Draw("ROC-AUC by label, test", "ROC-AUC", "positive", labels, (0.5, "chance")),
                "ROC-AUC of each label, with the number of test molecules that have it.");
        }
        else
        {
            int k = Data.Labels.Count;
            float[] targets = Evaluation.Targets(Data, evaluation.Rows);
            for (int t = 0; t < k; t++)
            {
                int[] known = [.. Enumerable.Range(t, targets.Length - t).Where(e => e % k == t && !float.IsNaN(targets[e]))];
                yield return new ReportFigure(
                    k == 1 ? "parity.svg" : Text($"parity-{t + 1}.svg"), $"Predicted against true: {Data.Labels[t]}",
                    ParityChart.Draw("Test", Data.Labels[t], [.. known.Select(e => targets[e])], [.. known.Select(e => evaluation.Outputs[e])]),
                    "Each point is a test molecule; the line is where the two agree.");
            }
        }
    }

    private ReportTable Worst(Evaluation evaluation)
    {
        const string Heading = "Worst mistakes";
        int k = Data.Labels.Count;
        if (evaluation.SingleLabel is not null)
        {
            int[] classes = [.. evaluation.Rows.Select(row => Data.Classes[row])];
            return new ReportTable(
                Heading, "Test molecules of a wrong class, the most confident first.", ["row", "SMILES", "true", "predicted", "probability"],
                [.. WorstRows.SingleLabel(evaluation.Outputs, classes, k, WorstShown).Select(i =>
                {
                    Span<float> probabilities = evaluation.Outputs.AsSpan(i * k, k);
                    int predicted = Probabilities.IndexOfLargest(probabilities);
                    return Cells(evaluation.Rows[i], Data.Labels[classes[i]], Data.Labels[predicted], Text($"{probabilities[predicted]:0.000}"));
                })]);
        }
        float[] targets = Evaluation.Targets(Data, evaluation.Rows);
        bool isMulti = evaluation.MultiLabel is not null;
        IReadOnlyList<int> elements = isMulti
            ? WorstRows.MultiLabel(evaluation.Outputs, targets, WorstShown)
            : WorstRows.Regression(evaluation.Outputs, targets, WorstShown);
        return new ReportTable(
            Heading, isMulti ? "Labels on the wrong side of one half, the furthest first." : "The largest errors.",
            ["row", "SMILES", isMulti ? "label" : "target", "true", "predicted"],
            [
                .. elements.Select(e =>
                    Cells(evaluation.Rows[e / k], Data.Labels[e % k], Text($"{targets[e]:G5}"), Text($"{evaluation.Outputs[e]:G5}"))),
            ]);
    }

    private IReadOnlyList<string> Cells(int row, params string[] rest) => [Text($"{Data.Rows[row]}"), Data.Smiles[row], .. rest];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
