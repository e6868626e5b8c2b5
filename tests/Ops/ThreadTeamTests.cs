using SmilesBert.Ops.Cpu;

namespace SmilesBert.Tests.Ops;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1, 7, 3)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 1000, 7)]
    [InlineData(5, 64, 1)]
    public void For_DoesEveryItemOnce(int threads, int items, int grain)
    {
        using ThreadTeam team = new(threads);
        for (int round = 0; round < 200; round++)
        {
            int[] counts = new int[items];
            team.For(items, grain, counts, static (counts, from, to) => { for (int i = from; i < to; i++) Interlocked.Increment(ref counts[i]); });
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void For_TakesTurnsBetweenJobsOfDifferentKindsAndAfterSleep()
    {
        using ThreadTeam team = new(3);
        long[] total = [0];
        for (int round = 1; round <= 2000; round++)
        {
            team.For(10, 1, (total, round), static (args, from, to) => Interlocked.Add(ref args.total[0], args.round * (to - from)));
            team.For(6, 2, total, static (total, from, to) => Interlocked.Add(ref total[0], from - to));
            if (round % 500 == 0) Thread.Sleep(20);
        }
        Assert.Equal(10L * 2000 * 2001 / 2 - 6 * 2000, total[0]);
    }

    [Fact]
    public void For_ReportsAFailureOfAnyThreadAndGoesOn()
    {
        using ThreadTeam team = new(2);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            team.For(100, 1, 0, static (_, from, _) => { if (from == 50) throw new FormatException("at 50"); }));
        Assert.Equal("at 50", error.Message);
        team.For(100, 1, 0, static (_, _, _) => { });
    }
}
