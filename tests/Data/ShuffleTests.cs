using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class ShuffleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1009)]
    public void Order_IsAPermutation(int count) => Assert.Equal(Enumerable.Range(0, count), Shuffle.Order(count, 42, 3).Order());

    [Fact]
    public void Order_IsAFunctionOfSeedAndEpoch()
    {
        int[] order = Shuffle.Order(100, 42, 0);
        Assert.Equal(order, Shuffle.Order(100, 42, 0));
        Assert.NotEqual(order, Shuffle.Order(100, 42, 1));
        Assert.NotEqual(order, Shuffle.Order(100, 43, 0));
        Assert.NotEqual(order, Shuffle.Order(100, 42ul + (1ul << 32), 0));      // the seed's high word counts
        Assert.NotEqual(order, Shuffle.SplitOrder(100, 42));                    // the split does not draw the first epoch's order
    }

    [Fact]
    public void Order_PutsEveryElementAnywhereEquallyOften()
    {
        // 24 permutations of 4, 24,000 draws: 1,000 each, and chi-squared with 23 degrees of freedom stays below 49.7 in 999 of 1,000 cases.
        Dictionary<string, int> counts = [];
        for (uint epoch = 0; epoch < 24_000; epoch++)
        {
            string order = string.Join(' ', Shuffle.Order(4, 1, epoch));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(n => (n - 1000.0) * (n - 1000.0) / 1000.0), 0, 49.7);
    }
}
