using System.Text.Json.Nodes;
using System.Xml.Linq;
using SmilesBert.Weights;

namespace SmilesBert.Tests.Cli;

/// <summary>The files of a run folder, as cli.md describes them.</summary>
public sealed class FinetuneTests(FinetunedRuns runs)
{
    public static readonly TheoryData<string> Tasks = ["single-label", "multi-label", "regression"];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Metrics_HoldTheDocumentedKeys(string task)
    {
        FinetunedRuns.Run run = runs.Of(task);
        JsonObject metrics = JsonNode.Parse(run.Text("metrics.json"))!.AsObject();
        Assert.Equal(
            ["task", "device", "seed", "parameters", "epochs", "best_epoch", "train", "validation", "test",
             "molecules_per_second", "tokens_per_second"],
            metrics.Select(static entry => entry.Key));
        Assert.Equal(task == "regression" ? task : task.Replace('-', '_') + "_classification", (string?)metrics["task"]);
        Assert.Equal(42, (int)metrics["seed"]!);
        Assert.Equal(FinetunedRuns.Epochs, (int)metrics["epochs"]!);
        Assert.InRange((int)metrics["best_epoch"]!, 1, FinetunedRuns.Epochs);
        Assert.True((double)metrics["molecules_per_second"]! > 0);
        Assert.True(double.IsFinite((double)metrics["train"]!["loss"]!));

        string[] figures = task switch
        {
            "single-label" => ["accuracy", "macro_f1", "mcc", "roc_auc"],
            "multi-label" => ["macro_roc_auc", "micro_f1", "labels"],
            _ => ["rmse", "mae", "r2"],
        };
        foreach (string part in (string[])["validation", "test"])
            Assert.Superset((HashSet<string>)[.. figures, "rows", "loss"], metrics[part]!.AsObject().Select(static entry => entry.Key).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Json_IsMetricsJsonAndNothingElse(string task)
    {
        FinetunedRuns.Run run = runs.Of(task);
        Assert.Equal(run.Text("metrics.json"), run.Command.Output);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void History_HasALineForEachStepAndEvaluation(string task)
    {
        FinetunedRuns.Run run = runs.Of(task);
        JsonObject[] lines = [.. File.ReadLines(run.At("history.jsonl")).Select(static line => JsonNode.Parse(line)!.AsObject())];
        JsonObject[] steps = [.. lines.Where(static line => line.ContainsKey("step"))];
        JsonObject[] evaluations = [.. lines.Where(static line => !line.ContainsKey("step"))];

        int trained = Csv.Read(run.At("split.csv")).Column("split").Count(static part => part == "train");
        int stepsPerEpoch = (trained + FinetunedRuns.BatchSize - 1) / FinetunedRuns.BatchSize, total = stepsPerEpoch * FinetunedRuns.Epochs;
        Assert.Equal(Enumerable.Range(1, total), steps.Select(static line => (int)line["step"]!));
        Assert.All(steps, static line =>
            Assert.Equal(["step", "epoch", "loss", "gradient_norm", "learning_rate"], line.Select(static entry => entry.Key)));
        Assert.All(steps, line => Assert.Equal(((int)line["step"]! - 1) / stepsPerEpoch + 1, (int)line["epoch"]!));
        // Linear from 1e-3 at the first step to 0 after the last.
        Assert.All(steps, line => Assert.Equal(1e-3 * (total - (int)line["step"]! + 1) / total, (double)line["learning_rate"]!, 1e-9));

        Assert.Equal(["validation", "validation", "test"], evaluations.Select(static line => (string?)line["split"]));
        Assert.All(evaluations, static line => Assert.Equal(["epoch", "split", "loss"], line.Select(static entry => entry.Key).Take(3)));
        JsonNode metrics = JsonNode.Parse(run.Text("metrics.json"))!;
        Assert.Equal((double)metrics["test"]!["loss"]!, (double)evaluations[^1]["loss"]!);
        Assert.Equal((int)metrics["best_epoch"]!, (int)evaluations[^1]["epoch"]!);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void SplitAndPredictions_HaveTheDocumentedColumns(string task)
    {
        FinetunedRuns.Run run = runs.Of(task);
        Csv split = Csv.Read(run.At("split.csv"));
        Assert.Equal(["row", "smiles", "split"], split.Header);
        Assert.Equal(Enumerable.Range(1, SmallTable.Rows).Select(static row => $"{row}"), split.Column("row"));
        Assert.Equal(Enumerable.Range(0, SmallTable.Rows).Select(SmallTable.Smiles), split.Column("smiles"));
        Assert.Equal(["test", "train", "validation"], split.Column("split").Distinct().Order());

        Csv predictions = Csv.Read(run.At("predictions.csv"));
        string[] columns = task switch
        {
            "single-label" => ["row", "smiles", "target", "prediction", "probability_aromatic", "probability_chain", "probability_ring"],
            "multi-label" => ["row", "smiles", "target_flag_a", "target_flag_b", "probability_flag_a", "probability_flag_b"],
            _ => ["row", "smiles", "target_value", "prediction_value"],
        };
        Assert.Equal(columns, predictions.Header);
        string[] tested = [.. split.Rows.Where(static row => row[2] == "test").Select(static row => row[0])];
        Assert.Equal(tested, predictions.Column("row"));
        Assert.Equal(tested.Length, (int)JsonNode.Parse(run.Text("metrics.json"))!["test"]!["rows"]!);
        foreach (string column in columns.Where(static name => name.StartsWith("probability_", StringComparison.Ordinal)))
            Assert.All(predictions.Numbers(column), static probability => Assert.InRange(probability, 0f, 1f));
        if (task == "single-label")
        {
            float[][] probabilities = [.. columns[4..].Select(predictions.Numbers)];
            string[] predicted = predictions.Column("prediction");
            for (int i = 0; i < predicted.Length; i++)
            {
                Assert.Equal(1, probabilities.Sum(p => p[i]), 1e-5);
                Assert.Equal("probability_" + predicted[i], columns[4 + Enumerable.Range(0, 3).MaxBy(k => probabilities[k][i])]);
            }
        }
        else if (task == "regression")
        {
            Assert.All(predictions.Numbers("prediction_value"), static value => Assert.True(float.IsFinite(value)));
            Assert.Equal(tested.Select(static row => SmallTable.Line(int.Parse(row) - 1).Split(',')[3]), predictions.Column("target_value"));
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Folder_HoldsACheckpointAndPictures(string task)
    {
        FinetunedRuns.Run run = runs.Of(task);
        string[] pictures = task switch
        {
            "single-label" => ["classes.svg", "confusion.svg", "curves.svg"],
            "multi-label" => ["curves.svg", "labels.svg"],
            _ => ["curves.svg", .. run.Targets.Length == 1 ? ["parity.svg"] : run.Targets.Select(static (_, t) => $"parity-{t + 1}.svg")],
        };
        string[] files =
        [
            "config.json", "history.jsonl", "metrics.json", "model.safetensors", "predictions.csv", "report.html", "special_tokens_map.json", "split.csv",
            "state", "tokenizer.json", "tokenizer_config.json", "vocab.txt", .. pictures,
        ];
        Assert.Equal(
            files.Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(run.Folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

        JsonNode config = JsonNode.Parse(run.Text("config.json"))!;
        Assert.EndsWith("ForSequenceClassification", (string?)config["architectures"]![0]);
        string[] labels = task == "single-label" ? ["aromatic", "chain", "ring"] : run.Targets;
        Assert.Equal(labels, config["id2label"]!.AsObject().Select(static entry => (string?)entry.Value));
        using (SafetensorsFile file = SafetensorsFile.Open(run.At("model.safetensors")))
            Assert.Contains(file.Tensors.Keys, static name => name.StartsWith("classifier.", StringComparison.Ordinal));

        foreach (string picture in pictures) Assert.Equal("svg", XDocument.Parse(run.Text(picture)).Root!.Name.LocalName);
        string report = run.Text("report.html");
        Assert.StartsWith("<!doctype html>", report, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<svg", report);
        Assert.Equal("Program", run.Command.ErrorLines[0]);
        Assert.Contains("smilesbert", run.Command.ErrorLines[1]);
        Assert.Equal($"report: {run.At("report.html")}", run.Command.ErrorLines[^1]);
    }

    [Fact]
    public void Run_ThatHasEnded_IsNotResumed()
    {
        FinetunedRuns.Run run = runs.Of("single-label");
        string[] arguments = ["finetune", "--model", run.Folder + "-pretrained", "--data", run.Table, "--target", "kind", "--output", run.Folder];
        CommandRun.Of(arguments).RefusedSaying(run.Folder, "already holds a run", "--resume");
        Finished resumed = CommandRun.Of([.. arguments, "--resume"]).Succeeded();
        Assert.Contains("has ended", resumed.Error);
        Assert.Equal("", resumed.Output);
    }
}
