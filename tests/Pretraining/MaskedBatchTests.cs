using System.Text.Json.Nodes;
using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Pretraining;
using SmilesBert.Tests.Model;
using SmilesBert.Tests.Ops;
using SmilesBert.Training;

namespace SmilesBert.Tests.Pretraining;

/// <summary>Masked recovery against PyTorch, where only the tokens that are asked for are decoded: loss, every gradient, 20 steps of training.</summary>
public sealed class MaskedBatchTests
{
    private const int Tokens = 512, Molecules = 32, Masked = 64;
    private const double GradientTolerance = 1e-4, LossTolerance = 1e-5, FinalTolerance = 2e-4;

    // Twenty steps take the simulator half a minute: it does five.
    public static TheoryData<string, int> Runs => new() { { "cpu", 20 }, { "simulator", 5 }, { "cuda", 20 } };

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> data = [];
        foreach (string device in (string[])["cpu", "simulator", "cuda"])
            foreach (string name in (string[])["bert-mlm", "roberta-mlm", "albert-mlm"]) data.Add(device, name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndGradients_MatchPyTorch(string device, string name)
    {
        using GoldenCase golden = new(name, Devices.Create(device));
        MaskedBatch batch = new(golden.Model, Tokens, Molecules, Masked);
        golden.Model.Ops.Fill(golden.Model.Parameters.Gradients, 0f);
        float loss = Step(golden, batch, "", parts: 1);
        Assert.InRange(loss / golden.Reference("loss")[0], 1 - LossTolerance, 1 + LossTolerance);
        GradientsMatch(golden);
    }

    [Fact]
    public void Gradients_InMicroBatches_MatchPyTorch()
    {
        using GoldenCase golden = new("bert-mlm", new CpuOps(threads: 2));
        MaskedBatch batch = new(golden.Model, Tokens, Molecules, Masked);
        float loss = Step(golden, batch, "", parts: 3);
        Assert.InRange(loss / golden.Reference("loss")[0], 1 - LossTolerance, 1 + LossTolerance);
        GradientsMatch(golden);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Training_MatchesPyTorch(string device, int steps)
    {
        using GoldenCase golden = new("bert-mlm", Devices.Create(device));
        JsonObject training = golden.Json["training"]!.AsObject();
        int all = (int)training["steps"]!;
        TrainingOptions options = new()
        {
            LearningRate = (float)training["learning_rate"]!,
            WeightDecay = (float)training["weight_decay"]!,
            Clip = (float)training["max_gradient_norm"]!,
        };
        LinearSchedule schedule = new(options.LearningRate, warmup: 0, all);
        AdamWOptimizer optimizer = new(golden.Model, options);
        MaskedBatch batch = new(golden.Model, Tokens, Molecules, Masked);
        for (int step = 0; step < steps; step++)
        {
            optimizer.Clear();
            float loss = Step(golden, batch, $"train.{step % (int)training["batches"]!}.", parts: 1);
            optimizer.Step(schedule.At(step), step);
            double expected = (double)training["losses"]![step]!;
            Assert.True(Math.Abs((loss / expected) - 1) <= LossTolerance, $"step {step}: loss {loss:R}, expected {expected:R}");
        }
        if (steps < all) return;
        // Where the gradient is zero but for rounding, Adam makes steps of the noise.
        foreach (NamedTensor tensor in Parameters(golden, zero: false))
        {
            float[] expected = golden.Reference("final." + tensor.Name);
            Compare.Close(tensor.Name, expected, golden.Read(golden.Model.Parameters.Values.Slice(tensor.Offset, tensor.Length), tensor.Length),
                FinalTolerance * expected.Max(Math.Abs), 0);
        }
    }

    // The molecules stored under a prefix, with their labelled tokens as what is asked for; in several batches, or one.
    private static float Step(GoldenCase golden, MaskedBatch batch, string prefix, int parts)
    {
        int[] ids = [.. golden.Reference(prefix + "ids").Select(static id => (int)id)];
        int[] lengths = [.. golden.Reference(prefix + "lengths").Select(static length => (int)length)];
        int[] labels = [.. golden.Reference(prefix + "labels").Select(static label => (int)label)];
        int total = labels.Count(static label => label >= 0), perPart = (lengths.Length + parts - 1) / parts;
        double loss = 0;
        for (int b = 0, start = 0; b < lengths.Length; start += lengths[b++])
        {
            int[] own = labels[start..(start + lengths[b])];
            int[] places = [.. Enumerable.Range(0, own.Length).Where(i => own[i] >= 0)];
            MaskedMolecule molecule = new(ids[start..(start + lengths[b])], places, [.. places.Select(place => own[place])]);
            Assert.True(batch.Fits(molecule));
            batch.Add(molecule);
            if ((b + 1) % perPart != 0 && b + 1 < lengths.Length) continue;
            batch.Forward(Pass.Evaluation);
            loss += golden.Read(batch.Loss(total), batch.Answers.Length).Sum(static one => (double)one);
            batch.Backward(Pass.Evaluation);
            batch.Clear();
        }
        return (float)loss;
    }

    private static void GradientsMatch(GoldenCase golden)
    {
        foreach (NamedTensor tensor in Parameters(golden, zero: false))
        {
            float[] expected = golden.Reference("grad." + tensor.Name);
            Compare.Close(tensor.Name, expected, golden.Read(golden.Model.Parameters.Gradients.Slice(tensor.Offset, tensor.Length), tensor.Length),
                GradientTolerance * expected.Max(Math.Abs), 0);
        }
        double norm = golden.Reference("grad_norm")[0];
        foreach (NamedTensor tensor in Parameters(golden, zero: true))
            Compare.Close(tensor.Name, new float[tensor.Length], golden.Read(golden.Model.Parameters.Gradients.Slice(tensor.Offset, tensor.Length), tensor.Length), 1e-7 * norm, 0);
    }

    private static IEnumerable<NamedTensor> Parameters(GoldenCase golden, bool zero)
    {
        string[] names = [.. golden.Json["zero_gradients"]!.AsArray().Select(static tensor => (string)tensor!)];
        return golden.Model.Parameters.Tensors.Where(tensor => names.Contains(tensor.Name) == zero);
    }
}
