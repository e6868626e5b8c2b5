using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class TargetCellTests
{
    [Theory]
    [InlineData("12", true, 12L)]
    [InlineData("-3.0", true, -3L)]
    [InlineData("1e15", true, 1_000_000_000_000_000L)]
    [InlineData("1e16", false, 0L)]             // past what a double counts one by one
    [InlineData("1.5", false, 0L)]
    [InlineData("1e999", false, 0L)]
    public void TryInteger_TakesWholeNumbersThatAreExact(string cell, bool whole, long value)
    {
        Assert.Equal(whole, TargetCell.TryInteger(cell, out long read));
        Assert.Equal(value, read);
    }
}
