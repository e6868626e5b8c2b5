namespace SmilesBert.Tests.Cli;

/// <summary>A command that has ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record Finished(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Ended well; gives itself back.</summary>
    public Finished Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}{Output}");
        RequirePlain();
        return this;
    }

    /// <summary>Failed with exactly one sentence on standard error, which holds all these parts.</summary>
    public void RefusedSaying(params string[] parts)
    {
        Assert.True(ExitCode == 1, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Equal("", Output);
        string sentence = Assert.Single(ErrorLines);
        Assert.StartsWith("error: ", sentence);
        RequireSentence(sentence, parts);
    }

    /// <summary>Failed; the last line on standard error is one sentence that holds all these parts.</summary>
    public void FailedSaying(params string[] parts)
    {
        Assert.True(ExitCode == 1, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Equal("", Output);
        Assert.StartsWith("error: ", ErrorLines[^1]);
        Assert.Equal(1, ErrorLines.Count(static line => line.StartsWith("error: ", StringComparison.Ordinal)));
        RequireSentence(ErrorLines[^1], parts);
    }

    /// <summary>Was called wrongly: said so on standard error, in lines that hold all these parts.</summary>
    public void WasUsageError(params string[] parts)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Equal("", Output);
        Assert.Contains("--help", ErrorLines[^1]);
        RequireSentence(Error, parts);
    }

    private void RequireSentence(string text, string[] parts)
    {
        foreach (string part in parts) Assert.Contains(part, text);
        RequirePlain();
    }

    // No stack trace, and nothing that only a terminal understands: standard error is a pipe here.
    private void RequirePlain()
    {
        Assert.DoesNotContain("   at ", Error);
        Assert.DoesNotContain("Exception", Error);
        Assert.DoesNotContain('\r', Error);
        Assert.DoesNotContain('\u001b', Error);
    }
}
