using System.Net;
using System.Text.RegularExpressions;

namespace SmilesBert.Hub;

/// <summary>A good answer of the hub or of its storage, its body still to be read.</summary>
internal sealed partial class HubAnswer : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly Stream body;
    private readonly Uri address;
    private readonly TimeSpan silence;

    private HubAnswer(HttpResponseMessage response, Stream body, Uri address, TimeSpan silence)
    {
        this.response = response;
        this.body = body;
        this.address = address;
        this.silence = silence;
    }

    /// <summary>The server has no bytes from the one asked for on.</summary>
    public bool IsPastTheEnd => response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable;

    /// <summary>
    /// The file's byte that the body begins with: 0 where the server pays no heed to ranges, null where it does not say. The range counts
    /// whatever the status, since some mirrors answer 200 with the part that was asked for.
    /// </summary>
    public long? From => response.Content.Headers.ContentRange is { } range ? range.From
        : response.StatusCode == HttpStatusCode.PartialContent ? null : 0;

    /// <summary>The whole file's bytes by the answer's headers; null where they do not say.</summary>
    public long? FileBytes => response.Content.Headers.ContentRange is { } range ? range.Length : response.Content.Headers.ContentLength;

    /// <summary>Where the next page of a listing is.</summary>
    public Uri? Next
    {
        get
        {
            string links = response.Headers.TryGetValues("Link", out IEnumerable<string>? values) ? string.Join(',', values) : "";
            return NextPage().Match(links) is { Success: true } link && Uri.TryCreate(address, link.Groups[1].Value, out Uri? next) ? next : null;
        }
    }

    public static async Task<HubAnswer> OpenAsync(HttpResponseMessage response, Uri address, TimeSpan silence, CancellationToken stop) =>
        new(response, await response.Content.ReadAsStreamAsync(stop), address, silence);

    /// <summary>Reads what there is of the body; 0 at its end.</summary>
    /// <exception cref="HubFault">The connection broke, or was silent for too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(silence);
        try
        {
            return await body.ReadAsync(into, patience.Token);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new HubFault($"{address.Authority} has sent nothing for {silence.TotalSeconds} s", cause: error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new HubFault($"the connection to {address.Authority} broke", cause: error);
        }
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }

    [GeneratedRegex("<([^<>]+)>\\s*;\\s*rel=\"?next\"?")]
    private static partial Regex NextPage();
}
