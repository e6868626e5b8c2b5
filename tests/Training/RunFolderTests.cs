using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Model;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>An output folder holds one run.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly RunWorkshop workshop = new();
    private readonly FinetuneOptions options;

    public RunFolderTests() => options = workshop.Options(workshop.Model("bert-single-label"), workshop.Classes(), "run");

    [Theory]
    [InlineData("finished")]
    [InlineData("stopped")]
    [InlineData("killed before the first save")]
    public void AFolderThatHoldsARun_IsRefused_AndNothingInItChanges(string how)
    {
        switch (how)
        {
            case "finished": RunWorkshop.Run(options); break;
            case "stopped": RunWorkshop.RunUntil(options, step: 5); break;
            default:
                RecordingLog killer = new() { OnStep = static (_, _) => throw new InvalidOperationException() };
                Assert.Throws<InvalidOperationException>(() => RunWorkshop.Run(options, log: killer));
                break;
        }
        Dictionary<string, string> before = RunWorkshop.Snapshot(options.Output);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options));
        Assert.Contains("already holds a run", error.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RunWorkshop.Snapshot(options.Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFolderThatHoldsAModel_IsRefused(bool resume)
    {
        string model = workshop.Model("bert-single-label");
        Dictionary<string, string> before = RunWorkshop.Snapshot(model);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Output = model, Resume = resume }));
        Assert.Contains("already holds a run (config.json)", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, RunWorkshop.Snapshot(model));
    }

    [Fact]
    public void ResumeIntoNothing_BeginsARun()
    {
        RecordingLog log = RunWorkshop.Run(options with { Resume = true });
        Assert.Contains($"{options.Output}: nothing is saved yet; starting from the beginning", log.Messages);
        FinetuneOptions plain = options with { Output = options.Output + "-plain" };
        RunWorkshop.Run(plain);
        Assert.Equal(RunWorkshop.Results(plain), RunWorkshop.Results(options));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TwoRunsIntoOneFolder_TheSecondIsRefused_AndTheFirstGoesOn(bool resume)
    {
        FinetuneOptions alone = options with { Output = options.Output + "-alone" };
        RunWorkshop.Run(alone);
        int refused = 0;
        RunWorkshop.Run(options, log: new RecordingLog
        {
            OnStep = (_, step) =>
            {
                if (step.Step is not (2 or 6)) return;
                Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Resume = resume }));
                refused++;
            },
        });
        Assert.Equal(2, refused);
        Assert.Equal(RunWorkshop.Results(alone), RunWorkshop.Results(options));
    }

    [Fact]
    public void AFileWhereTheFolderShouldBe_IsRefused()
    {
        File.WriteAllText(options.Output, "a file");
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options));
        Assert.Contains("cannot be used as an output folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}x")]
    [InlineData("""{"HistoryBytes": -1}""")]
    [InlineData("""{"StepInEpoch": -5}""")]
    [InlineData("""{"EpochLoss": 1e999}""")]
    [InlineData("""{"Step": 2147483648}""")]
    public void AStateThatNoTrainingSaved_IsRefused(string progress)
    {
        RunWorkshop.RunUntil(options, step: 5);
        CheckpointEdit.Rewrite(Path.Combine(options.Output, "state", "training.safetensors"), static (_, _) => { }, _ => progress);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Resume = true }));
        Assert.EndsWith("its progress cannot be read; start again in another folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"seed\": {}}")]
    public void AnIdentityThatNoRunWrote_IsRefused(string identity)
    {
        RunWorkshop.RunUntil(options, step: 5);
        File.WriteAllText(Path.Combine(options.Output, "state", "run.json"), identity);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Resume = true }));
        Assert.EndsWith("run.json: cannot be read; start again in another folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("null")]
    [InlineData("{\"step\": 1}")]
    [InlineData("{\"step\": 1, \"loss\": \"low\"}")]
    [InlineData("{\"split\": \"validation\"}")]
    [InlineData("{\"step\": 1, \"step\": 2}")]
    public void AHistoryThatNoTrainingWrote_IsRefused(string first)
    {
        RunWorkshop.RunUntil(options, step: 5);
        string path = Path.Combine(options.Output, "history.jsonl");
        string[] lines = File.ReadAllLines(path);
        // As long as before, or the run would be refused for its length.
        File.WriteAllLines(path, [first.PadRight(lines[0].Length), .. lines[1..]]);
        InputException error = Assert.Throws<InputException>(() => RunWorkshop.Run(options with { Resume = true }));
        Assert.Equal($"{path}, line 1: no training wrote this line; start again in another folder", error.Message);
    }

    [Fact]
    public void BadInput_LeavesNoFolderBehind()
    {
        TargetOptions regression = options.Targets with { Task = TaskKind.Regression };
        FinetuneOptions[] bad =
        [
            options with { Data = Path.Combine(workshop.Root, "absent.csv") },
            options with { Model = Path.Combine(workshop.Root, "absent") },
            options with { Targets = options.Targets with { Columns = ["absent"] } },
            options with { MaxTokens = 49 },
            options with { Model = ModelOfAnotherTokenizer() },
            options with { Data = workshop.Table("smiles,y", ["CCO,a", "CCN,a", "CCC,a"]) },
            options with { Data = workshop.Table("smiles,y", [$"{new string('C', 60)},a", "CCN,b", "CCC,a", "CCCO,b"]), OnLong = LongMolecules.Refuse },
            options with { Data = workshop.Table("smiles,y", ["CCO,1.5", "CCN,2.5", "CCC,3.5"]), Targets = regression, BalancedClassWeights = true },
            options with { Training = options.Training with { LearningRate = float.PositiveInfinity } },
            options with { Training = options.Training with { Warmup = -1 } },
            options with { Training = options.Training with { Patience = 0 } },
        ];
        foreach (FinetuneOptions one in bad)
        {
            Assert.Throws<InputException>(() => RunWorkshop.Run(one));
            Assert.False(Path.Exists(options.Output));
        }
    }

    [Fact]
    public void AVocabularyBeyondTheModelsTable_IsRefused()
    {
        string model = ModelOfAnotherTokenizer();
        using CpuOps ops = new(threads: 1);
        InputException error = Assert.Throws<InputException>(() => ModelFolder.Open(model, HeadKind.Molecule, ops));
        Assert.Equal($"{model}: the tokenizer has ids up to 41, but config.json's vocab_size is 41", error.Message);
    }

    public void Dispose() => workshop.Dispose();

    private string ModelOfAnotherTokenizer()
    {
        string model = workshop.Model("bert-single-label");
        File.AppendAllText(Path.Combine(model, "vocab.txt"), "[Na+]\n");
        return model;
    }
}
