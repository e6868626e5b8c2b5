using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

public sealed class TargetCellTests
{
    [Theory]
    [InlineData(" NA ")]
    [InlineData("N/A")]
    [InlineData("n/a")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("NULL")]
    [InlineData("null")]
    [InlineData("\\N")]
    [InlineData(" \t")]
    [InlineData("")]
    public void Read_OfWhatExportsWriteForNothing_IsNull(string field) => Assert.Null(TargetCell.Read(field));

    [Fact]
    public void Read_OfAnythingElse_IsTrimmed() => Assert.Equal("Na", TargetCell.Read(" Na "));

    [Theory]
    [InlineData("0", true, 0f)]
    [InlineData("1.0", true, 1f)]
    [InlineData("2", false, 0f)]
    [InlineData("-1", false, 0f)]
    [InlineData("0.5", false, 0f)]
    [InlineData("yes", false, 0f)]
    public void TryFlag_TakesZeroAndOne(string cell, bool isFlag, float value)
    {
        Assert.Equal(isFlag, TargetCell.TryFlag(cell, out float read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("3.4e38", true)]
    [InlineData("3.5e38", false)]               // past what a float holds
    [InlineData("1,000", false)]
    [InlineData("0x10", false)]
    [InlineData("Infinity", false)]
    [InlineData("NaN", false)]
    public void TryNumber_TakesFiniteFloats(string cell, bool isNumber) => Assert.Equal(isNumber, TargetCell.TryNumber(cell, out _));

    [Theory]
    [InlineData("12", true, 12L)]
    [InlineData("-3.0", true, -3L)]
    [InlineData("1e15", true, 1_000_000_000_000_000L)]
    [InlineData("-1e15", true, -1_000_000_000_000_000L)]
    [InlineData("1e16", false, 0L)]             // past what a double counts one by one
    [InlineData("-1e16", false, 0L)]
    [InlineData("1.5", false, 0L)]
    [InlineData("1e999", false, 0L)]
    public void TryInteger_TakesWholeNumbersThatAreExact(string cell, bool whole, long value)
    {
        Assert.Equal(whole, TargetCell.TryInteger(cell, out long read));
        Assert.Equal(value, read);
    }
}
