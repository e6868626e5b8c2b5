using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SmilesBert.Hub;

/// <summary>
/// The hub over HTTP: requests about one model, their redirects and their second attempts. The token goes to the hub's own scheme, host
/// and port alone; the storage to which the hub redirects for large files has its permission in the address.
/// </summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostRedirects = 10, MostDocumentBytes = 64 << 20;

    // The hub counts requests over five minutes; who asks for more than a while is better asked again later.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    private readonly HttpClient http;
    private readonly HubOptions options;
    private readonly IDownloadLog log;
    private bool hasAnswered;

    public HubConnection(HubReference reference, HubOptions options, IDownloadLog log)
    {
        Reference = reference;
        this.options = options;
        this.log = log;
        // Redirects are followed here: HttpClient drops the token at each one, also where a private file is redirected within the hub.
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("smilesbert", typeof(HubConnection).Assembly.GetName().Version!.ToString(3)));
        // Sizes and ranges are those of the file, not of a compressed form of it.
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    public HubReference Reference { get; }

    /// <summary>The hub as messages name it.</summary>
    public string Host => options.Endpoint.Authority;

    /// <summary>An address of the hub.</summary>
    public Uri Address(string path) => new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>
    /// Makes attempts until one does not end in a <see cref="HubFault"/>, with a wait before each that doubles, or that the server asks for.
    /// </summary>
    /// <param name="what">What is tried, for messages.</param>
    /// <param name="attempt">One attempt.</param>
    /// <param name="hasProgressed">Whether a failed attempt brought something, so that the count of failures begins anew.</param>
    /// <param name="stop">Stops waiting.</param>
    /// <exception cref="InputException">As many attempts in a row failed as are allowed, or the server asks for too long a wait.</exception>
    public async Task TryAsync(string what, Func<Task> attempt, Func<bool> hasProgressed, CancellationToken stop)
    {
        for (int failed = 0; ;)
        {
            try
            {
                await attempt();
                return;
            }
            catch (HubFault fault)
            {
                failed = hasProgressed() ? 1 : failed + 1;
                if (failed >= options.Attempts) throw new InputException($"{what}: {fault.Message}; gave up after {failed} attempts", fault);
                TimeSpan pause = fault.Wait ?? options.FirstPause * (1 << (failed - 1));
                string seconds = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                if (pause > LongestWait) throw new InputException($"{what}: {fault.Message} and asks to wait {seconds} s; try again later", fault);
                log.Warning($"{what}: {fault.Message}; trying again in {seconds} s (attempt {failed + 1} of {options.Attempts})");
                await Task.Delay(pause, stop);
            }
        }
    }

    /// <summary>Reads a JSON document of the hub, and gives where the next part of it is.</summary>
    /// <exception cref="InputException">The hub refuses, cannot be reached, or answers with something else.</exception>
    public async Task<(JsonElement Root, Uri? Next)> ReadJsonAsync(Uri address, string what, CancellationToken stop)
    {
        MemoryStream document = new();
        Uri? next = null;
        await TryAsync(what, Receive, static () => false, stop);
        try
        {
            using JsonDocument json = JsonDocument.Parse(document.GetBuffer().AsMemory(0, (int)document.Length));
            return (json.RootElement.Clone(), next);
        }
        catch (JsonException error)
        {
            throw Strange($"no JSON where {what} was expected", error);
        }

        async Task Receive()
        {
            document.SetLength(0);
            using HubAnswer answer = await GetAsync(address, 0, what, stop);
            next = answer.Next;
            byte[] buffer = new byte[1 << 16];
            while (await answer.ReadAsync(buffer, stop) is > 0 and int count)
            {
                if (document.Length + count > MostDocumentBytes) throw Strange($"more than {MostDocumentBytes} bytes where {what} was expected");
                document.Write(buffer.AsSpan(0, count));
            }
        }
    }

    /// <summary>Asks for a document or file from a byte on: one attempt.</summary>
    /// <exception cref="HubFault">Another attempt may succeed.</exception>
    /// <exception cref="InputException">The hub refuses, or cannot be reached.</exception>
    public async Task<HubAnswer> GetAsync(Uri address, long from, string what, CancellationToken stop)
    {
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            HttpResponseMessage response = await SendAsync(address, from, stop);
            if (response.IsSuccessStatusCode || (from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable))
                return await HubAnswer.OpenAsync(response, address, options.Silence, stop);
            using (response)
            {
                if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                    throw new HubRefusal(Reference, options, IsHub(address)).Of(response, address.Authority, what);
                address = Target(response, address, what);
            }
        }
        throw new InputException($"{what}: {Host} redirects more than {MostRedirects} times");
    }

    /// <summary>The hub's answer is not a hub's answer.</summary>
    public InputException Strange(string found, Exception? cause = null)
    {
        string message = $"{Host} does not answer as a HuggingFace hub does: {found}";
        return cause is null ? new InputException(message) : new InputException(message, cause);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken stop)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        if (options.Token is { } token && IsHub(address)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Silence);
        try
        {
            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            hasAnswered = true;
            return response;
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new HubFault($"{address.Authority} has not answered for {options.Silence.TotalSeconds} s", cause: error);
        }
        catch (HttpRequestException error)
        {
            string reason = error.GetBaseException().Message.TrimEnd('.');
            string sentence = error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => $"{address.Host} cannot be found ({reason}); is there a network?",
                HttpRequestError.ConnectionError => $"{address.Authority} cannot be reached ({reason}); is there a network?",
                _ => $"the connection to {address.Authority} failed ({reason})",
            };
            // Until anything has answered there is likely no network at all; a certificate or proxy does not mend itself.
            bool isFinal = error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => !hasAnswered,
                HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => true,
                _ => false,
            };
            throw isFinal ? new InputException(sentence, error) : new HubFault(sentence, cause: error);
        }
    }

    private bool IsHub(Uri address) => Uri.Compare(
        address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri Target(HttpResponseMessage response, Uri from, string what)
    {
        if (response.Headers.Location is not { } location) throw new InputException($"{what}: {from.Authority} redirects without saying where to");
        Uri target = new(from, location);
        if (target.Scheme != from.Scheme && target.Scheme != Uri.UriSchemeHttps)
            throw new InputException($"{what}: {from.Authority} redirects from {from.Scheme} to {target.Scheme}, which is refused");
        return target;
    }
}
