using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SmilesBert.Tests.Hub;

/// <summary>
/// A small server that speaks the hub's paths for one model, written from its public behaviour: a revision's commit, the listing of a commit,
/// files by redirect (large ones to a storage with X-Linked headers, small ones within the hub), ranges, X-Error-Code. Any answer can be
/// replaced by a wrong one.
/// </summary>
internal sealed class HubServer : IDisposable
{
    public const string Model = "lab/tiny";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<HubReply>> scripts = [];

    public HubServer()
    {
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        Storage = Address;
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Where large files are redirected to.</summary>
    public Uri Storage { get; set; }

    /// <summary>The commit that main is.</summary>
    public string Commit { get; set; } = new('a', 40);

    public ConcurrentDictionary<string, byte[]> Files { get; } = [];

    /// <summary>Which files LFS holds.</summary>
    public HashSet<string> Large { get; } = ["model.safetensors", "pytorch_model.bin"];

    public bool IgnoresRanges { get; set; }

    public int FilesPerPage { get; set; } = int.MaxValue;

    /// <summary>Entries of the listing beside those of the files.</summary>
    public List<JsonObject> MoreEntries { get; } = [];

    public ConcurrentQueue<HubRequest> Requests { get; } = [];

    /// <summary>Requests for a file's content, whichever server's.</summary>
    public IEnumerable<HubRequest> Contents(string file) =>
        Requests.Where(request => request.Path.StartsWith($"/content/{file}?", StringComparison.Ordinal));

    /// <summary>Gives these answers, in turn, to the next requests whose path begins so; null is the right answer.</summary>
    public void Answer(string path, params HubReply[] replies) => scripts[path] = new ConcurrentQueue<HubReply>(replies);

    /// <summary>The answer that a file's content has from a byte on, to be sent wrongly.</summary>
    public HubReply Content(string file, int from = 0) => Part(Files[file], from == 0 ? null : $"bytes={from}-");

    public static string Sha256Of(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string GitNameOf(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
        ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(ended.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                if (await ReadAsync(stream) is not { } request) return;
                Requests.Enqueue(request);
                HubReply? scripted = null;
                foreach ((string path, ConcurrentQueue<HubReply> replies) in scripts)
                    if (scripted is null && request.Path.StartsWith(path, StringComparison.Ordinal)) replies.TryDequeue(out scripted);
                await SendAsync(client, stream, scripted ?? Right(request));
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, as some tests want.
            }
        }
    }

    private static async Task<HubRequest?> ReadAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        if (await reader.ReadLineAsync() is not { } first) return null;
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return new HubRequest(first.Split(' ')[1], headers);
    }

    private async Task SendAsync(TcpClient client, NetworkStream stream, HubReply reply)
    {
        StringBuilder head = new($"HTTP/1.1 {reply.Status} Said so\r\nConnection: close\r\n");
        foreach ((string name, string value) in reply.Headers) head.Append($"{name}: {value}\r\n");
        if (!reply.HidesLength) head.Append($"Content-Length: {reply.Body.Length}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), ended.Token);
        byte[] body = reply.Body[..(reply.CutAfter ?? reply.StallAfter ?? reply.Body.Length)];
        if (reply.Drip is { } pause)
        {
            client.NoDelay = true;
            for (int i = 0; i < body.Length; i++)
            {
                await Task.Delay(pause, ended.Token);
                await stream.WriteAsync(body.AsMemory(i, 1), ended.Token);
            }
        }
        else await stream.WriteAsync(body, ended.Token);
        if (reply.StallAfter is not null) await Task.Delay(Timeout.Infinite, ended.Token);
        while (reply.IsEndless) await stream.WriteAsync(new byte[1 << 16], ended.Token);
    }

    private HubReply Right(HubRequest request)
    {
        string path = request.Path.Split('?')[0];
        string api = $"/api/models/{Model}/", resolve = $"/{Model}/resolve/{Commit}/";
        if (path == $"{api}revision/main" || path == $"{api}revision/{Commit}")
            return HubReply.Text(200, new JsonObject { ["id"] = Model, ["sha"] = Commit, ["private"] = false }.ToJsonString());
        if (path.StartsWith($"{api}revision/", StringComparison.Ordinal)) return HubReply.Error(404, "RevisionNotFound");
        if (path == $"{api}tree/{Commit}") return Listing(request);
        if (path.StartsWith("/api/models/", StringComparison.Ordinal)) return HubReply.Error(401, "RepoNotFound");
        if (path.StartsWith(resolve, StringComparison.Ordinal) && Files.TryGetValue(path[resolve.Length..], out byte[]? content))
            return Redirect(path[resolve.Length..], content);
        if (path.StartsWith("/content/", StringComparison.Ordinal))
            return Part(Files[path["/content/".Length..]], IgnoresRanges ? null : request.Range);
        return HubReply.Error(404, "EntryNotFound");
    }

    private HubReply Redirect(string name, byte[] content) => Large.Contains(name)
        ? HubReply.Text(
            302, "Found. Redirecting", ("Location", $"{Storage.AbsoluteUri}content/{name}?Signature=x"), ("X-Repo-Commit", Commit),
            ("X-Linked-Size", $"{content.Length}"), ("X-Linked-ETag", $"\"{Sha256Of(content)}\""), ("Accept-Ranges", "bytes"))
        : HubReply.Text(307, "Temporary Redirect", ("Location", $"/content/{name}?etag={GitNameOf(content)}"), ("X-Repo-Commit", Commit));

    private static HubReply Part(byte[] content, string? wanted)
    {
        (string, string) name = ("ETag", $"\"{GitNameOf(content)}\"");
        if (wanted is null) return new HubReply(200, content, name, ("Accept-Ranges", "bytes"));
        RangeItemHeaderValue range = RangeHeaderValue.Parse(wanted).Ranges.Single();
        int from = (int)range.From!.Value, to = (int)Math.Min(range.To ?? int.MaxValue, content.Length - 1);
        return from >= content.Length ? new HubReply(416, [], ("Content-Range", $"bytes */{content.Length}"))
            : new HubReply(206, content[from..(to + 1)], name, ("Content-Range", $"bytes {from}-{to}/{content.Length}"));
    }

    private HubReply Listing(HubRequest request)
    {
        int first = request.Path.Contains("cursor=", StringComparison.Ordinal) ? int.Parse(request.Path[(request.Path.LastIndexOf('=') + 1)..]) : 0;
        JsonObject[] entries =
        [
            new JsonObject { ["type"] = "directory", ["oid"] = new string('d', 40), ["size"] = 0, ["path"] = "onnx" },
            .. Files.OrderBy(static file => file.Key, StringComparer.Ordinal).Select(file => Entry(file.Key, file.Value)),
            .. MoreEntries.Select(static entry => (JsonObject)entry.DeepClone()),
        ];
        JsonArray page = [.. entries.Skip(first).Take(FilesPerPage)];
        int next = first + page.Count;
        return HubReply.Text(
            200, page.ToJsonString(),
            next < entries.Length ? [("Link", $"<{Address.AbsoluteUri}api/models/{Model}/tree/{Commit}?cursor={next}>; rel=\"next\"")] : []);
    }

    private JsonObject Entry(string name, byte[] content)
    {
        JsonObject entry = new() { ["type"] = "file", ["oid"] = GitNameOf(content), ["size"] = content.Length, ["path"] = name };
        // For a large file the oid is that of a small text that stands for it in git.
        if (Large.Contains(name))
        {
            entry["oid"] = new string('e', 40);
            entry["lfs"] = new JsonObject { ["oid"] = Sha256Of(content), ["size"] = content.Length, ["pointerSize"] = 134 };
        }
        return entry;
    }
}
