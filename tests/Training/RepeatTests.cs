using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>One seed, one result.</summary>
public sealed class RepeatTests : IDisposable
{
    private readonly RunWorkshop workshop = new();

    [Theory]
    [InlineData("bert-mlm")]
    [InlineData("roberta-mlm")]
    [InlineData("albert-mlm")]
    public void TwoRuns_WithOneSeed_WriteTheSameBytes(string golden)
    {
        string model = workshop.Model(golden), data = workshop.Classes();
        FinetuneOptions first = workshop.Options(model, data, "first"), second = workshop.Options(model, data, "second");
        RunWorkshop.Run(first);
        RunWorkshop.Run(second);
        Assert.Equal(RunWorkshop.Results(first), RunWorkshop.Results(second));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_DoNotChangeABit(int threads)
    {
        // Large enough that the operations share their work among the threads.
        string model = workshop.Model("bert-single-label"), data = workshop.Classes(rows: 160);
        FinetuneOptions one = workshop.Options(model, data, "one"), several = workshop.Options(model, data, "several");
        one = one with { Training = one.Training with { BatchSize = 64 } };
        several = several with { Training = one.Training };
        RunWorkshop.Run(one);
        RunWorkshop.Run(several, threads);
        Assert.Equal(RunWorkshop.Results(one, withDevice: false), RunWorkshop.Results(several, withDevice: false));
    }

    [Fact]
    public void AnotherSeed_GivesAnotherModel()
    {
        string model = workshop.Model("bert-single-label"), data = workshop.Classes();
        FinetuneOptions first = workshop.Options(model, data, "first"), second = workshop.Options(model, data, "second");
        RunWorkshop.Run(first);
        // The split's seed stays, so that initial head, order and dropout alone make the difference.
        RunWorkshop.Run(second with { Training = second.Training with { Seed = 43 } });
        Assert.Equal(RunWorkshop.Results(first)["split.csv"], RunWorkshop.Results(second)["split.csv"]);
        Assert.NotEqual(RunWorkshop.Results(first)["model.safetensors"], RunWorkshop.Results(second)["model.safetensors"]);
        Assert.NotEqual(RunWorkshop.Results(first)["history.jsonl"], RunWorkshop.Results(second)["history.jsonl"]);
    }

    [Fact]
    public void Evaluating_DoesNotDisturbTraining()
    {
        string[] rows =
        [
            .. Enumerable.Range(0, 40).Select(static i => $"{RunWorkshop.Chain(i)}{(i % 2 == 0 ? "Cl,halogen" : "C,plain")},{(i < 24 ? "train" : "validation")}"),
        ];
        string model = workshop.Model("bert-single-label");
        FinetuneOptions with = workshop.Options(model, workshop.Table("smiles,y,part", rows), "with");
        FinetuneOptions without = workshop.Options(model, workshop.Table("smiles,y,part", rows.Take(24)), "without");
        List<StepRecord> Steps(FinetuneOptions options) =>
            RunWorkshop.Run(options with { SplitColumn = "part", Split = new SplitOptions(SplitKind.Column) }).Steps;
        Assert.Equal(Steps(without), Steps(with));
    }

    [Fact]
    public void History_IsWhatTheLogWasTold()
    {
        FinetuneOptions options = workshop.Options(workshop.Model("bert-single-label"), workshop.Classes(), "run");
        RecordingLog log = RunWorkshop.Run(options);
        string[] text = File.ReadAllLines(Path.Combine(options.Output, "history.jsonl"));
        JsonObject[] lines = [.. text.Select(static line => JsonNode.Parse(line)!.AsObject())];
        StepRecord[] steps =
        [
            .. lines.Where(static line => line["step"] is not null).Select(static line => new StepRecord(
                (int)line["step"]!, (int)line["epoch"]!, (float)line["loss"]!, (float)line["gradient_norm"]!, (float)line["learning_rate"]!)),
        ];
        Assert.Equal(log.Steps, steps);
        Assert.Equal(Enumerable.Range(1, 12), steps.Select(static step => step.Step));
        IEnumerable<JsonObject> evaluations = lines.Where(static line => line["split"] is not null);
        Assert.Equal(["validation", "validation", "validation", "test"], evaluations.Select(static line => (string)line["split"]!));
        Assert.Equal([1, 2, 3], evaluations.Take(3).Select(static line => (int)line["epoch"]!));

        // All batches are of 8, so the epoch's mean is that of its steps.
        JsonObject train = RunWorkshop.Metrics(options)["train"]!.AsObject();
        Assert.Equal(32, (int)train["rows"]!);
        Assert.Equal(steps.Where(static step => step.Epoch == 3).Average(static step => (double)step.Loss), (double)train["loss"]!, 1e-12);
    }

    public void Dispose() => workshop.Dispose();
}
