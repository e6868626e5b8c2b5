using System.Text.Json.Nodes;
using SmilesBert.Data;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Pretraining;
using SmilesBert.Tests.Model;
using SmilesBert.Tests.Training;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Tests.Pretraining;

public sealed class PretrainRunTests : IDisposable
{
    private readonly PretrainWorkshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void ATinyCorpus_IsLearnedByHeart()
    {
        PretrainOptions options = workshop.Options("run", static config => config["hidden_size"] = 64) with
        {
            Data = [workshop.List("real.smi", PretrainWorkshop.Real)],
            HeldOut = 0,
            Dropout = 0,
            Training = new TrainingOptions { Epochs = 600, BatchSize = 10, LearningRate = 3e-3f, Warmup = 0.1, WeightDecay = 0 },
        };
        PretrainWorkshop.Run(options);
        RecoveryScore score = Recovery(options.Output, PretrainWorkshop.Real);
        Assert.True(score.Top1 > 0.9, $"recovered {score.Top1:P1}");
        Assert.True(score.Baseline < 0.5);
        JsonObject metrics = PretrainWorkshop.Metrics(options);
        Assert.Null(metrics["validation"]);
        Assert.Equal(600, (int)metrics["best_epoch"]!);
    }

    [Fact]
    public void TheFolder_HoldsAModelAndItsFigures()
    {
        PretrainOptions options = workshop.Options("run");
        RecordingLog log = PretrainWorkshop.Run(options);
        Assert.Equal(PretrainWorkshop.Steps, log.Steps.Count);
        Assert.Equal(3, log.Evaluations.Count);
        JsonObject metrics = PretrainWorkshop.Metrics(options);
        Assert.Equal("masked_recovery", (string)metrics["task"]!);
        Assert.Equal(32, (int)metrics["train"]!["molecules"]!);
        Assert.Equal(4, (int)metrics["validation"]!["molecules"]!);
        foreach (string rate in (string[])["molecules_per_second", "tokens_per_second", "gflop_per_second", "peak_gflop_per_second"])
            Assert.True((double)metrics[rate]! > 0, rate);

        // The kept epoch's figures are those that were measured when it was kept.
        (_, _, IScored kept, _) = log.Evaluations[(int)metrics["best_epoch"]! - 1];
        Assert.Equal(kept.Loss, (double)metrics["validation"]!["loss"]!);
        Assert.Equal(log.Evaluations.Min(static evaluation => evaluation.Evaluation.Loss), kept.Loss);

        string[] heldOut = File.ReadAllLines(Path.Combine(options.Output, "held-out.smi"));
        Assert.Equal(4, heldOut.Length);
        Assert.Contains("top-1 recovery", File.ReadAllText(Path.Combine(options.Output, "curves.svg")), StringComparison.Ordinal);
        Assert.Contains("Pretraining on chains.smi", File.ReadAllText(Path.Combine(options.Output, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheModel_IsBertForMaskedLM_ByNamesAndShapes()
    {
        // As many entries as the reference network has rows, so that every shape is its.
        PretrainOptions options = workshop.Options("run");
        PretrainWorkshop.Run(options);
        Assert.Equal(Shapes(Files.Golden("Model", "bert-mlm", "model.safetensors")), Shapes(Path.Combine(options.Output, "model.safetensors")));
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(options.Output, "config.json")))!.AsObject();
        Assert.Equal("BertForMaskedLM", (string)config["architectures"]![0]!);
        Assert.Equal("bert", (string)config["model_type"]!);

        static string[] Shapes(string path) =>
            [.. CheckpointEdit.Read(path).Select(static tensor => $"{tensor.Key} {string.Join('x', tensor.Value.Shape)}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void TheModel_CanBeEmbedded_AndFinetuned()
    {
        PretrainOptions options = workshop.Options("run");
        PretrainWorkshop.Run(options);
        using CpuOps ops = new(threads: 1);
        ModelFolder folder = ModelFolder.Open(options.Output, HeadKind.None, ops);
        Inference inference = new(folder.Model, tokens: 64, molecules: 1);
        Assert.Single(inference.Run([folder.Encoder(null, LongMolecules.Refuse).Encode("CCO", 1)]));

        using RunWorkshop tables = new();
        FinetuneOptions finetune = tables.Options(options.Output, tables.Table("smiles,y", Enumerable.Range(0, 40).Select(
            static i => $"{RunWorkshop.Chain(i)},{(i % 2 == 0 ? "a" : "b")}")), "finetuned");
        RunWorkshop.Run(finetune);
        Assert.True(RunFolder.IsFinished(finetune.Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Threads_DoNotChangeABit(bool randomize)
    {
        PretrainOptions one = workshop.Options("one") with { RandomizeSmiles = randomize }, three = one with { Output = workshop.At("three") };
        PretrainWorkshop.Run(one);
        PretrainWorkshop.Run(three, threads: 3);
        Assert.Equal(PretrainWorkshop.Results(one), PretrainWorkshop.Results(three));
    }

    [Fact]
    public void AnotherSeed_GivesAnotherModel()
    {
        PretrainOptions one = workshop.Options("one"), other = one with { Output = workshop.At("other"), Training = one.Training with { Seed = 43 } };
        PretrainWorkshop.Run(one);
        PretrainWorkshop.Run(other);
        Assert.NotEqual(PretrainWorkshop.Results(one)["model.safetensors"], PretrainWorkshop.Results(other)["model.safetensors"]);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void StoppedAndResumed_EndsAsTheUninterruptedRun(bool randomize, int accumulation)
    {
        PretrainOptions whole = workshop.Options("whole") with { RandomizeSmiles = randomize };
        whole = whole with { Training = whole.Training with { BatchSize = 8 / accumulation, Accumulation = accumulation } };
        PretrainWorkshop.Run(whole);
        foreach (int step in (int[])[1, 4, 5, 12])
        {
            PretrainOptions broken = whole with { Output = workshop.At($"stopped-{step}") };
            PretrainWorkshop.RunUntil(broken, step);
            RecordingLog log = PretrainWorkshop.Run(broken with { Resume = true });
            Assert.Contains($"resumed after step {step}", log.Messages);
            Assert.Equal(PretrainWorkshop.Steps - step, log.Steps.Count);
            Assert.Equal(PretrainWorkshop.Results(whole), PretrainWorkshop.Results(broken));
        }
    }

    [Fact]
    public void KilledBetweenTwoSaves_LosesNoMoreThanSaveEvery()
    {
        PretrainOptions whole = workshop.Options("whole");
        whole = whole with { Training = whole.Training with { SaveEvery = 2 } };
        PretrainWorkshop.Run(whole);
        PretrainOptions broken = whole with { Output = workshop.At("killed") };
        RecordingLog killer = new() { OnStep = static (_, record) => { if (record.Step == 4) throw new TimeoutException(); } };
        Assert.Throws<TimeoutException>(() => PretrainWorkshop.Run(broken, log: killer));
        RecordingLog log = PretrainWorkshop.Run(broken with { Resume = true });
        Assert.Contains("resumed after step 2", log.Messages);
        Assert.Equal(PretrainWorkshop.Results(whole), PretrainWorkshop.Results(broken));
    }

    [Fact]
    public void ResumedWithSomethingElse_IsRefused()
    {
        PretrainOptions options = workshop.Options("run");
        PretrainWorkshop.RunUntil(options, 4);
        Assert.Contains("randomised SMILES no, now yes", PretrainWorkshop.Refusal(options with { Resume = true, RandomizeSmiles = true }), StringComparison.Ordinal);
        Assert.Contains("rows of the split", PretrainWorkshop.Refusal(options with { Resume = true, HeldOut = 0.2 }), StringComparison.Ordinal);
        Assert.Contains(
            "batch size 8, now 4 x 2",
            PretrainWorkshop.Refusal(options with { Resume = true, Training = options.Training with { BatchSize = 4, Accumulation = 2 } }), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoBatchesOfEight_AreOneOfSixteen()
    {
        PretrainOptions one = workshop.Options("one") with { Dropout = 0 }, two = one with { Output = workshop.At("two") };
        RecordingLog whole = PretrainWorkshop.Run(one with { Training = one.Training with { BatchSize = 16 } });
        RecordingLog parts = PretrainWorkshop.Run(two with { Training = two.Training with { BatchSize = 8, Accumulation = 2 } });
        Assert.Equal(whole.Steps.Count, parts.Steps.Count);
        for (int step = 0; step < whole.Steps.Count; step++)
        {
            Compare.Close($"loss {step}", whole.Steps[step].Loss, parts.Steps[step].Loss, 0, 1e-5);
            Compare.Close($"norm {step}", whole.Steps[step].GradientNorm, parts.Steps[step].GradientNorm, 0, 1e-4);
        }
    }

    [Fact]
    public void GoingOnFromAModel_BeginsWhereItWas()
    {
        PretrainOptions first = workshop.Options("first") with { Dropout = 0 };
        PretrainWorkshop.Run(first);
        PretrainOptions second = first with { Output = workshop.At("second"), Start = new PretrainStart.Model(first.Output) };
        RecordingLog log = PretrainWorkshop.Run(second with { Training = first.Training with { Epochs = 1, LearningRate = 1e-9f } });
        double before = (double)PretrainWorkshop.Metrics(first)["validation"]!["loss"]!;
        Compare.Close("loss", before, log.Evaluations[0].Evaluation.Loss!.Value, 0, 1e-4);
        Assert.Equal(File.ReadAllText(Path.Combine(first.Output, "tokenizer.json")), File.ReadAllText(Path.Combine(second.Output, "tokenizer.json")));
    }

    [Fact]
    public void SeveralFiles_AreOneCorpus_RepeatsAreLeftOut_AndWritingsStayTogether()
    {
        string table = workshop.At("table.csv");
        File.WriteAllText(table, "name,smiles\na,CCO\nb,c1ccccc1O\nc,OCC\nd,not a molecule\n");
        string list = workshop.List("list.smi", ["CCO", "CCN", "Oc1ccccc1", "CCC", "CCCC"]);
        Corpus corpus = Corpus.Load([table, list], new ReadOptions { OnBadRow = BadRows.Skip });
        Assert.Equal(["CCO", "c1ccccc1O", "OCC", "CCN", "Oc1ccccc1", "CCC", "CCCC"], corpus.Smiles);
        Assert.Equal([1, 2, 3, 5, 6, 7, 8], corpus.Rows);
        Assert.Equal([1L, 1L], corpus.Dropped.Select(static dropped => dropped.Count));

        for (ulong seed = 0; seed < 10; seed++)
        {
            PretrainOptions options = workshop.Options($"seed-{seed}") with
            {
                Data = [table, list],
                Read = new ReadOptions { OnBadRow = BadRows.Skip },
                HeldOut = 0.4,
                Training = new TrainingOptions { Epochs = 1, Seed = seed },
            };
            PretrainWorkshop.Run(options);
            string[] heldOut = File.ReadAllLines(Path.Combine(options.Output, "held-out.smi"));
            Assert.Equal(heldOut.Contains("CCO"), heldOut.Contains("OCC"));
            Assert.Equal(heldOut.Contains("c1ccccc1O"), heldOut.Contains("Oc1ccccc1"));
        }
    }

    [Fact]
    public void LongMolecules_AreTruncatedAndCounted_OrRefused()
    {
        PretrainOptions options = workshop.Options("run", static config => config["max_position_embeddings"] = 12);
        RecordingLog log = PretrainWorkshop.Run(options);
        Assert.Contains(log.Warnings, static warning => warning.Contains("of 36 molecules are longer than the model reads and were truncated", StringComparison.Ordinal));
        Assert.Contains("the model reads at most 12", PretrainWorkshop.Refusal(options with { Output = workshop.At("other"), OnLong = LongMolecules.Refuse }), StringComparison.Ordinal);
    }

    [Fact]
    public void RareTokens_BecomeUnknown_AndAreSaid()
    {
        PretrainOptions options = workshop.Options("run") with { Data = [workshop.List("real.smi", [.. PretrainWorkshop.Real, "[Ca+2].[Ca+2]"])], MinTokenCount = 3, HeldOut = 0 };
        RecordingLog log = PretrainWorkshop.Run(options);
        Assert.Contains(log.Warnings, static warning => warning.StartsWith("\"[N+]\" is unknown to the vocabulary", StringComparison.Ordinal));
        Assert.DoesNotContain("[N+]", File.ReadAllLines(Path.Combine(options.Output, "vocab.txt")));
    }

    private static RecoveryScore Recovery(string folder, IEnumerable<string> molecules)
    {
        using CpuOps ops = new(threads: 1);
        ModelFolder model = ModelFolder.Open(folder, HeadKind.MaskedToken, ops);
        MaskedRecovery recovery = new(model);
        MoleculeEncoder encoder = model.Encoder(maxTokens: null, LongMolecules.Refuse);
        foreach (string smiles in molecules) recovery.Add(encoder.Encode(smiles, row: 1));
        return recovery.Score();
    }
}
