using System.Text.Json;
using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class ClassWeightsTests
{
    private sealed record Case(int ClassCount, int[] Classes, int[] Train, double[] Weights);

    // tools/class_weights.py: scikit-learn's compute_class_weight on drawn training splits, some with a class that no training row has.
    [Fact]
    public void Balanced_MatchesScikitLearn()
    {
        using FileStream file = File.OpenRead(Files.Golden("Data", "class_weights.json"));
        Case[] cases = JsonSerializer.Deserialize<Case[]>(file, JsonSerializerOptions.Web)!;
        Assert.Equal(4, cases.Length);
        foreach (Case c in cases)
        {
            float[] weights = ClassWeights.Balanced(c.Classes, c.Train, c.ClassCount);
            Assert.Equal(c.ClassCount, weights.Length);
            for (int k = 0; k < c.ClassCount; k++) Assert.Equal(c.Weights[k], weights[k], tolerance: 1e-6 * Math.Max(1, c.Weights[k]));
        }
    }
}
