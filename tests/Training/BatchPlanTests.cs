using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

public sealed class BatchPlanTests
{
    private static readonly int[] Rows = [.. Enumerable.Range(0, 37).Select(static i => 3 * i)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryEpoch_VisitsEveryRowOnce(bool shuffle)
    {
        BatchPlan plan = new(Rows, new TrainingOptions { Shuffle = shuffle, BatchSize = 8, Epochs = 4 });
        Assert.Equal(5, plan.StepsPerEpoch);
        Assert.Equal(20, plan.Steps);
        int[][] epochs = [.. Enumerable.Range(0, 4).Select(plan.Epoch)];
        Assert.All(epochs, epoch => Assert.Equal(Rows, epoch.Order()));
        Assert.Equal(shuffle ? 4 : 1, epochs.Select(static epoch => string.Join(' ', epoch)).Distinct().Count());
    }

    [Fact]
    public void TheOrder_IsOfSeedAndEpochAlone()
    {
        BatchPlan plan = new(Rows, new TrainingOptions()), again = new(Rows, new TrainingOptions { BatchSize = 5, Epochs = 9 });
        BatchPlan other = new(Rows, new TrainingOptions { Seed = 1 });
        Assert.Equal(plan.Epoch(3), again.Epoch(3));
        Assert.NotEqual(plan.Epoch(3), other.Epoch(3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MostTokens_IsTheLongestBatchOfAnyEpoch(int seed)
    {
        Random random = new(seed);
        int[] lengths = [.. Enumerable.Range(0, 3 * Rows.Length).Select(_ => random.Next(2, 100))];
        TrainingOptions options = new() { BatchSize = 8, Epochs = 3, Seed = (ulong)seed };
        BatchPlan plan = new(Rows, options);
        int most = 0;
        for (int epoch = 0; epoch < 3; epoch++)
            for (int step = 0; step < plan.StepsPerEpoch; step++)
                most = Math.Max(most, plan.Epoch(epoch).Skip(step * 8).Take(8).Sum(row => lengths[row]));
        Assert.Equal(most, plan.MostTokens(lengths));
    }
}
