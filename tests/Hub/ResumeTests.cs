using SmilesBert.Hub;

namespace SmilesBert.Tests.Hub;

/// <summary>Connections that break, stall, drip or lie, within a download and between two.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Content = "/content/" + HubCase.Weights;
    private const int Some = 30_000;

    private readonly HubCase hub = new();

    private byte[] Weights => hub.Hub.Files[HubCase.Weights];

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task CutMidFile_GoesOnWhereItWas()
    {
        hub.Hub.Answer(
            Content, hub.Hub.Content(HubCase.Weights) with { CutAfter = Some }, hub.Hub.Content(HubCase.Weights, Some) with { CutAfter = 1 });
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal([null, $"bytes={Some}-", $"bytes={Some + 1}-"], hub.Hub.Contents(HubCase.Weights).Select(static request => request.Range));
        Assert.Equal(result.TotalBytes, result.ReceivedBytes);
        Assert.Equal(2, hub.Warnings.Count);
        Assert.All(hub.Warnings, static warning => Assert.Contains("model.safetensors: the connection", warning));
        Assert.Contains("attempt 3 of 5", hub.Warnings[1]);
    }

    [Fact]
    public async Task CutEachTime_GivesUpAndKeepsWhatCame()
    {
        hub.Hub.Answer(Content, [.. Enumerable.Range(0, 5).Select(i => hub.Hub.Content(HubCase.Weights, i * 10) with { CutAfter = 10 })]);
        await hub.RefusedAsync("model.safetensors", "gave up after 5 attempts");
        Assert.Equal(Weights[..50], File.ReadAllBytes(hub.PartOfWeights));
        Assert.False(File.Exists(Path.Combine(hub.Output, HubCase.Weights)));

        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal("bytes=50-", hub.Hub.Contents(HubCase.Weights).Last().Range);
    }

    [Fact]
    public async Task Stopped_IsGoneOnWithInTheNextSession()
    {
        using CancellationTokenSource stop = new();
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights) with { StallAfter = Some });
        hub.OnReceived = progress =>
        {
            if (progress.File == HubCase.Weights && new FileInfo(hub.PartOfWeights).Length == Some) stop.Cancel();
        };
        hub.Stop = stop.Token;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.DownloadAsync());
        Assert.Equal(Weights[..Some], File.ReadAllBytes(hub.PartOfWeights));

        hub.Stop = TestContext.Current.CancellationToken;
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(Weights.Length - Some, result.ReceivedBytes);
        Assert.Equal($"bytes={Some}-", hub.Hub.Contents(HubCase.Weights).Last().Range);
    }

    [Fact]
    public async Task WholeButNotRenamed_IsNotAskedForAgain()
    {
        Leave(Weights);
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Empty(hub.Hub.Contents(HubCase.Weights));
    }

    [Fact]
    public async Task DamagedPart_IsBegunAgain()
    {
        Leave(new byte[Some]);
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal([$"bytes={Some}-", null], hub.Hub.Contents(HubCase.Weights).Select(static request => request.Range));
        Assert.Contains("damaged", Assert.Single(hub.Warnings));
    }

    [Fact]
    public async Task PartThatIsTooLong_IsBegunAgain()
    {
        Leave([.. Weights, 0]);
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
    }

    [Fact]
    public async Task PartOfAnotherContent_IsRefused()
    {
        Leave(Weights[..Some]);
        hub.Hub.Files[HubCase.Weights] = [.. Weights, 0];
        await hub.RefusedAsync(".part is not of lab/tiny");
    }

    [Fact]
    public async Task RangeIgnored_BeginsAgain()
    {
        Leave(Weights[..Some]);
        hub.Hub.IgnoresRanges = true;
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(result.TotalBytes, result.ReceivedBytes);
    }

    [Fact]
    public async Task RangeHeededWithStatus200_IsGoneOnWith()
    {
        Leave(Weights[..Some]);
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights, Some) with { Status = 200 });
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(result.TotalBytes - Some, result.ReceivedBytes);
    }

    [Fact]
    public async Task RangeRefused_BeginsAgain()
    {
        Leave(Weights[..Some]);
        hub.Hub.Answer(Content, new HubReply(416, [], ("Content-Range", "bytes */5")));
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
    }

    [Fact]
    public async Task OtherRange_IsRefused()
    {
        Leave(Weights[..Some]);
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights, Some + 1));
        await hub.RefusedAsync("model.safetensors", $"other bytes than those from {Some} on");
    }

    [Fact]
    public async Task PartWithoutARange_IsRefused()
    {
        Leave(Weights[..Some]);
        hub.Hub.Answer(Content, new HubReply(206, Weights[Some..]));
        await hub.RefusedAsync("model.safetensors", $"other bytes than those from {Some} on");
    }

    [Fact]
    public async Task Stall_IsABrokenConnection()
    {
        hub.Silence = TimeSpan.FromSeconds(1);
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights) with { StallAfter = Some });
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Contains("has sent nothing for 1 s", Assert.Single(hub.Warnings));
        Assert.Equal($"bytes={Some}-", hub.Hub.Contents(HubCase.Weights).Last().Range);
    }

    [Fact]
    public async Task SlowDrip_IsNoStall()
    {
        hub.Silence = TimeSpan.FromSeconds(2);
        int bytes = hub.Hub.Files[HubCase.Vocabulary].Length;
        hub.Hub.Answer("/content/" + HubCase.Vocabulary, hub.Hub.Content(HubCase.Vocabulary) with { Drip = TimeSpan.FromSeconds(3) / bytes });
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Empty(hub.Warnings);
        Assert.True(result.Seconds > hub.Silence.TotalSeconds);
    }

    [Fact]
    public async Task NoLength_IsNoFault()
    {
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights) with { HidesLength = true });
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Empty(hub.Warnings);
    }

    [Fact]
    public async Task NoLengthAndCut_GoesOn()
    {
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights) with { HidesLength = true, CutAfter = Some });
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Contains($"ended at {Some} of {Weights.Length} bytes", Assert.Single(hub.Warnings));
    }

    [Fact]
    public async Task EndlessBody_IsRefusedAtTheStatedSize()
    {
        hub.Hub.Answer(Content, hub.Hub.Content(HubCase.Weights) with { HidesLength = true, IsEndless = true });
        await hub.RefusedAsync("model.safetensors", $"more than the {Weights.Length} bytes");
        Assert.Equal([HubCase.Config, HubCase.Vocabulary], Names());
    }

    [Fact]
    public async Task EndlessDocument_IsRefused()
    {
        hub.Hub.Answer("/api/models/lab/tiny/revision", HubReply.Text(200, "[") with { HidesLength = true, IsEndless = true });
        await hub.RefusedAsync("does not answer as a HuggingFace hub does", "bytes");
        Assert.False(Directory.Exists(hub.Output));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task WrongSize_IsRefused(int more)
    {
        byte[] other = [.. Weights, 0];
        hub.Hub.Answer(Content, new HubReply(200, other[..(Weights.Length + more)]));
        await hub.RefusedAsync("model.safetensors", $"a file of {Weights.Length + more} bytes", $"states {Weights.Length}");
        Assert.Equal([HubCase.Config, HubCase.Vocabulary], Names());
    }

    [Theory]
    [InlineData(HubCase.Weights, "sha256")]
    [InlineData(HubCase.Vocabulary, "git_sha1")]
    public async Task WrongContent_IsRefusedAndNotKept(string file, string kind)
    {
        byte[] other = [.. hub.Hub.Files[file]];
        other[^1] ^= 1;
        hub.Hub.Answer("/content/" + file, new HubReply(200, other));
        await hub.RefusedAsync(file, kind, "it was not kept");
        Assert.DoesNotContain(Names(), name => name.Contains(file, StringComparison.Ordinal));
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
    }

    private void Leave(byte[] part)
    {
        Directory.CreateDirectory(hub.Output);
        File.WriteAllBytes(hub.PartOfWeights, part);
    }

    private IEnumerable<string> Names() => Directory.EnumerateFileSystemEntries(hub.Output).Select(static path => Path.GetFileName(path)).Order();
}
