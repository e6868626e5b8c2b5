namespace SmilesBert.Tests.Hostile;

/// <summary>What people see of a file that is refused: one line, whatever the file put into it.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("a\nb", "a\uFFFDb")]
    [InlineData("a\u001b[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\u2028b\u0085", "a\uFFFDb\uFFFD")]
    [InlineData("plain", "plain")]
    public void Message_IsOneLine(string message, string shown)
    {
        Assert.Equal(shown, new InputException(message).Message);
        Assert.Equal(shown, new InputException(message, new FormatException()).Message);
    }

    [Fact]
    public void Message_HasAnEnd() => Assert.Equal(10_003, new InputException(new string('x', 1_000_000)).Message.Length);
}
