using System.Text.Json.Nodes;
using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Ops.Cpu;
using SmilesBert.Tests.Ops;
using SmilesBert.Training;

namespace SmilesBert.Tests.Model;

/// <summary>The whole network against PyTorch: hidden states, logits, losses, every gradient by name, and 20 steps of training.</summary>
public sealed class GoldenTests
{
    private const double HiddenTolerance = 1e-5, GradientTolerance = 1e-4, ZeroGradientTolerance = 1e-7, LossTolerance = 1e-5, FinalTolerance = 2e-4;

    private static readonly string[] Architectures = ["bert-single-label", "roberta-single-label", "albert-single-label"];

    public static TheoryData<string, string> Cases => OnDevices(
        ["bert-single-label", "roberta-single-label", "albert-single-label", "bert-multi-label", "bert-regression", "bert-class-weights",
            "bert-mlm", "roberta-mlm", "albert-mlm", "bert-gelu-new", "bert-relu", "bert-odd-sizes"]);

    public static TheoryData<string, string> DropoutCases => OnDevices([.. Architectures, "bert-odd-sizes"]);

    // Twenty steps take the simulator half a minute.
    public static TheoryData<string, string> TrainingCases =>
        OnDevices([.. Architectures, "bert-multi-label", "bert-regression"], simulated: ["bert-single-label"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ForwardAndBackward_MatchPyTorch(string device, string name)
    {
        using GoldenCase golden = new(name, Devices.Create(device));
        float loss = golden.Step("", Pass.Evaluation);
        Matches(golden, "", loss);
    }

    [Theory]
    [MemberData(nameof(DropoutCases))]
    public void ForwardAndBackward_WithTheSameMasks_MatchPyTorch(string device, string name)
    {
        using GoldenCase golden = new(name, Devices.Create(device));
        JsonObject dropout = golden.Json["dropout"]!.AsObject();
        Pass pass = new(Training: true, (ulong)dropout["seed"]!, (uint)dropout["step"]!, (uint)dropout["micro_batch"]!);
        float loss = golden.Step("", pass);
        Matches(golden, "dropout.", loss);
    }

    [Theory]
    [MemberData(nameof(TrainingCases))]
    public void TwentySteps_MatchPyTorch(string device, string name)
    {
        using GoldenCase golden = new(name, Devices.Create(device));
        Assert.InRange(Worst(Train(golden), golden), 0, LossTolerance);
        // Where the gradient is zero but for rounding, Adam makes steps of the noise.
        string[] noise = [.. golden.Json["zero_gradients"]!.AsArray().Select(static tensor => (string)tensor!)];
        foreach (NamedTensor tensor in golden.Model.Parameters.Tensors.Where(tensor => !noise.Contains(tensor.Name)))
        {
            float[] final = golden.Read(golden.Model.Parameters.Values.Slice(tensor.Offset, tensor.Length), tensor.Length);
            Close("final." + tensor.Name, golden.Reference("final." + tensor.Name), final, FinalTolerance);
        }
    }

    // Operands of products are rounded with a relative error of u = 2^-11 (tf32) or 2^-8 (bf16) at most. Of what a loss is made of, errors of
    // random signs add up over the 14 products that lie one behind the other, two operands each: sqrt(28) u.
    [Theory]
    [InlineData("simulator tf32", 11)]
    [InlineData("simulator bf16", 8)]
    [InlineData("cuda tf32", 11)]
    [InlineData("cuda bf16", 8)]
    public void TwentySteps_OnTensorCores_StayNearPyTorch(string device, int bits)
    {
        using GoldenCase golden = new("bert-single-label", Devices.Create(device));
        double worst = Worst(Train(golden), golden);
        Assert.InRange(worst, 0, Math.Sqrt(28) * Math.Pow(2, -bits));
    }

    // The three mistakes that the losses must be able to tell.

    [Fact]
    public void TwentySteps_WithTanhGelu_DoNotMatch() =>
        Mismatches(static config => config with { Activation = ActivationKind.GeluTanh }, decayAll: false, scheduleShift: 0);

    [Fact]
    public void TwentySteps_WithDecayOnBiases_DoNotMatch() => Mismatches(change: null, decayAll: true, scheduleShift: 0);

    [Fact]
    public void TwentySteps_WithTheScheduleOneStepOff_DoNotMatch() => Mismatches(change: null, decayAll: false, scheduleShift: 1);

    [Theory]
    [InlineData("bert-single-label")]
    [InlineData("albert-single-label")]
    public void Backward_Twice_DoublesParameterGradients(string name)
    {
        using GoldenCase golden = new(name, new CpuOps(threads: 2));
        golden.Step("", Pass.Evaluation);
        float[] once = golden.Read(golden.Model.Parameters.Gradients, golden.Model.Parameters.Gradients.Length);
        golden.Model.Backward(golden.Batch, Pass.Evaluation);
        float[] twice = golden.Read(golden.Model.Parameters.Gradients, once.Length);
        Close("gradients", [.. once.Select(static g => 2 * g)], twice, 1e-6);
    }

    [Fact]
    public void Step_OnOneAndThreeThreads_GivesTheSameBits()
    {
        using GoldenCase a = new("bert-odd-sizes", new CpuOps(threads: 1)), b = new("bert-odd-sizes", new CpuOps(threads: 3));
        Pass pass = new(Training: true, Seed: 7, Step: 5);
        Assert.Equal(a.Step("", pass), b.Step("", pass));
        int length = a.Model.Parameters.Gradients.Length;
        Assert.Equal(a.Read(a.Model.Parameters.Gradients, length), b.Read(b.Model.Parameters.Gradients, length));
    }

    // The cases on every device; on the simulator, where they are given, only some.
    private static TheoryData<string, string> OnDevices(string[] names, string[]? simulated = null)
    {
        TheoryData<string, string> data = [];
        foreach (string name in names) data.Add("cpu", name);
        foreach (string name in simulated ?? names) data.Add("simulator", name);
        foreach (string name in names) data.Add("cuda", name);
        return data;
    }

    private static double[] Train(GoldenCase golden, bool decayAll = false, int scheduleShift = 0)
    {
        IOps ops = golden.Model.Ops;
        JsonObject training = golden.Json["training"]!.AsObject();
        int steps = (int)training["steps"]!;
        LinearSchedule schedule = new((float)training["learning_rate"]!, warmup: 0, steps);
        ParameterTable table = golden.Model.Parameters;
        Floats m = ops.AllocateFloats(table.Values.Length), v = ops.AllocateFloats(table.Values.Length), norm = ops.AllocateFloats(1);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            losses[step] = golden.Step($"train.{step % (int)training["batches"]!}.", Pass.Evaluation);
            AdamWStep numbers = new(
                schedule.At(step + scheduleShift), (float)training["betas"]![0]!, (float)training["betas"]![1]!, (float)training["epsilon"]!,
                (float)training["weight_decay"]!, (float)training["max_gradient_norm"]!, step + 1);
            ops.Norm(norm, table.Gradients, table.Gradients.Length);
            ops.AdamW(table.Values, m, v, table.Gradients, norm, norm, table.Values.Length, decayAll ? table.Values.Length : table.DecayCount, numbers);
        }
        return losses;
    }

    private static double Worst(double[] losses, GoldenCase golden) =>
        losses.Zip(golden.Json["training"]!["losses"]!.AsArray(), static (ours, theirs) => Math.Abs(ours - (double)theirs!) / Math.Abs((double)theirs!)).Max();

    private static void Mismatches(Func<ModelConfig, ModelConfig>? change, bool decayAll, int scheduleShift)
    {
        using GoldenCase golden = new("bert-single-label", new CpuOps(threads: 2), change);
        double worst = Worst(Train(golden, decayAll: decayAll, scheduleShift: scheduleShift), golden);
        Assert.True(worst > 5 * LossTolerance, "the losses cannot tell this mistake");
    }

    private static void Matches(GoldenCase golden, string prefix, float loss)
    {
        Assert.InRange(Math.Abs(loss - golden.Reference(prefix + "loss")[0]) / Math.Abs(golden.Reference(prefix + "loss")[0]), 0, HiddenTolerance);
        if (golden.Has(prefix + "embeddings")) Hidden("embeddings", golden.Model.Embedded);
        for (int i = 0; i <= golden.Model.Config.Layers; i++) Hidden($"hidden.{i}", golden.Model.Hidden(i));
        Close(prefix + "logits", golden.Reference(prefix + "logits"), golden.Logits(), HiddenTolerance);

        string[] zero = [.. golden.Json["zero_gradients"]!.AsArray().Select(static name => (string)name!)];
        double norm = golden.Reference(prefix + "grad_norm")[0];
        foreach (NamedTensor tensor in golden.Model.Parameters.Tensors)
        {
            float[] gradient = golden.Read(golden.Model.Parameters.Gradients.Slice(tensor.Offset, tensor.Length), tensor.Length);
            if (zero.Contains(tensor.Name)) Assert.InRange(gradient.Max(static g => Math.Abs(g)) / norm, 0, ZeroGradientTolerance);
            else Close($"{prefix}grad.{tensor.Name}", golden.Reference($"{prefix}grad.{tensor.Name}"), gradient, GradientTolerance);
        }

        void Hidden(string name, Floats x)
        {
            float[] expected = golden.Reference(prefix + name);
            Close(prefix + name, expected, golden.Read(x, expected.Length), HiddenTolerance);
        }
    }

    // The largest difference over the tensor's largest magnitude.
    private static void Close(string name, float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(static x => Math.Abs((double)x));
        for (int i = 0; i < expected.Length; i++)
        {
            double used = Math.Abs((double)actual[i] - expected[i]) / (tolerance * Math.Max(largest, double.Epsilon));
            Assert.True(used <= 1, $"{name}[{i}]: expected {expected[i]:R}, found {actual[i]:R}, {used:P1} of the tolerance");
        }
    }
}
