using SmilesBert.Data;
using SmilesBert.Tests.Model;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>Numbers that are none any more stop a run, which says where and leaves what was good.</summary>
public sealed class DivergenceTests : IDisposable
{
    private readonly RunWorkshop workshop = new();
    private readonly FinetuneOptions options;

    public DivergenceTests() => options = workshop.Options(workshop.Model("bert-single-label"), workshop.Classes(), "run");

    [Fact]
    public void AnAbsurdLearningRate_NamesStepAndRows()
    {
        RecordingLog log = new();
        InputException error = Assert.Throws<InputException>(
            () => RunWorkshop.Run(options with { Training = options.Training with { LearningRate = 1e30f, Clip = 0 } }, log: log));
        int step = log.Steps.Count + 1;
        Assert.InRange(step, 2, 4);
        Assert.StartsWith($"step {step} (epoch 1): the ", error.Message, StringComparison.Ordinal);

        // The rows of that step as the file numbers them, found without the trainer.
        Dataset data = Dataset.Load(options.Data, options.Read, options.Targets);
        int[] train = Split.Make(data, options.Split).Train;
        IEnumerable<int> places = Shuffle.Order(train.Length, options.Training.Seed, 0).Skip((step - 1) * 8).Take(8);
        string rows = string.Join(", ", places.Select(place => data.Rows[train[place]]));
        Assert.Contains($"on rows {rows} of {options.Data}", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(options.Output, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(options.Output, "metrics.json")));
    }

    [Fact]
    public void AWeightGoneWrong_LeavesTheSavedStateAndTheBestModel()
    {
        RunWorkshop.RunUntil(options, step: 6);
        string state = Path.Combine(options.Output, "state", "training.safetensors");
        CheckpointEdit.Rewrite(state, static (name, values) => { if (name == "value.bert.encoder.layer.0.output.dense.weight") values.Fill(3e38f); });
        Dictionary<string, string> before = RunWorkshop.Snapshot(options.Output);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Resume = true }));
        Assert.StartsWith("step 7 (epoch 2): the loss is NaN, on rows ", error.Message, StringComparison.Ordinal);
        Dictionary<string, string> after = RunWorkshop.Snapshot(options.Output);
        Assert.Equal(before, after);
        Assert.Contains(Path.Combine(options.Output, "model.safetensors"), after.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheLastStepOfAnEpoch_IsLookedAtToo(bool hasValidation)
    {
        // One step an epoch: the loss and the gradient are good, and the weights that the step leaves are not.
        string[] parts = ["train", "train", "train", hasValidation ? "validation" : "train"];
        string data = workshop.Table(
            "smiles,y,part", Enumerable.Range(0, 8).Select(i => $"{RunWorkshop.Chain(i)},{(i % 2 == 0 ? 'a' : 'b')},{parts[i % 4]}"));
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with
        {
            Data = data,
            SplitColumn = "part",
            Split = new SplitOptions(SplitKind.Column),
            Training = options.Training with { LearningRate = 1e38f },
        }));
        Assert.Contains("the weights are no longer finite after step 1, the end of epoch 1", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(options.Output, "model.safetensors")));
        Assert.False(RunFolder.HasState(options.Output));
    }

    public void Dispose() => workshop.Dispose();
}
