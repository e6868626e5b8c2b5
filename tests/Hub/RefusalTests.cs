using System.Net;
using System.Net.Sockets;
using SmilesBert.Hub;

namespace SmilesBert.Tests.Hub;

/// <summary>Answers of the hub that are no files: one sentence each, and what may pass is tried again.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string Revision = "/api/models/lab/tiny/revision/main", Tree = "/api/models/lab/tiny/tree", Resolve = "/lab/tiny/resolve/";

    private readonly HubCase hub = new();

    public void Dispose() => hub.Dispose();

    // As the hub answers: 401 for what is not there, so that nobody finds out what is private.
    [Theory]
    [InlineData(401, "RepoNotFound")]
    [InlineData(404, "RepoNotFound")]
    [InlineData(401, null)]
    [InlineData(404, null)]
    public async Task UnknownRepository(int status, string? code)
    {
        hub.Hub.Answer(Revision, HubReply.Error(status, code));
        await hub.RefusedAsync("has no model lab/tiny, or it is private (HF_TOKEN is not set)");
        hub.Token = "hf_secret";
        hub.Hub.Answer(Revision, HubReply.Error(status, code));
        Assert.DoesNotContain("hf_secret", await hub.RefusedAsync("HF_TOKEN's account may not read it"));
        Assert.Equal(2, hub.Hub.Requests.Count);
        Assert.False(Directory.Exists(hub.Output));
    }

    [Fact]
    public async Task UnknownRevision()
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() => hub.DownloadAsync("lab/tiny@refs/pr/9"));
        Assert.Contains("lab/tiny at 127.0.0.1", error.Message);
        Assert.Contains("has no revision 'refs/pr/9'", error.Message);
        Assert.EndsWith("/revision/refs%2Fpr%2F9", Assert.Single(hub.Hub.Requests).Path);
    }

    [Fact]
    public async Task BadToken()
    {
        hub.Token = "hf_secret";
        hub.Hub.Answer(Revision, HubReply.Text(401, "", ("X-Error-Message", "Invalid credentials in Authorization header")));
        Assert.DoesNotContain("hf_secret", await hub.RefusedAsync("does not know the token in HF_TOKEN"));
    }

    // The listing of a gated model can be read by anybody, its files cannot.
    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task GatedRepository(int status)
    {
        hub.Hub.Answer(Resolve, HubReply.Error(status, "GatedRepo"));
        await hub.RefusedAsync("lab/tiny is gated: its terms are to be accepted at http://127.0.0.1", "/lab/tiny (HF_TOKEN is not set)");
    }

    [Fact]
    public async Task DisabledRepository()
    {
        hub.Hub.Answer(Revision, HubReply.Text(403, "", ("X-Error-Message", "Access to this resource is disabled.")));
        await hub.RefusedAsync("has disabled access to lab/tiny");
    }

    [Fact]
    public async Task OtherAnswer_IsSaidAsItIs()
    {
        hub.Hub.Answer(Revision, HubReply.Text(451, "", ("X-Error-Message", "not \u001b[31mhere")));
        await hub.RefusedAsync("answers 451 Said so");
        hub.Hub.Answer(Resolve, HubReply.Error(404, "EntryNotFound"));
        await hub.RefusedAsync("has no config.json any more");
        hub.Hub.Answer(Resolve, HubReply.Error(403));
        await hub.RefusedAsync("refuses config.json of lab/tiny (HF_TOKEN is not set)");
    }

    [Theory]
    [InlineData(Revision)]
    [InlineData(Tree)]
    [InlineData(Resolve)]
    [InlineData("/content/model.safetensors")]
    public async Task ServerError_IsTriedAgain(string path)
    {
        hub.Hub.Answer(path, HubReply.Error(500), HubReply.Error(503), HubReply.Error(502), HubReply.Error(504));
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(4, hub.Warnings.Count);
        Assert.Contains("answers 500 Said so; trying again in 1 s (attempt 2 of 5)", hub.Warnings[0]);
    }

    [Fact]
    public async Task ServerErrorWithoutEnd_IsGivenUp()
    {
        hub.Hub.Answer(Tree, [.. Enumerable.Repeat(HubReply.Error(503), 9)]);
        await hub.RefusedAsync("the listing of files", "answers 503 Said so; gave up after 5 attempts");
        Assert.Equal(5, hub.Hub.Requests.Count(static request => request.Path.StartsWith(Tree, StringComparison.Ordinal)));
        Assert.False(Directory.Exists(hub.Output));
    }

    [Theory]
    [InlineData("Retry-After", "1")]
    [InlineData("RateLimit", "\"resolvers\";r=0;t=1")]
    public async Task TooManyRequests_WaitsAsAsked(string header, string value)
    {
        hub.Hub.Answer(Resolve, HubReply.Text(429, "", (header, value)));
        DownloadResult result = await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.True(result.Seconds >= 1);
        Assert.Contains("answers 429", Assert.Single(hub.Warnings));
    }

    [Fact]
    public async Task TooManyRequests_WaitsOnlyForAWhile()
    {
        hub.Hub.Answer(Resolve, HubReply.Text(429, "", ("Retry-After", "86400")));
        await hub.RefusedAsync("answers 429", "asks to wait 86400 s");
    }

    // The addresses that the hub gives for its storage hold for a while only.
    [Fact]
    public async Task StorageThatRefuses_IsAskedForANewAddress()
    {
        using HubServer storage = new();
        storage.Files[HubCase.Weights] = hub.Hub.Files[HubCase.Weights];
        storage.Answer("/content/", HubReply.Error(403));
        hub.Hub.Storage = storage.Address;
        await hub.DownloadAsync();
        hub.HoldsExactly(HubCase.Wanted);
        Assert.Equal(2, hub.Hub.Requests.Count(static request => request.Path.EndsWith("/model.safetensors", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RenamedRepository_IsFollowed()
    {
        hub.Hub.Answer("/api/models/lab/old/revision", HubReply.Text(307, "", ("Location", Revision)));
        hub.Hub.Answer("/api/models/lab/old/tree", HubReply.Text(307, "", ("Location", $"{Tree}/{hub.Hub.Commit}")));
        foreach (string name in HubCase.Wanted)
            hub.Hub.Answer($"/lab/old/resolve/{hub.Hub.Commit}/{name}", HubReply.Text(307, "", ("Location", $"{Resolve}{hub.Hub.Commit}/{name}")));
        await hub.DownloadAsync("lab/old");
        hub.HoldsExactly(HubCase.Wanted);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/x", "redirects from http to ftp")]
    [InlineData("file:///etc/passwd", "redirects from http to file")]
    [InlineData(null, "redirects without saying where to")]
    [InlineData(Revision, "redirects more than 10 times")]
    public async Task BadRedirect(string? target, string part)
    {
        HubReply reply = HubReply.Text(302, "", target is null ? [] : [("Location", target)]);
        hub.Hub.Answer(Revision, [.. Enumerable.Repeat(reply, 20)]);
        await hub.RefusedAsync("the revision's commit", part);
    }

    [Theory]
    [InlineData("<html>Sign in to this network</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"sha":7}""")]
    [InlineData("""{"sha":"main"}""")]
    [InlineData("""{"id":"lab/tiny"}""")]
    public async Task NoHub_OfTheRevision(string text)
    {
        hub.Hub.Answer(Revision, HubReply.Text(200, text));
        await hub.RefusedAsync("does not answer as a HuggingFace hub does");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[7]")]
    [InlineData("""[{"type":"file"}]""")]
    [InlineData("""[{"type":"file","path":null,"size":1,"oid":"cccccccccccccccccccccccccccccccccccccccc"}]""")]
    [InlineData("""[{"type":"file","path":"config.json","size":-1,"oid":"cccccccccccccccccccccccccccccccccccccccc"}]""")]
    [InlineData("""[{"type":"file","path":"config.json","size":1e99,"oid":"cccccccccccccccccccccccccccccccccccccccc"}]""")]
    [InlineData("""[{"type":"file","path":"config.json","size":1,"oid":"../../../../../../../../../../../tmp/evil"}]""")]
    [InlineData("""[{"type":"file","path":"config.json","size":1,"oid":"c","lfs":{"size":1,"oid":"c"}}]""")]
    public async Task NoHub_OfTheListing(string text)
    {
        hub.Hub.Answer(Tree, HubReply.Text(200, text));
        await hub.RefusedAsync("does not answer as a HuggingFace hub does");
        Assert.False(Directory.Exists(hub.Output));
    }

    [Fact]
    public async Task ListingWithoutEnd_IsRefused()
    {
        hub.Hub.Answer(Tree, [.. Enumerable.Repeat(HubReply.Text(200, "[]", ("Link", $"<{Tree}/{hub.Hub.Commit}?cursor=1>; rel=\"next\"")), 200)]);
        await hub.RefusedAsync("a listing of more than 100 pages");
    }

    [Fact]
    public async Task NoNetwork_IsSaidAtOnce()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}");
        closed.Stop();
        await Refuses(address, "cannot be reached", "is there a network?");
        await Refuses(new Uri("http://no-such-host.invalid"), "no-such-host.invalid cannot be", "is there a network?");
        Assert.Empty(hub.Warnings);

        async Task Refuses(Uri endpoint, params string[] parts)
        {
            ModelDownload download = new(HubReference.Parse("lab/tiny"), hub.Output, hub.Options(endpoint), hub);
            InputException error = await Assert.ThrowsAsync<InputException>(() => download.RunAsync(TestContext.Current.CancellationToken));
            Assert.All(parts, part => Assert.Contains(part, error.Message));
        }
    }
}
