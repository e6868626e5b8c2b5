using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Model;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>What a finetuning does with its options and its data.</summary>
public sealed class FinetuningTests : IDisposable
{
    // The weights stay what they were: every number moves by less than half its last bit.
    private const float NoLearning = 1e-30f;

    private readonly RunWorkshop workshop = new();
    private readonly CpuOps ops = new(threads: 1);

    // ---- Epochs ----------------------------------------------------------------------------------------------------

    [Fact]
    public void TheBestEpochIsKept_AndPatienceEndsTheRun()
    {
        // Validation is told the opposite of training, so each epoch that learns makes it worse.
        FinetuneOptions options = Parted(workshop.Table("smiles,y,part", Enumerable.Range(0, 48).Select(static i => (i % 2, i < 36) switch
        {
            (0, true) => $"{RunWorkshop.Chain(i)}Cl,a,train",
            (1, true) => $"{RunWorkshop.Chain(i)}N,b,train",
            (0, false) => $"{RunWorkshop.Chain(i)}Cl,b,{(i < 42 ? "validation" : "test")}",
            _ => $"{RunWorkshop.Chain(i)}N,a,{(i < 42 ? "validation" : "test")}",
        })), "run", epochs: 6);
        byte[] best = [];
        RecordingLog log = RunWorkshop.Run(options, log: new RecordingLog { OnEvaluated = epoch => { if (epoch == 1) best = Weights(options); } });
        Assert.Equal(1, (int)RunWorkshop.Metrics(options)["best_epoch"]!);
        Assert.Equal([true, false, false, false, false, false, false], log.Evaluations.Select(static evaluation => evaluation.IsBest));
        Assert.True(log.Evaluations[5].Evaluation.Loss > log.Evaluations[0].Evaluation.Loss);
        Assert.Equal(best, Weights(options));

        FinetuneOptions patient = options with { Output = options.Output + "-patient", Training = options.Training with { Patience = 2 } };
        RunWorkshop.Run(patient);
        Assert.Equal(3, (int)RunWorkshop.Metrics(patient)["epochs"]!);
        Assert.Equal(1, (int)RunWorkshop.Metrics(patient)["best_epoch"]!);
        Assert.Equal(best, Weights(patient));

        // Stopped where its patience ends, it stays ended.
        FinetuneOptions stopped = patient with { Output = options.Output + "-stopped" };
        RunWorkshop.RunUntil(stopped, step: (int)RunWorkshop.Metrics(patient)["epochs"]! * 3);
        RunWorkshop.Run(stopped with { Resume = true });
        Assert.Equal(RunWorkshop.Results(patient), RunWorkshop.Results(stopped));
    }

    [Fact]
    public void WithoutValidation_TheLastEpochIsKept()
    {
        FinetuneOptions options = Parted(Table(static i => i % 2 == 0 ? "a" : "b", static i => i < 24 ? "train" : "test"), "run", epochs: 3);
        RecordingLog log = RunWorkshop.Run(options);
        Assert.Contains(log.Warnings, static line => line.Contains("the validation part is empty", StringComparison.Ordinal));
        JsonObject metrics = RunWorkshop.Metrics(options);
        Assert.Equal(3, (int)metrics["best_epoch"]!);
        Assert.False(metrics.ContainsKey("validation"));
        Dictionary<string, (int[], float[] Values)> kept = CheckpointEdit.Read(Path.Combine(options.Output, "model.safetensors"));
        Dictionary<string, (int[], float[] Values)> last = CheckpointEdit.Read(Path.Combine(options.Output, "state", "training.safetensors"));
        Assert.All(kept, tensor => Assert.Equal(last["value." + tensor.Key].Values, tensor.Value.Values));
    }

    [Fact]
    public void WithoutTest_ThereIsNoTest()
    {
        FinetuneOptions options = Parted(Table(static i => i % 2 == 0 ? "a" : "b", static i => i < 24 ? "train" : "validation"), "run");
        RecordingLog log = RunWorkshop.Run(options);
        Assert.Contains(log.Warnings, static line => line.Contains("the test part is empty", StringComparison.Ordinal));
        Assert.False(RunWorkshop.Metrics(options).ContainsKey("test"));
        Assert.False(File.Exists(Path.Combine(options.Output, "predictions.csv")));
        Assert.True(File.Exists(Path.Combine(options.Output, "report.html")));
    }

    // ---- Losses ----------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheLoss_IsTheWeightedMeanOfCrossEntropies(bool balanced)
    {
        string[] classes = ["LABEL_0", "LABEL_0", "LABEL_0", "LABEL_1", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"];
        string data = workshop.Table("smiles,y,part", classes.Select(static (name, i) => $"{RunWorkshop.Chain(i)},{name},train"));
        FinetuneOptions options = FirstStep("bert-single-label", data, "y");
        StepRecord step = Assert.Single(RunWorkshop.Run(options with { BalancedClassWeights = balanced }).Steps);

        float[] logits = Logits(options.Model, classes.Length);
        double sum = 0, weights = 0;
        for (int r = 0; r < classes.Length; r++)
        {
            int k = classes[r][^1] - '0';
            double weight = balanced ? classes.Length / (5d * classes.Count(name => name == classes[r])) : 1;
            float[] row = logits[(r * 5)..((r + 1) * 5)];
            sum += weight * (Math.Log(row.Sum(static x => Math.Exp(x))) - row[k]);
            weights += weight;
        }
        Assert.Equal(sum / weights, step.Loss, 1e-6);
    }

    [Fact]
    public void MissingLabels_AreNoPartOfTheLoss()
    {
        string[] rows = ["1,0,,,1,0", ",,1,,,", "0,1,0,1,0,1", "1,,,,,0", ",,,0,,1", "0,0,0,1,1,1"];
        string[] names = [.. Enumerable.Range(0, 6).Select(static k => $"LABEL_{k}")];
        string data = workshop.Table($"smiles,{string.Join(',', names)},part", rows.Select(static (row, i) => $"{RunWorkshop.Chain(i)},{row},train"));
        FinetuneOptions options = FirstStep("bert-multi-label", data, names);
        StepRecord step = Assert.Single(RunWorkshop.Run(options).Steps);

        float[] logits = Logits(options.Model, rows.Length);
        double sum = 0;
        int known = 0;
        foreach ((int e, string cell) in rows.SelectMany(static row => row.Split(',')).Index().Where(static cell => cell.Item.Length > 0))
        {
            double p = 1 / (1 + Math.Exp(-logits[e]));
            sum -= Math.Log(cell == "1" ? p : 1 - p);
            known++;
        }
        Assert.Equal(sum / known, step.Loss, 1e-6);
    }

    [Fact]
    public void MultiLabel_FromBeginningToEnd()
    {
        string data = workshop.Table("smiles,acid,halide,part", Enumerable.Range(0, 40).Select(static i =>
        {
            string acid = i % 7 == 0 ? "" : i % 2 == 0 ? "1" : "0", halide = i % 5 == 0 ? "" : i % 3 == 0 ? "1" : "0";
            return $"{(i % 2 == 0 ? "OC(=O)" : "")}{RunWorkshop.Chain(i)}{(i % 3 == 0 ? "Cl" : "")},{acid},{halide},{Part(i)}";
        }));
        FinetuneOptions options = Parted(data, "run", targets: ["acid", "halide"]);
        RunWorkshop.Run(options);
        JsonObject test = RunWorkshop.Metrics(options)["test"]!.AsObject();
        Assert.Equal("multi_label_classification", (string)RunWorkshop.Metrics(options)["task"]!);
        int[] tested = [.. Enumerable.Range(0, 40).Where(static i => Part(i) == "test" && !(i % 35 == 0))];
        Assert.Equal(tested.Length, (int)test["rows"]!);
        Assert.Equal(tested.Count(static i => i % 7 != 0), (int)test["labels"]!["acid"]!["labelled"]!);
        Assert.Equal(tested.Count(static i => i % 5 != 0), (int)test["labels"]!["halide"]!["labelled"]!);
        List<Dictionary<string, string>> predictions = RunWorkshop.Predictions(options);
        Assert.Equal(["row", "smiles", "target_acid", "target_halide", "probability_acid", "probability_halide"], predictions[0].Keys);
        Assert.Equal(tested.Select(static i => i % 7 == 0), predictions.Select(static row => row["target_acid"].Length == 0));
    }

    // ---- Regression ------------------------------------------------------------------------------------------------

    [Fact]
    public void Regression_StandardisesOnTrainingRowsAlone_AndPredictsInTheTargetsUnits()
    {
        // The other parts' targets are far from those of training: were they counted, the mean would show it.
        double Target(int i) => Part(i) == "train" ? 100 + (i % 9) + 0.5 : -4000 - i;
        FinetuneOptions options = Parted(Table(i => $"{Target(i)}", Part), "run");
        RunWorkshop.Run(options);

        double[] train = [.. Enumerable.Range(0, 40).Where(static i => Part(i) == "train").Select(Target)];
        double mean = train.Average(), deviation = Math.Sqrt(train.Average(x => (x - mean) * (x - mean)));
        JsonObject scaling = RunWorkshop.Config(options.Output)["smilesbert"]!.AsObject();
        Assert.Equal(mean, (double)scaling["target_mean"]![0]!, 1e-9);
        Assert.Equal(deviation, (double)scaling["target_deviation"]![0]!, 1e-9);

        List<Dictionary<string, string>> predictions = RunWorkshop.Predictions(options);
        Assert.Equal(["row", "smiles", "target_y", "prediction_y"], predictions[0].Keys);
        Assert.All(predictions, row => Assert.InRange(RunWorkshop.Number(row["prediction_y"]), mean - (4 * deviation), mean + (4 * deviation)));
        IEnumerable<double> errors = predictions.Select(static row => (double)RunWorkshop.Number(row["prediction_y"]) - RunWorkshop.Number(row["target_y"]));
        double rmse = Math.Sqrt(errors.Average(static error => error * error));
        Assert.Equal(rmse, (double)RunWorkshop.Metrics(options)["test"]!["rmse"]!, rmse * 1e-6);
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("classes")]
    public void AReloadedFolder_PredictsWhatTheRunPredicted(string task)
    {
        string data = task == "regression" ? Table(static i => $"{i * 0.25}", Part) : Table(static i => i % 3 == 0 ? "x" : "y", Part);
        FinetuneOptions options = Parted(data, "run");
        RunWorkshop.Run(options);
        List<Dictionary<string, string>> predictions = RunWorkshop.Predictions(options);

        ModelFolder folder = ModelFolder.Open(options.Output, HeadKind.Molecule, ops);
        Inference inference = new(folder.Model, tokens: 512, molecules: 32);
        float[] outputs = inference.Logits([.. predictions.Select(row => folder.Tokenizer.Encode(row["smiles"]).Ids)], TestContext.Current.CancellationToken);
        new Predictor(folder.Model.Config).Interpret(outputs);
        string[] columns = task == "regression" ? ["prediction_y"] : ["probability_x", "probability_y"];
        Assert.Equal(predictions.SelectMany(row => columns.Select(column => RunWorkshop.Number(row[column]))), outputs);
    }

    // ---- Heads and dropout -----------------------------------------------------------------------------------------

    [Fact]
    public void TheFoldersHead_IsKept_WhenItsLabelsAreTheDatas_InWhateverOrder()
    {
        string[] order = ["LABEL_3", "LABEL_0", "LABEL_4", "LABEL_2", "LABEL_1"];
        JsonObject id2label = new(order.Select(static (name, k) => KeyValuePair.Create($"{k}", (JsonNode?)name)));
        string model = workshop.Model("bert-single-label", config => config["id2label"] = id2label);
        FinetuneOptions options = Parted(Table(static i => $"LABEL_{i % 5}", Part), "run", model: model) with { Dropout = 0 };
        options = options with { Training = options.Training with { LearningRate = NoLearning, WeightDecay = 0 } };
        RecordingLog log = RunWorkshop.Run(options);
        Assert.Contains(log.Facts.SelectMany(static block => block.Facts), static fact => fact == ("head", "the folder's own"));
        Assert.Equal(order, RunWorkshop.Config(options.Output)["id2label"]!.AsObject().Select(static label => (string)label.Value!));
        Dictionary<string, (int[], float[] Values)> before = CheckpointEdit.Read(Path.Combine(model, "model.safetensors"));
        Dictionary<string, (int[], float[] Values)> after = CheckpointEdit.Read(Path.Combine(options.Output, "model.safetensors"));
        Assert.All(after, tensor => Assert.Equal(before[tensor.Key].Values, tensor.Value.Values));

        // The classes that the loss was of are those that the names say.
        float[] logits = Logits(model, 40);
        int[] tested = [.. Enumerable.Range(0, 40).Where(static i => Part(i) == "test")];
        double loss = tested.Average(i =>
        {
            float[] row = logits[(i * 5)..((i + 1) * 5)];
            return Math.Log(row.Sum(static x => Math.Exp(x))) - row[Array.IndexOf(order, $"LABEL_{i % 5}")];
        });
        Assert.Equal(loss, (double)RunWorkshop.Metrics(options)["test"]!["loss"]!, 1e-6);
    }

    [Theory]
    [InlineData("bert-single-label", "other labels")]
    [InlineData("bert-multi-label", "another task")]
    [InlineData("bert-mlm", "no head")]
    public void ANewHead_IsMade_Otherwise(string golden, string why)
    {
        string model = workshop.Model(golden);
        FinetuneOptions options = Parted(Table(static i => i % 2 == 0 ? "LABEL_0" : "LABEL_1", Part), "run", model: model);
        options = options with
        {
            Targets = options.Targets with { Task = TaskKind.SingleLabel },
            Training = options.Training with { LearningRate = NoLearning },
        };
        RecordingLog log = RunWorkshop.Run(options);
        string head = log.Facts.SelectMany(static block => block.Facts).Single(static fact => fact.Name == "head").Value;
        Assert.True(head.StartsWith("new: ", StringComparison.Ordinal), $"{why}: {head}");
        Assert.Contains("classifier.weight", head, StringComparison.Ordinal);
        Assert.Equal(golden == "bert-mlm", head.Contains("bert.pooler.dense.weight", StringComparison.Ordinal));
        (int[] shape, float[] weights) = CheckpointEdit.Read(Path.Combine(options.Output, "model.safetensors"))["classifier.weight"];
        Assert.Equal([2, 32], shape);
        Assert.InRange(Math.Sqrt(weights.Average(static w => w * w)), 0.015, 0.025);      // initializer_range is 0.02
    }

    [Fact]
    public void Dropout_ReplacesAllRates()
    {
        string data = workshop.Classes();
        string model = workshop.Model("bert-odd-sizes");
        FinetuneOptions usual = workshop.Options(model, data, "usual");
        FinetuneOptions none = workshop.Options(model, data, "none") with { Dropout = 0f };
        FinetuneOptions half = workshop.Options(model, data, "half") with { Dropout = 0.5f };
        float[] losses = [.. new[] { usual, none, half }.Select(static options => RunWorkshop.Run(options).Steps[0].Loss)];
        Assert.Equal(3, losses.Distinct().Count());
        Assert.Equal([0.1f, 0.2f, 0.15f], Rates(usual));
        Assert.Equal([0f, 0f, 0f], Rates(none));
        Assert.Equal([0.5f, 0.5f, 0.5f], Rates(half));

        static float[] Rates(FinetuneOptions options)
        {
            JsonObject config = RunWorkshop.Config(options.Output);
            return [(float)config["hidden_dropout_prob"]!, (float)config["attention_probs_dropout_prob"]!, (float)config["classifier_dropout"]!];
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    public void Dropout_DrawsAnewInEachStep(float rate)
    {
        // The same batch and the same weights four times: only what dropout draws can differ.
        FinetuneOptions options = FirstStep("bert-single-label", Table(static i => $"LABEL_{i % 5}", static _ => "train"), "y") with { Dropout = rate };
        options = options with { Training = options.Training with { Epochs = 4, LearningRate = NoLearning } };
        Assert.Equal(rate > 0 ? 4 : 1, RunWorkshop.Run(options).Steps.Select(static step => step.Loss).Distinct().Count());
    }

    public void Dispose()
    {
        ops.Dispose();
        workshop.Dispose();
    }

    private static string Part(int i) => (i % 5) switch { 3 => "validation", 4 => "test", _ => "train" };

    private static byte[] Weights(FinetuneOptions options) => File.ReadAllBytes(Path.Combine(options.Output, "model.safetensors"));

    private string Table(Func<int, string> target, Func<int, string> part) =>
        workshop.Table("smiles,y,part", Enumerable.Range(0, 40).Select(i => $"{RunWorkshop.Chain(i)},{target(i)},{part(i)}"));

    private FinetuneOptions Parted(string data, string output, int epochs = 2, string? model = null, string[]? targets = null)
    {
        FinetuneOptions options = workshop.Options(model ?? workshop.Model("bert-mlm"), data, output, targets ?? ["y"]);
        return options with
        {
            SplitColumn = "part",
            Split = new SplitOptions(SplitKind.Column),
            Training = options.Training with { Epochs = epochs, BatchSize = 12 },
        };
    }

    // One step over all rows of the table, in order and without dropout, from the folder's own head.
    private FinetuneOptions FirstStep(string golden, string data, params string[] targets)
    {
        FinetuneOptions options = Parted(data, "run", epochs: 1, workshop.Model(golden), targets);
        return options with { Dropout = 0f, Training = options.Training with { Shuffle = false, BatchSize = 64 } };
    }

    // The folder's logits of the first molecules of the series.
    private float[] Logits(string model, int count)
    {
        ModelFolder folder = ModelFolder.Open(model, HeadKind.Molecule, ops);
        int[][] molecules = [.. Enumerable.Range(0, count).Select(i => folder.Tokenizer.Encode(RunWorkshop.Chain(i)).Ids)];
        return new Inference(folder.Model, tokens: 2048, molecules: 64).Logits(molecules, TestContext.Current.CancellationToken);
    }
}
