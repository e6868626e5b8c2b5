using System.Text.Json.Nodes;
using SmilesBert.Gpu.Simulator;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Ops.Gpu;
using SmilesBert.Pretraining;
using SmilesBert.Tests.Model;
using SmilesBert.Tests.Pretraining;
using SmilesBert.Tests.Training;
using SmilesBert.Training;

namespace SmilesBert.Tests.Trust;

/// <summary>
/// Whole trainings, from the data to the finished folder with dropout and masks, on the CPU and through the kernels' PTX: the two draw the same numbers
/// and differ by rounding alone.
/// </summary>
public sealed class SimulatorTrainingTests : IDisposable
{
    // Relative, of a step's loss and gradient norm; absolute, of probabilities and of weights, which Adam moves by up to the learning rate a step
    // however small, and so however uncertain, a gradient is.
    private const double Loss = 1e-5, Norm = 1e-4, Probability = 1e-4, Weight = 2e-4;

    private readonly PretrainWorkshop pretrain = new();
    private readonly RunWorkshop finetune = new();

    public void Dispose()
    {
        pretrain.Dispose();
        finetune.Dispose();
    }

    [Fact]
    public void Pretraining_ThenFinetuning()
    {
        PretrainOptions options = pretrain.Options("cpu", Small) with { Data = [pretrain.List("few.smi", Enumerable.Range(0, 14).Select(RunWorkshop.Chain))] };
        options = options with { Training = options.Training with { Epochs = 2, BatchSize = 4 } };
        PretrainOptions simulated = options with { Output = pretrain.At("simulator") };
        RecordingLog cpu = new(), simulator = new();
        using (IOps ops = new CpuOps(threads: 1)) new PretrainRun(options, ops, cpu).Run(TestContext.Current.CancellationToken);
        using (IOps ops = new KernelOps(new SimulatorDevice())) new PretrainRun(simulated, ops, simulator).Run(TestContext.Current.CancellationToken);
        Agree(cpu, simulator);
        Weights(options.Output, simulated.Output);

        FinetuneOptions one = finetune.Options(options.Output, finetune.Classes(rows: 15), "cpu");
        one = one with { Training = one.Training with { Epochs = 2, BatchSize = 4 } };
        FinetuneOptions other = one with { Output = Path.Combine(finetune.Root, "simulator") };
        (cpu, simulator) = (new RecordingLog(), new RecordingLog());
        using (IOps ops = new CpuOps(threads: 1)) new Finetuning(one, ops, cpu).Run(TestContext.Current.CancellationToken);
        using (IOps ops = new KernelOps(new SimulatorDevice())) new Finetuning(other, ops, simulator).Run(TestContext.Current.CancellationToken);
        Agree(cpu, simulator);
        Weights(one.Output, other.Output);
        List<Dictionary<string, string>> expected = RunWorkshop.Predictions(one), found = RunWorkshop.Predictions(other);
        Assert.Equal(expected.Select(static row => row["smiles"]), found.Select(static row => row["smiles"]));
        foreach (string column in expected[0].Keys.Where(static name => name.StartsWith("probability_", StringComparison.Ordinal)))
            Compare.Close(column, Numbers(expected, column), Numbers(found, column), Probability, 0);

        static float[] Numbers(List<Dictionary<string, string>> rows, string column) => [.. rows.Select(row => RunWorkshop.Number(row[column]))];
    }

    private static void Small(JsonObject config)
    {
        config["hidden_size"] = 16;
        config["num_hidden_layers"] = 1;
        config["num_attention_heads"] = 2;
        config["intermediate_size"] = 24;
    }

    private static void Agree(RecordingLog expected, RecordingLog found)
    {
        Assert.Equal(expected.Steps.Count, found.Steps.Count);
        Assert.True(expected.Steps.Count >= 6);
        Compare.Close("losses", Of(expected, static step => step.Loss), Of(found, static step => step.Loss), 0, Loss);
        Compare.Close("gradient norms", Of(expected, static step => step.GradientNorm), Of(found, static step => step.GradientNorm), 0, Norm);
        Compare.Close<double, double>(
            "evaluations", [.. expected.Evaluations.Select(static one => one.Evaluation.Loss!.Value)], [.. found.Evaluations.Select(static one => one.Evaluation.Loss!.Value)], 0, Norm);

        static float[] Of(RecordingLog log, Func<StepRecord, float> figure) => [.. log.Steps.Select(figure)];
    }

    private static void Weights(string expected, string found)
    {
        Dictionary<string, (int[] Shape, float[] Values)> read = CheckpointEdit.Read(Path.Combine(found, "model.safetensors"));
        foreach ((string name, (_, float[] values)) in CheckpointEdit.Read(Path.Combine(expected, "model.safetensors")))
            Compare.Close(name, values, read[name].Values, Weight, 0);
    }
}
