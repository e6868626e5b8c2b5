using System.Text.Json.Nodes;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Gpu;
using SmilesBert.Tests.Model;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>A run that is stopped, or killed, and resumed ends as the uninterrupted one does, byte for byte.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Steps = 12;

    private readonly RunWorkshop workshop = new();
    private readonly string model, data;
    private readonly FinetuneOptions whole;

    public ResumeTests()
    {
        model = workshop.Model("bert-single-label");
        data = workshop.Classes();
        whole = workshop.Options(model, data, "whole");
    }

    private string StateFile => Path.Combine(workshop.Root, "run", "state", "training.safetensors");

    [Fact]
    public void StoppedAfterAnyStep()
    {
        Dictionary<string, string> expected = Uninterrupted();
        for (int step = 1; step <= Steps; step++)
        {
            FinetuneOptions options = workshop.Options(model, data, $"stopped-{step}");
            RunWorkshop.RunUntil(options, step);
            Assert.False(File.Exists(Path.Combine(options.Output, "metrics.json")));
            RecordingLog log = RunWorkshop.Run(options with { Resume = true });
            Assert.Contains($"resumed after step {step}", log.Messages);
            Assert.Equal(Steps - step, log.Steps.Count);
            Assert.Equal(expected, RunWorkshop.Results(options));
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    public void StoppedAndKilledAgainAndAgain(int seed, int threads)
    {
        Random random = new(seed);
        FinetuneOptions options = workshop.Options(model, data, "run");
        bool finished = false;
        for (int session = 0; !finished; session++)
        {
            int after = session < 6 ? random.Next(1, 5) : Steps, done = 0;
            bool killed = random.Next(2) == 0;
            RecordingLog log = new()
            {
                OnStep = (log, _) =>
                {
                    if (++done != after) return;
                    if (killed) throw new Killed();
                    log.Stop.Cancel();
                },
            };
            try
            {
                RunWorkshop.Run(options with { Resume = session > 0 }, threads, log);
                finished = true;
            }
            catch (Exception end) when (end is Killed or OperationCanceledException)
            {
                // The next session goes on.
            }
        }
        RunWorkshop.Run(whole);
        Assert.Equal(RunWorkshop.Results(whole, withDevice: false), RunWorkshop.Results(options, withDevice: false));
    }

    [Theory]
    [InlineData(3)]     // before anything was saved
    [InlineData(6)]     // in the second epoch: the history has lines past the saved moment
    public void KilledInTheMiddle_TheHistoryIsCutBack(int step)
    {
        Dictionary<string, string> expected = Uninterrupted();
        FinetuneOptions options = workshop.Options(model, data, "run");
        RecordingLog killer = new() { OnStep = (_, record) => { if (record.Step == step) throw new Killed(); } };
        Assert.Throws<Killed>(() => RunWorkshop.Run(options, log: killer));
        string history = Path.Combine(options.Output, "history.jsonl");
        File.AppendAllText(history, string.Concat(Enumerable.Repeat("a line of steps that no saved moment knows\n", 500)) + "a line cut in the mid");
        RecordingLog log = RunWorkshop.Run(options with { Resume = true });
        string said = step == 3 ? "nothing is saved yet; starting from the beginning" : "resumed after step 4";
        Assert.Contains(log.Messages, message => message.Contains(said, StringComparison.Ordinal));
        Assert.Equal(expected, RunWorkshop.Results(options));
    }

    [Fact]
    public void KilledBetweenTheBestModelAndTheState()
    {
        Dictionary<string, string> expected = Uninterrupted();
        FinetuneOptions options = workshop.Options(model, data, "run");
        RecordingLog killer = new() { OnEvaluated = epoch => { if (epoch == 2) throw new Killed(); } };
        Assert.Throws<Killed>(() => RunWorkshop.Run(options, log: killer));
        RunWorkshop.Run(options with { Resume = true });
        Assert.Equal(expected, RunWorkshop.Results(options));
    }

    [Fact]
    public void AFinishedRun_IsLeftAlone()
    {
        RunWorkshop.Run(whole);
        Dictionary<string, string> before = RunWorkshop.Snapshot(whole.Output);
        RecordingLog log = RunWorkshop.Run(whole with { Resume = true });
        Assert.Equal($"{whole.Output}: this run has ended; there is nothing to resume", Assert.Single(log.Messages));
        Assert.Empty(log.Steps);
        Assert.Equal(before, RunWorkshop.Snapshot(whole.Output));
    }

    // What the saved state holds is needed: without a part of it the result is another.
    [Theory]
    [InlineData("Step", "state")]
    [InlineData("StepInEpoch", "history.jsonl")]
    [InlineData("EpochLoss", "metrics.json")]
    [InlineData("HistoryBytes", "history.jsonl")]
    [InlineData("first_moment", "state")]
    [InlineData("second_moment", "state")]
    public void WithoutAPartOfTheState_TheResultDiffers(string dropped, string file)
    {
        Dictionary<string, string> expected = Uninterrupted();
        FinetuneOptions options = workshop.Options(model, data, "run");
        RunWorkshop.RunUntil(options, step: 10);
        ChangeState(dropped);
        RunWorkshop.Run(options with { Resume = true });
        Assert.NotEqual(expected[file], RunWorkshop.Results(options)[file]);
    }

    [Fact]
    public void AStateWrittenAgainUnchanged_ResumesAlike()
    {
        Dictionary<string, string> expected = Uninterrupted();
        FinetuneOptions options = workshop.Options(model, data, "run");
        RunWorkshop.RunUntil(options, step: 10);
        ChangeState(dropped: "nothing");
        RunWorkshop.Run(options with { Resume = true });
        Assert.Equal(expected, RunWorkshop.Results(options));
    }

    [Fact]
    public void AHistoryShorterThanTheState_IsRefused()
    {
        FinetuneOptions options = workshop.Options(model, data, "run");
        RunWorkshop.RunUntil(options, step: 6);
        File.WriteAllText(Path.Combine(options.Output, "history.jsonl"), "");
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Resume = true }));
        Assert.Contains("history.jsonl has 0 bytes", error.Message, StringComparison.Ordinal);
    }

    // A device that runs behind has the next step already: that one is finished before the run is saved.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]                                          // the last of its epoch: nothing is ahead
    public void StoppedOnADeviceThatRunsBehind(int step, int saved)
    {
        FinetuneOptions stopped = workshop.Options(model, data, "stopped"), uninterrupted = workshop.Options(model, data, "uninterrupted");
        stopped = stopped with { Training = stopped.Training with { Epochs = 1 } };
        uninterrupted = uninterrupted with { Training = stopped.Training };
        Run(uninterrupted, new RecordingLog());
        RecordingLog stopping = new() { OnStep = (log, record) => { if (record.Step == step) log.Stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Run(stopped, stopping));
        Assert.Equal(saved, stopping.Steps.Count);

        RecordingLog resumed = new();
        Run(stopped with { Resume = true }, resumed);
        Assert.Contains($"resumed after step {saved}", resumed.Messages);
        Assert.Equal(RunWorkshop.Results(uninterrupted), RunWorkshop.Results(stopped));

        static void Run(FinetuneOptions options, RecordingLog log)
        {
            using IOps ops = new KernelOps(new SimulatorDevice());
            new Finetuning(options, ops, log).Run(log.Stop.Token);
        }
    }

    [Fact]
    public void InAnotherPrecision_IsRefused()
    {
        FinetuneOptions options = workshop.Options(model, data, "run");
        RunWorkshop.RunUntil(options, step: 6);
        using IOps ops = new KernelOps(new SimulatorDevice(), Precision.Tf32);
        Finetuning other = new(options with { Resume = true }, ops, new RecordingLog());
        InputException error = Assert.Throws<InputException>(() => other.Run(TestContext.Current.CancellationToken));
        Assert.Contains("(precision fp32, now tf32)", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "learning rate", "learning rate 0.001, now 0.002" },
        { "epochs", "epochs 3, now 4" },
        { "batch size", "batch size 8, now 4" },
        { "seed", "seed 42, now 7" },
        { "weight decay", "weight decay 0.01, now 0" },
        { "warm-up", "warm-up 0, now 0.5" },
        { "clip", "clip 1, now 0" },
        { "shuffle", "shuffle True, now False" },
        { "patience", "patience none, now 2" },
        { "class weights", "class weights none, now balanced" },
        { "dropout", "dropout 0.1 0.1 0.1, now 0 0 0" },
        { "max tokens", "max tokens 48, now 20" },
        { "split", "rows of the split" },
        { "data", "(data " },
        { "order of the data", "(data " },
        { "model", "(initial weights " },
        { "configuration", "configuration " },
        { "vocabulary", "(tokens " },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void WithSomethingElse_IsRefused_NamingIt(string change, string named)
    {
        FinetuneOptions options = workshop.Options(model, data, "run");
        RunWorkshop.RunUntil(options, step: 6);
        Dictionary<string, string> before = RunWorkshop.Snapshot(options.Output);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(Changed(options, change) with { Resume = true }));
        Assert.Contains("holds another run (", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RunWorkshop.Snapshot(options.Output));
        RunWorkshop.Run(options with { Resume = true, Model = model, Data = data });      // and the right one is still there
    }

    public void Dispose() => workshop.Dispose();

    private FinetuneOptions Changed(FinetuneOptions options, string change)
    {
        string other = change == "vocabulary" ? workshop.Model("bert-single-label") : "";
        switch (change)
        {
            case "data": return options with { Data = EditTable(static lines => lines[5] = lines[5].Replace("CC", "CN", StringComparison.Ordinal)) };
            case "order of the data": return options with { Data = EditTable(static lines => (lines[2], lines[1]) = (lines[1], lines[2])) };
            case "model": return options with { Model = OtherWeights() };
            case "configuration": return options with { Model = workshop.Model("bert-single-label", static config => config["layer_norm_eps"] = 1e-5) };
            case "split": return options with { Split = options.Split with { Seed = 7 } };
            case "vocabulary":
                string[] entries = File.ReadAllLines(Path.Combine(other, "vocab.txt"));
                (entries[5], entries[6]) = (entries[6], entries[5]);
                File.WriteAllLines(Path.Combine(other, "vocab.txt"), entries);
                return options with { Model = other };
            case "class weights": return options with { BalancedClassWeights = true };
            case "dropout": return options with { Dropout = 0f };
            case "max tokens": return options with { MaxTokens = 20 };
        }
        TrainingOptions training = options.Training;
        return options with
        {
            Training = change switch
            {
                "learning rate" => training with { LearningRate = 2e-3f },
                "epochs" => training with { Epochs = 4 },
                "batch size" => training with { BatchSize = 4 },
                "seed" => training with { Seed = 7 },
                "weight decay" => training with { WeightDecay = 0 },
                "warm-up" => training with { Warmup = 0.5 },
                "clip" => training with { Clip = 0 },
                "shuffle" => training with { Shuffle = false },
                "patience" => training with { Patience = 2 },
                _ => throw new ArgumentOutOfRangeException(nameof(change)),
            },
        };
    }

    private string EditTable(Action<string[]> edit)
    {
        string[] lines = File.ReadAllLines(data);
        edit(lines);
        return workshop.Table(lines[0], lines[1..]);
    }

    private string OtherWeights()
    {
        string folder = workshop.Model("bert-single-label");
        CheckpointEdit.Rewrite(Path.Combine(folder, "model.safetensors"), static (name, values) =>
        {
            if (name == "bert.pooler.dense.bias") values[0] += 1f;
        });
        return folder;
    }

    private Dictionary<string, string> Uninterrupted()
    {
        RunWorkshop.Run(whole);
        return RunWorkshop.Results(whole);
    }

    private void ChangeState(string dropped) => CheckpointEdit.Rewrite(
        StateFile,
        (name, values) => { if (name.StartsWith(dropped + ".", StringComparison.Ordinal)) values.Clear(); },
        progress =>
        {
            JsonObject json = JsonNode.Parse(progress)!.AsObject();
            json.Remove(dropped);
            return json.ToJsonString();
        });

    private sealed class Killed : Exception;
}
