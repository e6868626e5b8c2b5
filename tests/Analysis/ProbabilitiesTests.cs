using SmilesBert.Analysis;

namespace SmilesBert.Tests.Analysis;

public sealed class ProbabilitiesTests
{
    [Fact]
    public void Softmax_IsKnown_AndSurvivesLargeLogits()
    {
        float[] probabilities = [0f, MathF.Log(3f), 1000f, -1000f];
        Probabilities.Softmax(probabilities, probabilities, 2);
        Assert.Equal(0.25f, probabilities[0], 1e-7f);
        Assert.Equal(0.75f, probabilities[1], 1e-7f);
        Assert.Equal([1f, 0f], probabilities[2..]);
    }

    [Fact]
    public void Sigmoid_IsKnown_AndSurvivesLargeLogits()
    {
        float[] probabilities = new float[4];
        Probabilities.Sigmoid(probabilities, [0f, MathF.Log(3f), 1000f, -1000f]);
        Assert.Equal(0.75f, probabilities[1], 1e-7f);
        Assert.Equal([0.5f, 1f, 0f], [probabilities[0], probabilities[2], probabilities[3]]);
    }

    [Fact]
    public void WorstRows_AreTheMostConfidentMistakes()
    {
        float[] single = [0.9f, 0.1f, 0.4f, 0.6f, 0.7f, 0.3f, 0.2f, 0.8f];
        Assert.Equal([0, 2], WorstRows.SingleLabel(single, [1, 1, 1, 1], 2, most: 2));
        Assert.Equal([2, 0], WorstRows.MultiLabel([0.4f, 0.9f, 0.05f, 0.99f], [1f, 1f, 1f, float.NaN], most: 5));
        Assert.Equal([3, 1], WorstRows.Regression([1f, 2f, 3f, 4f], [1f, 1f, float.NaN, -4f], most: 2));
    }
}
