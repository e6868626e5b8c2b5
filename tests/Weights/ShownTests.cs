using SmilesBert.Weights;

namespace SmilesBert.Tests.Weights;

/// <summary>Names and shapes from files, as messages quote them.</summary>
public sealed class ShownTests
{
    [Fact]
    public void Text_IsQuoted_CutAt120_AndHasNothingThatSteersATerminal()
    {
        string longest = new('x', 120);
        Assert.Equal($"'{longest}'", Shown.Text(longest));
        Assert.Equal($"'{longest}...'", Shown.Text(longest + "y"));
        Assert.Equal("''", Shown.Text(""));
        Assert.Equal("'a\uFFFD[2J\uFFFDµ\U0001F9EA'", Shown.Text("a\u001b[2J\nµ\U0001F9EA"));
        Assert.Equal("'a\uFFFDb'", Shown.Text("a\ud800b"));
    }

    [Fact]
    public void Shape_IsCutAtEightSizes()
    {
        Assert.Equal("()", Shown.Shape<long>([]));
        Assert.Equal("(591, 128)", Shown.Shape<int>([591, 128]));
        Assert.Equal("(1, 2, 3, 4, 5, 6, 7, 8)", Shown.Shape<int>([1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Equal("(1, 2, 3, 4, 5, 6, 7, 8, ...)", Shown.Shape<int>([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }
}
