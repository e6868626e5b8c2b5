using SmilesBert.Data;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>A step of several batches is the step of one that holds them all.</summary>
public sealed class AccumulationTests : IDisposable
{
    private readonly RunWorkshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void TwoBatchesOfFour_AreOneOfEight_WhateverTheirLabels()
    {
        // Labels with gaps: the batches of a step have unlike numbers of them, and the mean is over all.
        string data = workshop.Table("smiles,a,b", Enumerable.Range(0, 40).Select(
            static i => $"{RunWorkshop.Chain(i)},{i % 2},{(i % 3 == 0 ? "" : $"{i / 2 % 2}")}"));
        string model = workshop.Model("bert-single-label");
        FinetuneOptions one = workshop.Options(model, data, "one", "a", "b") with { Dropout = 0 };
        one = one with { Targets = one.Targets with { Task = TaskKind.MultiLabel } };
        FinetuneOptions two = one with { Output = Path.Combine(workshop.Root, "two"), Training = one.Training with { BatchSize = 4, Accumulation = 2 } };
        RecordingLog whole = RunWorkshop.Run(one), parts = RunWorkshop.Run(two);
        Assert.Equal(12, parts.Steps.Count);
        for (int step = 0; step < 12; step++)
        {
            Compare.Close($"loss {step}", whole.Steps[step].Loss, parts.Steps[step].Loss, 0, 1e-5);
            Compare.Close($"norm {step}", whole.Steps[step].GradientNorm, parts.Steps[step].GradientNorm, 0, 1e-4);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void WhatCannotBe_IsRefused(int accumulation)
    {
        FinetuneOptions options = workshop.Options(workshop.Model("bert-single-label"), workshop.Classes(), "run");
        InputException error = Assert.Throws<InputException>(
            () => RunWorkshop.Run(options with { Training = options.Training with { Accumulation = accumulation } }));
        Assert.Equal($"--gradient-accumulation {accumulation}: expected a whole number from 1 to 10000", error.Message);
    }
}
