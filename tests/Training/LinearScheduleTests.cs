using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>Against the formula of transformers' get_linear_schedule_with_warmup and its rule for shares (ceil of share times steps).</summary>
public sealed class LinearScheduleTests
{
    [Theory]
    [InlineData(0, 20, 0)]
    [InlineData(5, 20, 5)]
    [InlineData(0.1, 25, 3)]
    [InlineData(0.5, 7, 4)]
    [InlineData(1, 10, 1)]
    [InlineData(30, 10, 30)]
    [InlineData(0, 1, 0)]
    public void At_FollowsTheFormula(double warmup, int total, int warmupSteps)
    {
        const float Peak = 2e-5f;
        LinearSchedule schedule = new(Peak, warmup, total);
        for (int step = 0; step <= total; step++)
        {
            double factor = step < warmupSteps
                ? (double)step / Math.Max(1, warmupSteps)
                : Math.Max(0.0, (double)(total - step) / Math.Max(1, total - warmupSteps));
            Assert.Equal(Peak * factor, schedule.At(step), 1e-7 * Peak);
        }
    }
}
